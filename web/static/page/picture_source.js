/** @file A picture file as a source. */
import {failureOfFile} from './failures.js';
import {drawPicture} from './picture.js';

const MOST = 4096; // pixels a side; Safari on phones has no larger canvas

/** A picture, which is read once. @implements {Source} */
export class PictureSource {
  mode = /** @type {const} */ ('picture');
  isStill = true;
  isDevice = false;
  isDemo = false;
  facesUser = false;
  /** @param {unknown} error */
  failureOf = (error) => failureOfFile(error, this.file);
  /** @type {import('./sources.js').Seen | null} */
  seen = null;

  /** @typedef {import('./sources.js').Source} Source */

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Blob | ((signal: AbortSignal) => Promise<Blob>)} file or what fetches it
   */
  constructor(canvas, file) {
    this.surface = canvas;
    this.file = file;
  }

  /**
   * @param {AbortSignal} signal
   * @throws {import('./files.js').UnusableFileError}
   */
  async open(signal) {
    this.file = this.file instanceof Blob ? this.file : await this.file(signal);
    await drawPicture(this.file, this.surface, signal);
  }

  /** The picture with all of its own pixels, or as many as a canvas takes everywhere. */
  async full() {
    const canvas = document.createElement('canvas');
    await drawPicture(/** @type {Blob} */ (this.file), canvas, undefined, MOST);
    return canvas;
  }

  close() {
    this.surface.hidden = true;
  }

  show() {
    this.surface.hidden = false;
  }

  play() {
    return Promise.resolve();
  }

  pause() {}

  resume() {}
}
