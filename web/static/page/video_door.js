/**
 * @file The door to what a video file has beside its picture: a seek bar, and its whole length read. What is behind it (video/) is
 * fetched when a video is first opened; without it videos are played all the same.
 */

/** @typedef {import('./run.js').Run} Run */

/** Opens when a video does. */
export class VideoDoor {
  /** @type {import('./video/room.js').VideoRoom | null} */
  #room = null;
  /** @type {Run | null} */
  #run = null;
  #isOpening = false;

  /**
   * @param {import('./video/room.js').Places} elements
   * @param {import('./announcer.js').Announcer} announcer
   * @param {(event: import('./run.js').Event) => void} send
   */
  constructor(elements, announcer, send) {
    this.elements = elements;
    this.announcer = announcer;
    this.send = send;
  }

  /** @param {Run} run */
  show(run) {
    this.#run = run;
    if (this.#room) this.#room.show(run);
    else if (run.mode === 'video' && run.source && !this.#isOpening) void this.#open();
  }

  async #open() {
    this.#isOpening = true;
    try {
      const {VideoRoom} = await import('./video/room.js');
      this.#room = new VideoRoom(this.elements, this.announcer, this.send);
      if (this.#run) this.#room.show(this.#run);
    } catch {
      this.#isOpening = false; // there is no connection: the next video tries again
    }
  }

  /**
   * Works through a video; ends early when it is told to, and goes on from there when it is asked again.
   * @param {import('./sources.js').Source} source
   * @param {import('./loader.js').Loaded} loaded
   * @param {AbortSignal} signal
   */
  async scan(source, loaded, signal) {
    await this.#room?.scan(source, loaded, signal);
  }
}
