/** @file Whether models and their two opinions agree about a face, marked and in a sentence. */
import {percent} from '../palette.js';
import {labelWord, t} from '../words/words.js';

/** @typedef {{label: string, share: number}} Said a head's first choice, and its probability 0..1 */
/** @typedef {{name: string, labels?: Said, votes?: Said, both: Said}} Opinion of a model; one of the heads may be missing */

const ALIKE = 0.1; // of a probability: a head that is surer by less is not said to be

/**
 * The class that is said most often; of several, that which is said most surely.
 * @param {Opinion[]} opinions at least one
 */
export function commonOf(opinions) {
  /** @type {Map<string, number>} */
  const weights = new Map();
  for (const {labels, votes, both} of opinions) {
    for (const said of [labels, votes, both]) {
      if (said) weights.set(said.label, (weights.get(said.label) ?? 0) + 1 + said.share / 1000);
    }
  }
  return [...weights].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

/**
 * What a comparison comes to, in words for people.
 * @param {Opinion[]} opinions at least one
 */
export function sentenceOf(opinions) {
  return [modelsSay(opinions), headsSay(opinions)].filter(Boolean).join(' ');
}

/** @param {Opinion[]} opinions */
function modelsSay(opinions) {
  const total = opinions.length;
  const list = (/** @type {Opinion[]} */ some) => some
    .map(({name, both}) => t('compare.says', {model: name, label: labelWord(both.label)})).join(', ');
  if (total === 1) return `${list(opinions)}.`;
  /** @param {string} label */
  const saying = (label) => opinions.filter(({both}) => both.label === label);
  const [label] = opinions.map(({both}) => both.label).sort((one, other) => saying(other).length - saying(one).length);
  const {length: count} = saying(label);
  if (count === total) return t('compare.all', {total, label: labelWord(label)});
  if (count * 2 <= total) return t('compare.none', {list: list(opinions)});
  const others = opinions.filter(({both}) => both.label !== label);
  return t('compare.most', {most: count, total, label: labelWord(label), others: list(others)});
}

/** @param {Opinion[]} opinions */
function headsSay(opinions) {
  const pairs = opinions.flatMap(({name, labels, votes}) => (labels && votes ? [{name, labels, votes}] : []));
  if (pairs.length === 0) return '';
  const split = pairs.filter(({labels, votes}) => labels.label !== votes.label);
  if (split.length > 0) return t('compare.split', {models: split.map(({name}) => name).join(', ')});
  /** @param {'labels' | 'votes'} head */
  const mean = (head) => pairs.reduce((sum, pair) => sum + pair[head].share, 0) / pairs.length;
  const lead = mean('votes') - mean('labels');
  if (Math.abs(lead) < ALIKE) return t('compare.agree');
  const values = {crowd: percent(mean('votes')), label: percent(mean('labels'))};
  return t(lead < 0 ? 'compare.less' : 'compare.more', values);
}
