/** @file "How good is it?": the figures of the model's manifest, with their interval and their limits. */
import {make} from './elements.js';
import {percent, shadeOf} from './palette.js';
import {formatNumber, labelWord, t} from './words/words.js';

/** @type {import('./words/words.js').Key[]} */
const LIMITS = ['quality.limit.posed', 'quality.limit.noisy', 'quality.limit.fair'];

/**
 * Fills the panel.
 * @param {HTMLElement} panel
 * @param {any} manifest of the model that is loaded
 * @param {string} engine 'tfjs' or 'litert'
 * @param {string} cardUrl where the model card stands
 */
export function showQuality(panel, manifest, engine, cardUrl) {
  const {headline, artifacts} = manifest.metrics ?? {};
  const score = artifacts?.[headline?.artifact]?.[headline.set];
  const parts = [];
  if (score) {
    const [low, high] = score.interval.map(tenths);
    const {labels} = manifest.contract;
    const number = make('p', 'headline', `${percent(score.accuracy, 1)} `);
    number.append(make('small', '', t('quality.interval', {low, high})));
    const set = [manifest.provenance?.dataset?.name, headline.set].filter(Boolean).join(' ');
    const figures = make('details', 'figures');
    figures.append(make('summary', '', t('quality.figures')), number, make('p', 'quality-note',
      t('quality.faces', {images: score.images, set, labels: labels.length}) +
      cleanNote(artifacts, headline) + engineNote(artifacts, headline, engine)), ...recalls(score, labels));
    parts.push(make('p', 'lead', t('quality.lead', {count: Math.round(10 * score.accuracy)})), figures);
  } else {
    parts.push(make('p', 'quality-note', t('quality.none')));
  }
  const limits = make('ul', 'limits');
  limits.append(...weakest(score), ...LIMITS.map((key) => make('li', '', t(key))));
  const card = make('p', 'quality-note');
  const link = make('a', '', t('quality.card.link'));
  link.href = cardUrl;
  const [before, after] = t('quality.card').split('{link}');
  card.append(before, link, after);
  parts.push(make('h3', '', t('quality.limits')), limits, card);
  panel.replaceChildren(...parts);
}

/** What it finds least often, where it is stated. @param {any} score */
function weakest(score) {
  const stated = (Array.isArray(score?.per_class) ? score.per_class : []).filter((/** @type {any} */ {recall}) => typeof recall === 'number');
  if (stated.length < 2) return [];
  const {name, recall} = stated.reduce((/** @type {any} */ least, /** @type {any} */ one) => (one.recall < least.recall ? one : least));
  return [make('li', '', t('quality.weakest', {label: labelWord(name), share: percent(recall)}))];
}

/**
 * The figure without the test images whose copies are in the training data.
 * @param {any} artifacts of the manifest's metrics
 * @param {{artifact: string, set: string}} headline
 */
function cleanNote(artifacts, headline) {
  const clean = artifacts[headline.artifact][`${headline.set} without leaked`];
  return clean ? t('quality.clean', {share: percent(clean.accuracy, 1)}) : '';
}

/** @param {any} artifacts @param {{artifact: string, set: string}} headline @param {string} engine */
function engineNote(artifacts, headline, engine) {
  const other = engine === 'tfjs' ? artifacts.tfjs?.[headline.set] : null;
  return other && headline.artifact !== 'tfjs' ? t('quality.engine', {share: percent(other.accuracy, 1)}) : '';
}

/**
 * @param {{per_class?: {name: string, recall: number | null}[]}} score
 * @param {string[]} labels
 */
function recalls(score, labels) {
  const stated = Array.isArray(score.per_class) ? score.per_class : [];
  const known = stated.flatMap(({name, recall}) => typeof recall === 'number' ? [{name, recall}] : []);
  if (known.length === 0) return [];
  const list = make('ul', 'bars');
  if (labels.length > 12) list.tabIndex = 0;
  for (const {name, recall} of known.sort((one, other) => one.recall - other.recall)) {
    const bar = make('li', 'bar');
    bar.style.setProperty('--shade', shadeOf(labels.indexOf(name)));
    const fill = make('span', 'bar-fill');
    fill.style.setProperty('--share', String(recall));
    const track = make('span', 'bar-track');
    track.append(fill);
    bar.append(make('span', 'bar-name', labelWord(name)), track, make('span', 'bar-value', percent(recall)));
    list.append(bar);
  }
  return [make('h3', '', t('quality.found')), list];
}

/** @param {number} share */
function tenths(share) {
  return formatNumber(share * 100, {minimumFractionDigits: 1, maximumFractionDigits: 1});
}
