/** @file What reading a frame takes here, as far as those tell that were played. Pure. */

const COLD = 3; // frames: the first ones warm up what the others use
const LEAST = 5;
const LAST = 50; // frames: two seconds, some of which were looked at whole, most only followed
const ELSE = 12; // milliseconds that a frame takes beside what the recognizer takes

/** @typedef {{faces: {timings: {detect: number, classify: number}}}} Seen */

/** The cost of the last frames. */
export class FrameCost {
  /** @type {number[]} milliseconds */
  #times = [];
  #count = 0;
  /** @type {Seen | null} */
  #last = null;

  /**
   * Takes note of a frame.
   * @param {Seen | null} seen the very same one: none was seen since
   * @returns {boolean} whether what is known of it is clearly better than when this was last true
   */
  add(seen) {
    if (!seen || seen === this.#last) return false;
    this.#last = seen;
    this.#count += 1;
    if (this.#count <= COLD) return false;
    const {detect, classify} = seen.faces.timings;
    this.#times.push(detect + classify + ELSE);
    if (this.#times.length > LAST) this.#times.shift();
    const known = this.#count - COLD;
    return known % LEAST === 0 && Math.log2(known / LEAST) % 1 === 0;
  }

  /** Seconds a frame; null until it can be told. */
  get seconds() {
    const {length} = this.#times;
    return length < LEAST ? null : this.#times.reduce((sum, time) => sum + time, 0) / length / 1000;
  }
}
