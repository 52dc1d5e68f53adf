/**
 * @file One face out of the many rows in which a detector's network says that it sees it. Twin of
 * face_emotion/suppression.py.
 */
/** @typedef {{values: number[], score: number}} Candidate x, y of the box's two corners, then of each key point */
/**
 * One weighted mean for each group of overlapping rows, highest score first.
 * @param {Candidate[]} candidates in the order of the network's rows, which decides between equal scores
 * @param {number} iouThreshold 0..1
 * @returns {Candidate[]}
 */
export function weightedSuppression(candidates: Candidate[], iouThreshold: number): Candidate[];
/**
 * The shared area of two boxes over their joint area.
 * @param {ArrayLike<number>} one x_min, y_min, x_max, y_max; what follows does not count
 * @param {ArrayLike<number>} other
 * @returns {number} 0..1
 */
export function intersectionOverUnion(one: ArrayLike<number>, other: ArrayLike<number>): number;
/**
 * x, y of the box's two corners, then of each key point
 */
export type Candidate = {
    values: number[];
    score: number;
};
