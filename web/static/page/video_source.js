/** @file A video file as a source. */
import {MOST_OF_FRAME} from '../runtime/picture_limits.js';
import {failureOfFile} from './failures.js';
import {UnusableFileError} from './files.js';
import {BrokenOffError, isAtEnd, NotShownError, showFrame} from './sought.js';
import {t} from './words/words.js';

/** A video file; closed and opened again, it is where it was. @implements {Source} */
export class VideoSource {
  /** @type {import('./sources.js').Mode} */
  mode = 'video';
  isStill = false;
  isDevice = false;
  isDemo = false;
  facesUser = false;
  /** @param {unknown} error */
  failureOf = (error) => failureOfFile(error, this.file);
  /** @type {import('./sources.js').Seen | null} */
  seen = null;
  #isOpen = false;
  #position = 0; // in seconds

  /** @typedef {import('./sources.js').Source} Source */

  /**
   * @param {HTMLVideoElement} video
   * @param {Blob | ((signal: AbortSignal) => Promise<Blob>)} file or what fetches it
   */
  constructor(video, file) {
    this.surface = video;
    this.file = file;
  }

  /**
   * @param {AbortSignal} signal
   * @throws {UnusableFileError}
   */
  async open(signal) {
    const {surface: video} = this;
    const file = this.file = this.file instanceof Blob ? this.file : await this.file(signal);
    signal.throwIfAborted();
    if (file.size === 0) throw new UnusableFileError(t('file.empty'));
    video.src = URL.createObjectURL(file);
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new UnusableFileError(t('file.video')));
      // A file with sound only, or with pictures of a form unknown here beside it, has metadata but never a picture.
      video.onloadedmetadata = () => {
        const {videoWidth: width, videoHeight: height} = video;
        if (width === 0) reject(new UnusableFileError(t('file.sound')));
        if (width * height > MOST_OF_FRAME) reject(new UnusableFileError(t('file.large.video', {width, height, most: MOST_OF_FRAME})));
      };
      signal.addEventListener('abort', () => reject(signal.reason), {once: true});
    });
    if (this.#position > 0) await this.seek(this.#position, signal);
    this.#isOpen = true;
  }

  /**
   * Shows the picture of a place.
   * @param {number} time in seconds
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether it is shown: the file may have none there, or the browser shows another one
   */
  async seek(time, signal) {
    try {
      await showFrame(this.surface, time, signal);
      return true;
    } catch (error) {
      if (error instanceof NotShownError || error instanceof BrokenOffError) return false;
      throw error;
    }
  }

  /** Frees the file. */
  close() {
    const {surface: video} = this;
    if (this.#isOpen) this.#position = video.currentTime;
    this.#isOpen = false;
    video.onloadeddata = video.onerror = video.onloadedmetadata = null;
    if (video.src) URL.revokeObjectURL(video.src);
    video.removeAttribute('src');
    video.load();
  }

  show() {}

  async play() {
    if (this.surface.ended) return; // its last picture is looked at again, and it does not begin again by itself
    // AbortError: so short that it has ended, or was paused, before it began; its picture is there all the same.
    await this.surface.play().catch((error) => { if (error.name !== 'AbortError') throw error; });
  }

  pause() {
    this.surface.pause();
  }

  resume() {
    if (isAtEnd(this.surface)) this.surface.currentTime = 0;
  }
}
