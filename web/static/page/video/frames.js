/** @file The frames of a video file, each at a time of one's choice: in a player of its own that nobody sees. */
import {t} from '../words/words.js';
import {UnusableFileError} from '../files.js';
import {bitmapOf} from '../../runtime/video.js';

const PATIENCE = 15_000; // milliseconds in which even a slow browser gets from one place to another
const NEW_FRAME = 250; // milliseconds: WebKit shows it after it says that it is there, and does not always tell
const INTO = 0.001; // seconds: the frame that begins at a time, whatever rounding has made of it
const FAR = 1e9; // seconds: beyond the end of everything

const STALE = 1; // seconds by which the last frame of all may lie before the end

/** The file has no frame where it should have one. */
export class BrokenOffError extends Error {
  /** When the last frame that it has begins, in seconds; null where the browser does not tell. @type {number | null} */
  last = null;
}

/** A player. */
export class Frames {
  #video = document.createElement('video');
  /** When the frame that was taken last begins. @type {number | null} */
  #last = null;
  duration = 0;

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
    Object.assign(video, {muted: true, playsInline: true, preload: 'auto', src: URL.createObjectURL(file)});
    await this.#until('loadeddata', signal);
    if (!Number.isFinite(video.duration)) { // what was recorded as it came: the end is found by going there
      video.currentTime = FAR;
      await this.#until('seeked', signal);
    }
    this.duration = Number.isFinite(video.duration) ? video.duration : video.currentTime;
    if (!(this.duration > 0)) throw new UnusableFileError(t('video.nolength'));
  }

  /**
   * The frame of a time.
   * @param {number} time in seconds
   * @param {AbortSignal} [signal]
   * @returns {Promise<ImageBitmap>} the caller's to close
   * @throws {BrokenOffError} where the file has none any more
   */
  async at(time, signal) {
    const video = this.#video;
    const target = Math.min(time + INTO, this.duration);
    const shown = newFrame(video, this.#last);
    video.currentTime = target;
    /** @type {number | null} */
    let begins;
    try {
      await this.#until('seeked', signal);
      begins = this.#last = await shown.time();
    } finally {
      shown.cancel();
    }
    // Of a file that was broken off browsers show the last frame there is, wherever one goes.
    const isLate = begins === null ? target < this.duration - STALE : target - begins > STALE;
    if (isLate && (video.ended || video.duration < target - STALE)) {
      throw Object.assign(new BrokenOffError('There is nothing any more.'), {last: begins});
    }
    try {
      return await bitmapOf(video);
    } catch (error) {
      throw new BrokenOffError('No picture.', {cause: error});
    }
  }

  /** Frees the file. */
  close() {
    URL.revokeObjectURL(this.#video.src);
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  /** @param {string} event @param {AbortSignal} [signal] @returns {Promise<void>} */
  #until(event, signal) {
    const video = this.#video;
    return new Promise((resolve, reject) => {
      const ending = new AbortController();
      /** @param {() => void} answer */
      const end = (answer) => () => {
        ending.abort();
        clearTimeout(timer);
        answer();
      };
      const broken = () => reject(new BrokenOffError(video.error?.message ?? 'Nothing comes any more.'));
      const timer = setTimeout(end(broken), PATIENCE);
      const {signal: once} = ending;
      video.addEventListener(event, end(resolve), {signal: once});
      video.addEventListener('error', end(broken), {signal: once});
      signal?.addEventListener('abort', end(() => reject(signal.reason)), {signal: once});
      if (signal?.aborted) end(() => reject(signal.reason))();
      else if (video.error) end(broken)();
    });
  }
}

/**
 * Waits until a video shows another frame, where a browser tells of it; not for long, as it may be the one that is there.
 * @param {HTMLVideoElement} video
 * @param {number | null} last when the frame begins that it shows now
 * @returns {{time: () => Promise<number | null>, cancel: () => void}} time: when the frame begins, if the browser tells
 */
function newFrame(video, last) {
  if (!video.requestVideoFrameCallback) return {time: () => Promise.resolve(null), cancel: () => {}};
  let handle = 0;
  /** @type {number | null} */
  let latest = null;
  const told = new Promise((/** @type {(time: number) => void} */ resolve) => {
    const ask = () => {
      handle = video.requestVideoFrameCallback((_, {mediaTime}) => {
        latest = mediaTime;
        if (mediaTime === last) ask(); // that of before, told late
        else resolve(mediaTime);
      });
    };
    ask();
  });
  const late = () => new Promise((/** @type {(time: number | null) => void} */ resolve) => {
    setTimeout(() => resolve(latest), NEW_FRAME);
  });
  return {time: () => Promise.race([told, late()]), cancel: () => video.cancelVideoFrameCallback(handle)};
}
