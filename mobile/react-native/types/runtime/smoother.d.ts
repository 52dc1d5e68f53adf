/**
 * The index of the largest value, the first of equal ones.
 * @param {ArrayLike<number>} values at least one
 * @returns {number}
 */
export function largest(values: ArrayLike<number>): number;
/** @typedef {{probabilities: Float64Array, label: number, time: number}} State of a track: time in seconds */
/** Holds the smoothed probabilities and the shown label of every track. */
export class Smoother {
    /** @param {import('./contract.js').Smoothing} smoothing */
    constructor(smoothing: import("./contract.js").Smoothing);
    /**
     * Takes one observation of a track.
     * @param {number} track
     * @param {ArrayLike<number>} probabilities as the network gave them
     * @param {number} time in seconds
     * @returns {{probabilities: Float64Array, label: number}} smoothed, and the index of the label to show
     * @throws {RangeError} for a time that is not finite or another number of classes than before
     */
    update(track: number, probabilities: ArrayLike<number>, time: number): {
        probabilities: Float64Array;
        label: number;
    };
    #private;
}
/**
 * of a track: time in seconds
 */
export type State = {
    probabilities: Float64Array;
    label: number;
    time: number;
};
