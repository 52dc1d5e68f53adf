/** @file A recording of the picture that is in view, with what is read in it, as it is shown. */
import {sizeOf} from '../sources.js';
import {withDuration} from './duration.js';
import {LIMITS} from './limits.js';
import {paint} from './painting.js';

/** The first that the browser has: Safari may have MP4 alone. */
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];
const RATE = 30; // frames a second at most
const PIECE = 1000; // milliseconds between two pieces
const HEAD = 4096; // bytes that hold a WebM's beginning

/** @typedef {{blob: Blob, width: number, height: number, seconds: number}} Recorded */

/** What is recorded of a video that is played. */
export class Recording {
  /** @type {Blob[]} */
  #pieces = [];
  #bytes = 0;
  #milliseconds = 0;
  /** When it last went on; null while it is paused. @type {number | null} */
  #since = null;
  #token = new AbortController();

  /**
   * Begins to record.
   * @param {HTMLVideoElement} video
   * @param {() => import('../overlay.js').Scene} sceneOf what is in view
   * @param {() => void} onFull it has reached its limit, or the browser records no more: end it
   * @throws {Error} where the browser does not record
   */
  constructor(video, sceneOf, onFull) {
    const {width, height} = sizeOf(video);
    this.video = video;
    this.sceneOf = sceneOf;
    // H.264 wants even numbers.
    this.canvas = Object.assign(document.createElement('canvas'), {width: width & ~1, height: height & ~1});
    this.#paint();
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const videoBitsPerSecond = Math.min(Math.max(width * height * 3, 2.5e6), 8e6);
    this.recorder = new MediaRecorder(this.canvas.captureStream(RATE), {mimeType, videoBitsPerSecond});
    this.recorder.addEventListener('dataavailable', ({data}) => {
      this.#pieces.push(data);
      this.#bytes += data.size;
      if (this.isFull) onFull();
    });
    this.recorder.addEventListener('error', onFull);
    this.recorder.start(PIECE);
    this.#since = performance.now();
    this.#follow();
  }

  /** How long it is by now, in seconds. */
  get seconds() {
    return (this.#milliseconds + (this.#since === null ? 0 : performance.now() - this.#since)) / 1000;
  }

  get isFull() {
    return this.#bytes >= LIMITS.bytes || this.seconds >= LIMITS.seconds;
  }

  get isPaused() {
    return this.#since === null;
  }

  pause() {
    if (this.#since === null) return;
    this.#milliseconds += performance.now() - this.#since;
    this.#since = null;
    if (this.recorder.state === 'recording') this.recorder.pause();
  }

  resume() {
    if (this.#since !== null) return;
    this.#since = performance.now();
    if (this.recorder.state === 'paused') this.recorder.resume();
  }

  /** Ends it. @returns {Promise<Recorded>} */
  async end() {
    this.pause();
    this.#token.abort();
    const {recorder, canvas: {width, height}, seconds} = this;
    if (recorder.state !== 'inactive') {
      await new Promise((resolve) => {
        recorder.addEventListener('stop', resolve);
        recorder.stop();
      });
    }
    for (const track of recorder.stream.getTracks()) track.stop();
    const whole = new Blob(this.#pieces, {type: recorder.mimeType});
    if (!/webm/.test(whole.type)) return {blob: whole, width, height, seconds};
    const head = withDuration(new Uint8Array(await whole.slice(0, HEAD).arrayBuffer()), seconds * 1000);
    return {blob: new Blob([head, whole.slice(HEAD)], {type: whole.type}), width, height, seconds};
  }

  /** Paints each of the video's frames, with the faces that are known when it comes. */
  #follow() {
    const {video} = this;
    const byFrame = Boolean(video.requestVideoFrameCallback);
    const next = () => {
      if (this.#token.signal.aborted) return;
      if (this.#since !== null) this.#paint();
      frame = byFrame ? video.requestVideoFrameCallback(next) : requestAnimationFrame(next);
    };
    let frame = 0;
    // Nothing is left that waits: the video may be closed by then.
    this.#token.signal.addEventListener('abort', () => (byFrame ? video.cancelVideoFrameCallback(frame) : cancelAnimationFrame(frame)));
    next();
  }

  #paint() {
    const size = sizeOf(this.video);
    if (size.width && this.video.readyState >= 2) paint(this.canvas, this.video, size, this.sceneOf());
  }
}
