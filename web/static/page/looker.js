/** @file Looks at a source with a recognizer: frame by frame, or once. */
import {bitmapOf} from '../runtime/video.js';
import {everyFrame} from './loop.js';
import {sizeOf} from './sources.js';
import {pictureOf} from './still.js';
import {t} from './words/words.js';

/** @typedef {import('../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */
/** @typedef {import('./sources.js').Source} Source */

/** What a recognizer makes of sources. */
export class Looker {
  /** @type {Source | null} what tracks and chart belong to */
  #followed = null;
  /** @type {Promise<unknown>} over once no frame is looked at any more */
  #looking = Promise.resolve();
  #stood = 0; // seconds in which nothing was looked at, and which count for nothing
  /** @type {number | null} */
  #standsSince = null;

  /**
   * @param {import('./results.js').Results} results
   * @param {import('./neutral.js').Neutral} neutral
   */
  constructor(results, neutral) {
    this.results = results;
    this.neutral = neutral;
  }

  /**
   * Looks at a video until it is stopped; after a rest, tracks and chart are those of before.
   * @param {Source} source
   * @param {EmotionRecognizer} recognizer
   * @param {AbortSignal} signal
   */
  async follow(source, recognizer, signal) {
    if (this.#followed !== source) {
      this.#followed = source;
      this.results.begin();
      recognizer.reset().catch(() => {}); // what ended the worker fails the first frame too
    }
    this.neutral.look(true);
    signal.addEventListener('abort', () => {
      this.neutral.look(false);
      source.pause();
    }, {once: true});
    const video = /** @type {HTMLVideoElement} */ (source.surface);
    const looking = Promise.all([source.play(), everyFrame(video, () => this.#look(source, recognizer, signal), signal)]);
    this.#looking = looking.catch(() => {});
    await looking;
  }

  /**
   * Takes note of a moment in which nothing is looked at, and which is to count for nothing: faces are where they were.
   * @param {boolean} on
   */
  stand(on) {
    const now = performance.now() / 1000;
    if (!on && this.#standsSince !== null) this.#stood += now - this.#standsSince;
    this.#standsSince = on ? now : null;
  }

  /** Leaves the recognizer to somebody else, once the frame that is being looked at is done. */
  async rest() {
    this.forget();
    await this.#looking;
  }

  /** Begins anew with whatever is followed next: what comes is not what was there a moment ago. */
  forget() {
    this.#followed = null;
  }

  /**
   * Takes a video to another place; what is seen there is shown at once unless it goes on from there.
   * @param {Source} source
   * @param {EmotionRecognizer} recognizer
   * @param {number} time in seconds
   * @param {() => boolean} isPaused
   * @param {AbortSignal} signal
   */
  async seek(source, recognizer, time, isPaused, signal) {
    const isShown = await source.seek?.(time, signal) ?? true;
    if (signal.aborted) return;
    this.forget(); // a jump is no motion
    if (!isPaused()) return;
    if (!isShown) return this.results.clear(t('video.notshown'));
    const {width, height} = sizeOf(source.surface);
    const picture = await pictureOf(/** @type {HTMLVideoElement} */ (source.surface));
    if (!picture) return signal.aborted ? undefined : this.results.clear(t('video.notshown'));
    const faces = await recognizer.recognize(picture, {reach: 'near'}).finally(() => picture.close());
    if (signal.aborted) return;
    source.seen = {faces, width, height, by: recognizer};
    this.results.show(faces, width, height, null);
  }

  /**
   * Reads a picture, unless that recognizer has read it before.
   * @param {Source} source
   * @param {EmotionRecognizer} recognizer
   */
  async read(source, recognizer) {
    if (source.seen?.by === recognizer) return;
    const size = sizeOf(source.surface); // another picture may stand there once it is read
    const faces = await recognizer.recognize(source.surface, {reach: 'far'});
    source.seen = {faces, ...size, by: recognizer};
  }

  /** Shows what was last seen in a source, if this recognizer saw it. @param {Source} source @param {EmotionRecognizer} recognizer */
  recall({seen}, recognizer) {
    if (seen?.by === recognizer) this.results.show(seen.faces, seen.width, seen.height, null);
  }

  /** @param {Source} source @param {EmotionRecognizer} recognizer @param {AbortSignal} signal */
  async #look(source, recognizer, signal) {
    const {surface} = source;
    const time = performance.now() / 1000;
    const frame = this.neutral.isLearning ? await bitmapOf(/** @type {HTMLVideoElement} */ (surface)) : null;
    const watched = time - this.#stood;
    const faces = await recognizer.recognize(frame ?? surface, {time: watched, baseline: this.neutral.baselines});
    if (signal.aborted) return frame?.close();
    const {width, height} = sizeOf(surface);
    source.seen = {faces, width, height, by: recognizer};
    this.results.show(faces, width, height, time);
    return this.neutral.see(faces, watched, frame);
  }
}
