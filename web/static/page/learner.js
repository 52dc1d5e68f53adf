/** @file One attempt after the other to learn a face at rest: frames are collected, then the network reckons with them. */
import {asError} from '../runtime/errors.js';
import {Collector} from './collector.js';
import {labelWord, t} from './words/words.js';

/** @typedef {import('../runtime/emotion.js').Baseline} Baseline */

/** Learns from frames as they come. */
export class Learner {
  /** @type {Collector | null} */
  #collector = null;

  /**
   * @param {object} events
   * @param {(track: number, baseline: Baseline) => void} events.onLearnt
   * @param {(problem: string) => void} events.onProblem nothing was learnt
   * @param {(error: unknown) => void} events.onError told of what is no fault of the picture
   */
  constructor(events) {
    this.events = events;
  }

  /** Whether it wants frames. */
  get wantsFrames() {
    return this.#collector !== null && !this.#collector.isFull;
  }

  /** How much of the time that it takes is over, 0..1; null: it does not learn. */
  get share() {
    return this.#collector?.share ?? null;
  }

  begin() {
    this.#collector = new Collector();
  }

  /** Gives up. @param {string} problem */
  fail(problem) {
    this.#collector?.close();
    this.#collector = null;
    this.events.onProblem(problem);
  }

  /**
   * Takes a frame, if it wants it.
   * @param {import('./neutral.js').Seen[]} faces that it shows
   * @param {number} time in seconds
   * @param {ImageBitmap} frame closed in the end
   * @param {import('../runtime/emotion.js').EmotionRecognizer | null} recognizer
   */
  take(faces, time, frame, recognizer) {
    const collector = this.#collector;
    if (!collector || collector.isFull) return frame.close();
    const problem = collector.take(faces, time, frame);
    if (problem) return this.fail(problem);
    if (!collector.isFull) return undefined;
    const shown = collector.expressionOf(recognizer?.labels ?? []);
    if (shown) return this.fail(t('neutral.restless', {label: labelWord(shown)}));
    void this.#finish(collector, recognizer);
    return undefined;
  }

  /** @param {Collector} collector @param {import('../runtime/emotion.js').EmotionRecognizer | null} recognizer */
  async #finish(collector, recognizer) {
    try {
      const baseline = await recognizer?.learnNeutral(collector.frames);
      if (this.#collector !== collector || !baseline) return; // given up meanwhile
      this.#collector = null;
      this.events.onLearnt(Number(collector.track), baseline);
    } catch (error) {
      if (this.#collector !== collector) return;
      if (asError(error).name === 'BaselineError') {
        this.fail(t('neutral.unclear'));
      } else {
        this.events.onError(error);
      }
    } finally {
      collector.close();
    }
  }
}
