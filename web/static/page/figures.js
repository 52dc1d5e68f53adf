/** @file The figures above the stage: how long a frame takes, and how many there are a second. */
import {setText} from './elements.js';
import {formatNumber, t} from './words/words.js';

/** Shows how fast it is. */
export class Figures {
  /** @type {number | null} */
  #lastTime = null;
  /** @type {number | null} seconds between two frames, smoothed */
  #interval = null;

  /** @param {Pick<import('./elements.js').Elements, 'detect-time' | 'classify-time' | 'frame-rate'>} elements */
  constructor(elements) {
    this.elements = elements;
  }

  /** Shows that nothing is looked at. */
  clear() {
    this.#lastTime = this.#interval = null;
    const {'detect-time': detect, 'classify-time': classify, 'frame-rate': rate} = this.elements;
    for (const figure of [detect, classify, rate]) figure.textContent = '–';
  }

  /**
   * Shows those of a frame.
   * @param {import('../runtime/recognizer.js').Timings | undefined} timings
   * @param {number | null} time in seconds; null for a still picture
   */
  show(timings, time) {
    setText(this.elements['detect-time'], milliseconds(timings?.detect));
    setText(this.elements['classify-time'], milliseconds(timings?.classify));
    if (time === null) return;
    if (this.#lastTime !== null && time > this.#lastTime) {
      const interval = time - this.#lastTime;
      this.#interval = this.#interval === null ? interval : 0.9 * this.#interval + 0.1 * interval;
      setText(this.elements['frame-rate'], formatNumber(1 / this.#interval, {maximumFractionDigits: 0}));
    }
    this.#lastTime = time;
  }
}

/**
 * A time as exactly as the browser tells it: some have clocks of whole milliseconds, in WebKit whole but for rounding.
 * @param {number | undefined} value
 */
function milliseconds(value) {
  if (typeof value !== 'number') return '–';
  const digits = Math.abs(value - Math.round(value)) < 1e-6 ? 0 : 1;
  return t('speed.milliseconds', {value: formatNumber(value, {minimumFractionDigits: digits, maximumFractionDigits: digits})});
}
