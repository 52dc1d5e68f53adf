/** @file How long the rest of a batch takes, by how long the last pictures took. */

const LAST = 20; // pictures
const LEAST = 3;

/** A clock that is told of every picture. */
export class Clock {
  /** @type {number[]} milliseconds, when the last ones were done */
  #times = [];

  /** Begins, or goes on after a rest. @param {number} now milliseconds */
  begin(now) {
    this.#times = [now];
  }

  /** @param {number} now */
  tick(now) {
    this.#times.push(now);
    if (this.#times.length > LAST + 1) this.#times.shift();
  }

  /**
   * @param {number} count pictures that are left
   * @returns {number | null} seconds, or null as long as nobody can tell
   */
  left(count) {
    const {length} = this.#times;
    if (length <= LEAST) return null;
    return count * (this.#times[length - 1] - this.#times[0]) / (length - 1) / 1000;
  }
}
