/** @file The frames of a video file, each at a time of one's choice: in a player of its own that nobody sees. */
import {UnusableFileError} from '../files.js';
import {BrokenOffError, happens, nextShown, NotShownError, showFrame} from '../sought.js';
import {pictureOf} from '../still.js';
import {t} from '../words/words.js';
import {isOpenEnded} from './webm.js';

const FIRST = 2000; // milliseconds in which even a busy browser shows a video's first frame
const FAR = 1e9; // seconds: beyond the end of everything
const LAST = 0.04; // seconds for which a last frame is shown that does not say how long
const ROUNDED = 0.0005; // seconds
const SOON = 250; // milliseconds in which a frame is shown that is there
const STALE = 1; // seconds by which the last frame of all may lie before the end

/** A player. */
export class Frames {
  #video = document.createElement('video');
  /** Over once the player stands still. @type {Promise<unknown>} */
  #moving = Promise.resolve();
  duration = 0;
  /** When the last frame begins, in seconds, of a file that does not say how long it is. @type {number | null} */
  last = null;

  /**
   * @param {Blob} file
   * @param {AbortSignal} [signal]
   * @returns {Promise<Frames>}
   * @throws {UnusableFileError}
   */
  static async open(file, signal) {
    const frames = new Frames();
    try {
      await frames.#open(file, signal);
      return frames;
    } catch (error) {
      frames.close();
      throw error;
    }
  }

  /** @param {Blob} file @param {AbortSignal} [signal] */
  async #open(file, signal) {
    const video = this.#video;
    const first = nextShown(video);
    Object.assign(video, {muted: true, playsInline: true, preload: 'auto', src: URL.createObjectURL(file)});
    try {
      await happens(video, 'loadeddata', signal);
      await first?.within(FIRST); // told later, it would be taken for the frame that is asked for first
    } finally {
      first?.cancel();
    }
    if (!Number.isFinite(video.duration)) { // the end is found by going there
      const there = happens(video, 'seeked', signal);
      video.currentTime = FAR;
      await there;
    }
    if (await isOpenEnded(file)) this.last = Number.isFinite(video.duration) ? video.duration : video.currentTime;
    this.duration = this.last === null ? video.duration : this.last + LAST;
    if (!(this.duration > 0) || this.last === 0) throw new UnusableFileError(t('video.nolength'));
  }

  /**
   * The frame of a time, and of no other.
   * @param {number} time in seconds
   * @param {AbortSignal} [signal]
   * @returns {Promise<ImageBitmap>} the caller's to close
   * @throws {NotShownError} where the browser does not show it
   * @throws {BrokenOffError} where the file has none any more
   */
  async at(time, signal) {
    const before = this.#moving;
    const taking = before.then(() => this.#at(time));
    // Nobody else moves the player before it stands still, also if this one is not waited for any more.
    this.#moving = taking.catch(() => {});
    if (!signal) return taking;
    return new Promise((resolve, reject) => {
      const stop = () => {
        reject(signal.reason);
        taking.then((frame) => frame.close(), () => {});
      };
      signal.addEventListener('abort', stop, {once: true});
      if (signal.aborted) stop();
      void taking.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  /** @param {number} time */
  async #at(time) {
    const video = this.#video;
    const target = Math.min(time, this.duration);
    /** @type {number | null} */
    let begins = null;
    /** @type {Error | null} */
    let unseen = null;
    try {
      begins = await showFrame(video, target, undefined, {isSettled: true, isOpenEnded: this.last !== null});
    } catch (error) {
      if (!(error instanceof NotShownError)) throw error;
      unseen = error;
    }
    // Of a file that was broken off browsers show the last frame there is, wherever one goes.
    const isLate = begins === null ? target < this.duration - STALE : target - begins > STALE;
    if (isLate && (video.ended || video.duration < target - STALE)) {
      throw Object.assign(new BrokenOffError('There is nothing any more.'), {last: begins});
    }
    if (unseen) throw unseen;
    // Rounded down, the time of the last frame is one of the frame before.
    if (begins !== null && this.last !== null && target >= this.last && begins < this.last - ROUNDED) await this.#playOut();
    try {
      const picture = await pictureOf(video);
      if (picture) return picture;
    } catch (error) {
      throw new BrokenOffError('No picture.', {cause: error});
    }
    throw new NotShownError();
  }

  /** Shows the last frame. */
  async #playOut() {
    const video = this.#video;
    const shown = nextShown(video);
    const ended = happens(video, 'ended');
    await Promise.all([ended, video.play()]);
    await shown?.within(SOON);
    shown?.cancel();
  }

  /** Frees the file. */
  close() {
    URL.revokeObjectURL(this.#video.src);
    this.#video.removeAttribute('src');
    this.#video.load();
  }
}
