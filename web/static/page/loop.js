/** @file Runs one piece of work a video frame, never two at once, and not while the tab is hidden. */
import {asError} from '../runtime/errors.js';

/** A loop over the frames of a <video>. */
export class FrameLoop {
  /** @type {object | null} the run that goes on, another one for each start */
  #running = null;

  /**
   * @param {HTMLVideoElement} video
   * @param {() => Promise<void>} work done for a frame
   * @param {(error: unknown) => void} onError told of a failure, which ends the loop
   */
  constructor(video, work, onError) {
    this.video = video;
    this.work = work;
    this.onError = onError;
  }

  /** Whether frames are being worked on. */
  get isRunning() {
    return this.#running !== null;
  }

  /** Starts anew; a loop that runs already goes on alone. */
  start() {
    if (!this.isRunning) void this.#run(this.#running = {});
  }

  /** Ends after the frame that is being worked on. */
  stop() {
    this.#running = null;
  }

  /** @param {object} run */
  async #run(run) {
    // The frame that is there is looked at without waiting for the next one.
    for (; this.#running === run; await this.#nextFrame()) {
      if (this.video.readyState < 2) continue;
      try {
        await this.work();
      } catch (error) {
        if (this.#running !== run) return;
        if (asError(error).name === 'NoFrameError') continue; // a video that buffers: there will be another frame
        this.#running = null;
        this.onError(error);
      }
    }
  }

  /** @returns {Promise<void>} */
  #nextFrame() {
    return new Promise((resolve) => {
      // A video that was paused or has ended shows no further frame: look again soon rather than wait for ever.
      const timer = setTimeout(resolve, 500);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(done);
      else requestAnimationFrame(done);
    });
  }
}
