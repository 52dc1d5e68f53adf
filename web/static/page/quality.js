/** @file "How good is it?": the figures of the model's manifest, with their interval and their limits. */
import {make} from './elements.js';
import {percent, shadeOf} from './palette.js';

const LIMITS = [
  'Trained on small grey photographs, mostly posed: spontaneous, subtle expressions are harder.',
  'The training labels are noisy; people agree on them only about two times in three.',
  'There are no demographic labels in the data, so nobody can say how fair it is.',
];

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
    const number = make('p', 'headline', `${tenths(score.accuracy)}\u202f% `);
    number.append(make('small', '', `95 % interval ${low}–${high}`));
    const images = score.images.toLocaleString('en');
    const data = manifest.provenance?.dataset?.name;
    const figures = make('details', 'figures');
    figures.append(make('summary', '', 'The figures'), number, make('p', 'quality-note',
      `of ${images} faces of ${data ? `${data} ` : ''}${headline.set} get the right one of ` +
      `${manifest.contract.labels.length} expressions.${cleanNote(artifacts, headline)}` +
      engineNote(artifacts, headline, engine)), ...recalls(score, manifest.contract.labels));
    parts.push(make('p', 'lead', `Right for about ${Math.round(10 * score.accuracy)} of 10 faces that it never saw before.`), figures);
  } else {
    parts.push(make('p', 'quality-note', 'This model states no accuracy.'));
  }
  const limits = make('ul', 'limits');
  limits.append(...LIMITS.map((text) => make('li', '', text)));
  const card = make('p', 'quality-note');
  const link = make('a', '', 'The model card');
  link.href = cardUrl;
  card.append(link, ' has the rest.');
  parts.push(make('h3', '', 'Limits'), limits, card);
  panel.replaceChildren(...parts);
}

/**
 * The figure without the test images whose copies are in the training data.
 * @param {any} artifacts of the manifest's metrics
 * @param {{artifact: string, set: string}} headline
 */
function cleanNote(artifacts, headline) {
  const clean = artifacts[headline.artifact][`${headline.set} without leaked`];
  return clean ? ` Without the test images that also stand in its training data: ${tenths(clean.accuracy)}\u202f%.` : '';
}

/** @param {any} artifacts @param {{artifact: string, set: string}} headline @param {string} engine */
function engineNote(artifacts, headline, engine) {
  const other = engine === 'tfjs' ? artifacts.tfjs?.[headline.set] : null;
  return other && headline.artifact !== 'tfjs' ? ` On this engine: ${tenths(other.accuracy)}\u202f%.` : '';
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
    bar.append(make('span', 'bar-name', name), track, make('span', 'bar-value', percent(recall)));
    list.append(bar);
  }
  return [make('h3', '', 'Found of each expression, worst first'), list];
}

/** @param {number} share */
function tenths(share) {
  return (share * 100).toFixed(1);
}
