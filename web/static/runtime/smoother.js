/**
 * @file Probabilities and shown label of each track over time. Twin of face_emotion/smoother.py, whose
 * docstring defines every step.
 */
import {checkTime} from './checks.js';

/** @typedef {{probabilities: Float64Array, label: number, time: number}} State of a track: time in seconds */

/** Holds the smoothed probabilities and the shown label of every track. */
export class Smoother {
  /** @type {Map<number, State>} */
  #states = new Map();
  #smoothing;

  /** @param {import('./contract.js').Smoothing} smoothing */
  constructor(smoothing) {
    this.#smoothing = smoothing;
  }

  /**
   * Takes one observation of a track.
   * @param {number} track
   * @param {ArrayLike<number>} probabilities as the network gave them
   * @param {number} time in seconds
   * @returns {{probabilities: Float64Array, label: number}} smoothed, and the index of the label to show
   * @throws {RangeError} for a time that is not finite or another number of classes than before
   */
  update(track, probabilities, time) {
    checkTime(time);
    const old = this.#states.get(track);
    if (old && old.probabilities.length !== probabilities.length) {
      throw new RangeError(
        `${probabilities.length} probabilities where track ${track} began with ${old.probabilities.length}`);
    }
    const state = old && this.#continues(old, time) ? this.#next(old, probabilities, time) :
      {probabilities: Float64Array.from(probabilities), label: largest(probabilities), time};
    this.#states.set(track, state);
    for (const [number, kept] of this.#states) {
      if (!this.#continues(kept, time)) this.#states.delete(number);
    }
    return {probabilities: state.probabilities.slice(), label: state.label};
  }

  /** @param {State} state @param {number} time */
  #continues({time: last}, time) {
    return time >= last && time - last <= this.#smoothing.resetAfter;
  }

  /** @param {State} old @param {ArrayLike<number>} observed @param {number} time @returns {State} */
  #next(old, observed, time) {
    const weight = 1 - Math.exp(-(time - old.time) / this.#smoothing.timeConstant);
    const probabilities = old.probabilities.map((value, index) => value + weight * (observed[index] - value));
    const best = largest(probabilities);
    const leads = probabilities[best] - probabilities[old.label] > this.#smoothing.switchMargin;
    return {probabilities, label: leads ? best : old.label, time};
  }
}

/**
 * The index of the largest value, the first of equal ones.
 * @param {ArrayLike<number>} values at least one
 * @returns {number}
 */
export function largest(values) {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[best]) best = index;
  return best;
}
