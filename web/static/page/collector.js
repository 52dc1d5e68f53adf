/** @file Two seconds of frames of one face at rest, as they were looked at. */
import {t} from './words/words.js';

const SPAN = 2; // seconds of frames that are learnt from
const INTERVAL = 0.1; // seconds between two of them, at least
const RESTLESS = ['happy', 'surprise']; // what a network takes no face at rest for; sad and angry it does
const SURE = 0.85; // on average over the frames

/** Collects frames until there are enough of them, or one shows something else. */
export class Collector {
  /** @type {ImageBitmap[]} */
  frames = [];
  /** @type {number | null} of the face */
  track = null;
  /** Of the time that it takes, 0..1. */
  share = 0;
  /** @type {number[]} sums of the probabilities */
  #shares = [];
  #count = 0;
  #start = -1;
  #last = -Infinity;

  /** Whether there are enough. */
  get isFull() {
    return this.share === 1;
  }

  /**
   * Takes a frame.
   * @param {import('./neutral.js').Seen[]} faces that it shows
   * @param {number} time in seconds
   * @param {ImageBitmap} frame which `close` frees
   * @returns {string} what is wrong with it; '' for nothing
   */
  take(faces, time, frame) {
    this.frames.push(frame);
    if (faces.length === 0) return t('neutral.noface');
    if (faces.length > 1) return t('neutral.crowd', {count: faces.length});
    this.track ??= faces[0].track;
    if (this.track !== faces[0].track) return t('neutral.changed');
    if (this.#start < 0) this.#start = time;
    this.#shares = Array.from(faces[0].probabilities, (share, place) => share + (this.#shares[place] ?? 0));
    this.#count += 1;
    if (time - this.#last < INTERVAL) this.frames.pop()?.close();
    else this.#last = time;
    this.share = Math.min((time - this.#start) / SPAN, 1);
    return '';
  }

  /**
   * The expression that the face clearly showed instead of being at rest; '' if none.
   * @param {string[]} labels of the probabilities
   */
  expressionOf(labels) {
    return RESTLESS.find((label) => this.#shares[labels.indexOf(label)] >= SURE * this.#count) ?? '';
  }

  /** Frees the frames. */
  close() {
    this.frames.forEach((frame) => frame.close());
  }
}
