/** @file What an answer hangs on: the heat map of a crop, for a class and an opinion that are chosen. */
import {contextOf, make, setText} from '../elements.js';
import {percent} from '../palette.js';
import {formatNumber, labelWord, t} from '../words/words.js';
import {colourOf, paint} from './colours.js';
import {occlude, PATCH, positionsOf, sensitivity, SIDE} from './occlusion.js';
import {marksOf, ranked} from './regions.js';
import {HEADS, headName} from './table.js';

/** @typedef {import('./table.js').Head} Head */
/** @typedef {Awaited<ReturnType<typeof occlude>>} Occluded */

const CLEAR = 0.02; // of a probability: a largest drop below it is little, and no part has the last colour

/** The section. */
export class HeatPanel {
  element = make('section', 'compare-heat');
  #canvas = make('canvas', 'compare-crop');
  #progress = make('progress', '');
  #opinion = make('select', '');
  #class = make('select', '');
  #sentence = make('p', 'compare-sentence');
  #regions = make('ol', 'compare-regions');
  #most = make('span', '');
  /** @type {Map<string, Promise<Occluded>>} by head: every class of it is known then */
  #known = new Map();

  /**
   * @param {object} given
   * @param {import('../../runtime/emotion.js').EmotionRecognizer} given.recognizer the one in hand
   * @param {import('./frozen.js').Frozen} given.frozen
   * @param {Uint8Array} given.seen the crop as the network sees it
   * @param {Head[]} given.heads that the model has
   * @param {AbortSignal} given.signal ends the work
   */
  constructor({recognizer, frozen, seen, heads, signal}) {
    this.recognizer = recognizer;
    this.frozen = frozen;
    this.seen = seen;
    this.signal = signal;
    this.#opinion.append(...[...HEADS].reverse().filter((head) => heads.includes(head))
      .map((head) => new Option(headName(head), head)));
    this.#class.append(...recognizer.labels.map((label) => new Option(labelWord(label), label)));
    this.#opinion.addEventListener('change', () => void this.show());
    this.#class.addEventListener('change', () => void this.show());
    this.#build();
    this.#draw(null, 1);
  }

  /**
   * Shows the map of what is chosen.
   * @param {number} [index] of the class; default: the chosen one
   */
  async show(index) {
    if (index !== undefined) this.#class.selectedIndex = index;
    const head = /** @type {Head} */ (this.#opinion.value);
    try {
      const occluded = await this.#occluded(head);
      if (this.signal.aborted || head !== this.#opinion.value) return;
      this.#tell(sensitivity(occluded, this.#class.selectedIndex), occluded.whole[this.#class.selectedIndex]);
    } catch (error) {
      if (!this.signal.aborted) setText(this.#sentence, t('compare.heatFailed', {reason: String(error)}));
    }
  }

  /** @param {Head} head */
  #occluded(head) {
    const known = this.#known.get(head);
    if (known) return known;
    this.#progress.hidden = false;
    const work = occlude(this.frozen.crop, (crops) => this.recognizer.classify(crops, {head}), (share) => {
      this.#progress.value = share;
    }, this.signal).finally(() => { this.#progress.hidden = true; });
    this.#known.set(head, work);
    work.catch(() => this.#known.delete(head));
    return work;
  }

  /** @param {Float32Array} map @param {number} share that the chosen class has of the whole face */
  #tell(map, share) {
    const most = Math.max(...map);
    const end = Math.max(most, CLEAR);
    const parts = ranked(map, marksOf(this.frozen.face));
    const values = {label: labelWord(this.#class.value), share: percent(share)};
    const region = t(`compare.at.${parts[0].region}`);
    const against = parts.reduce((one, other) => (other.gain > one.gain ? other : one));
    const sentences = [t(most < CLEAR ? 'compare.little' : 'compare.hangs', {...values, region})];
    if (against.gain >= CLEAR) sentences.push(t('compare.against', {region: t(`compare.at.${against.region}`)}));
    setText(this.#sentence, sentences.join(' '));
    this.#regions.replaceChildren(...parts.map(({region, drop}) => {
      const item = make('li', '', t(`compare.${region}`));
      item.append(' ', make('span', 'muted', points(drop)));
      return item;
    }));
    setText(this.#most, points(end));
    this.#draw(map, end);
    this.#canvas.setAttribute('aria-label', t('compare.heatLabel', {
      ...values, regions: parts.map(({region}) => t(`compare.${region}`)).join(', ')}));
  }

  /** @param {Float32Array | null} map @param {number} end what has the last colour */
  #draw(map, end) {
    contextOf(this.#canvas).putImageData(new ImageData(paint(this.seen, map, end), SIDE, SIDE), 0, 0);
  }

  #build() {
    this.#canvas.width = this.#canvas.height = SIDE;
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute('aria-label', t('compare.crop'));
    this.#progress.setAttribute('aria-label', t('compare.heat'));
    this.#progress.hidden = true;
    this.#sentence.setAttribute('role', 'status');
    const choices = make('div', 'choices');
    for (const [text, select] of /** @type {const} */ ([['compare.opinion', this.#opinion], ['compare.class', this.#class]])) {
      const choice = make('label', 'choice', t(text));
      choice.append(select);
      choices.append(choice);
    }
    const legend = make('p', 'compare-legend');
    const ramp = make('span', 'compare-ramp');
    const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => `rgb(${colourOf(share).join(' ')})`);
    ramp.style.setProperty('background', `linear-gradient(to right, ${stops.join(', ')})`);
    legend.append(make('span', '', t('compare.nothing')), ramp, this.#most);
    const how = make('details', 'figures');
    how.append(make('summary', '', t('compare.how')), make('p', 'muted', t('compare.method', {
      patch: PATCH, places: positionsOf().length})));
    const words = make('div', '');
    words.append(choices, this.#progress, this.#sentence, this.#regions, legend, how);
    this.element.append(make('h3', '', t('compare.heat')), this.#canvas, words);
  }
}

/** A drop in percentage points, as a change. @param {number} drop 0..1 */
function points(drop) {
  const change = formatNumber(-100 * drop, {minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero'});
  return t('compare.points', {change: change.replace('-', '−')});
}
