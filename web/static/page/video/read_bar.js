/** @file What the reading of a whole video is begun and ended with, and how far it has come. */
import {make, setText} from '../elements.js';
import {formatNumber, t} from '../words/words.js';
import {clockOf, framesIn, paceOf} from './clock.js';

const RATES = [5, 10, 25];
const USUAL = 10;
const LONG = 20_000; // frames: more than somebody waits for without being told

/** @typedef {import('./reading.js').Reading} Reading */

/** The bar. */
export class ReadBar {
  #text = make('p', '');
  #progress = Object.assign(make('progress', ''), {max: 1, value: 0, hidden: true});
  #rate = make('select', '');
  #choice = make('label', 'choice');
  #button = Object.assign(make('button', ''), {type: 'button'});
  #isReading = false;

  /**
   * @param {HTMLElement} controls which it stands under
   * @param {{start: (rate: number) => void, cancel: () => void, rate: () => void}} acts rate: another one was chosen
   */
  constructor(controls, acts) {
    this.element = make('div', 'read');
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', t('video.whole'));
    this.#progress.setAttribute('aria-label', t('video.progress'));
    this.#rate.append(...RATES.map((rate) => new Option(formatNumber(rate), String(rate), rate === USUAL, rate === USUAL)));
    this.#choice.append(t('video.rate'), ' ', this.#rate);
    const buttons = make('div', 'buttons');
    buttons.append(this.#choice, this.#button);
    this.element.append(this.#text, buttons, this.#progress);
    controls.after(this.element);
    this.#button.addEventListener('click', () => (this.#isReading ? acts.cancel() : acts.start(this.rate)));
    this.#rate.addEventListener('change', acts.rate);
  }

  /** Frames a second. */
  get rate() {
    return Number(this.#rate.value);
  }

  /**
   * Offers to begin.
   * @param {object} video
   * @param {number} video.duration 0 while it is not known
   * @param {number | null} video.cost seconds that a frame takes here, as far as is known
   * @param {string} video.notice what came of the reading before, or ''
   * @param {boolean} video.isAgain whether there is one already
   * @param {boolean} video.isOwn whether this page has made it: then it shows boxes and labels
   * @param {boolean} canRead
   */
  offer({duration, cost, notice, isAgain, isOwn}, canRead) {
    this.#isReading = false;
    this.#progress.hidden = true;
    this.#choice.hidden = false;
    this.#button.textContent = t(isAgain ? 'video.read.again' : 'video.read');
    this.#button.disabled = !canRead;
    const frames = duration ? framesIn(duration, this.rate) : 0;
    const estimate = !frames ? t('video.offer') :
      cost === null ? t('video.estimate.frames', {count: frames}) :
        t(frames > LONG ? 'video.estimate.long' : 'video.estimate', {count: frames, time: clockOf(Math.ceil(frames * cost))});
    setText(this.#text, [isOwn ? t('video.own') : '', notice || estimate].filter(Boolean).join(' '));
  }

  /** Shows how far it has come. @param {Reading} reading @param {boolean} isHidden whether it waits, as nobody looks */
  progress(reading, isHidden) {
    this.#isReading = true;
    this.#progress.hidden = false;
    this.#choice.hidden = true;
    this.#button.textContent = t('video.cancel');
    this.#button.disabled = false;
    const {until, duration, worked} = reading;
    const {share, speed, left} = paceOf({from: 0, to: until, duration: duration || Infinity, worked});
    this.#progress.value = share;
    const parts = [formatNumber(Math.floor(share * 100) / 100, {style: 'percent'})];
    if (speed !== null) parts.push(t('video.speed', {speed: formatNumber(speed, {maximumFractionDigits: 1, minimumFractionDigits: 1})}));
    if (left !== null) parts.push(t('video.left', {time: clockOf(Math.ceil(left))}));
    setText(this.#text, isHidden ? t('video.hidden') : `${parts.join(' · ')}. ${t('video.front')}`);
  }
}
