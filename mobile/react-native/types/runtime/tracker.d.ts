/**
 * What it costs to take two boxes for one face: 0 where they are equal, NO_MATCH if they are not one.
 * @param {Box} old
 * @param {Box} box
 * @returns {number}
 */
export function matchCost(old: Box, box: Box): number;
/**
 * The column assigned to each row so that the total cost is least; null where columns run out.
 * The Hungarian method with potentials; of equal steps the lowest column is taken.
 * @param {number[][]} costs rows of equal length
 * @returns {(number | null)[]}
 */
export function assign(costs: number[][]): (number | null)[];
/** @typedef {[number, number, number, number]} Box x_min, y_min, x_max, y_max in pixels */
/** Gives each face a number that stays the same from frame to frame. */
export class Tracker {
    /** @param {number} resetAfter seconds without a face after which its track is forgotten, > 0 */
    constructor(resetAfter: number);
    /**
     * The number of each box's track.
     * @param {Box[]} boxes not empty
     * @param {number} time of the frame in seconds
     * @returns {number[]}
     * @throws {RangeError} if the time or a box is unusable; then nothing has changed
     */
    update(boxes: Box[], time: number): number[];
    #private;
}
/**
 * x_min, y_min, x_max, y_max in pixels
 */
export type Box = [number, number, number, number];
