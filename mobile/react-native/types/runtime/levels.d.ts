/**
 * The pixels of a square that have a weight, row by row; what stands in the corners has none.
 * @param {number} size in pixels
 * @returns {{places: Int32Array, u: Float64Array, v: Float64Array, weights: Float64Array}} places: row * size + column; u, v: across
 *   and down from the middle; weights: of the sum 1
 */
export function grid(size: number): {
    places: Int32Array;
    u: Float64Array;
    v: Float64Array;
    weights: Float64Array;
};
/**
 * The sum of weights times one list of numbers, or two.
 * @param {Float64Array} weights
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} [other]
 */
export function weighed(weights: Float64Array, one: ArrayLike<number>, other?: ArrayLike<number>): number;
/**
 * Gives levels the weighted mean 0 and variance 1, flat ones 0; returns their variance of before.
 * @param {Float64Array} levels changed
 * @param {Float64Array} weights as many
 */
export function standardize(levels: Float64Array, weights: Float64Array): number;
/**
 * The means of 2 x 2 pixels.
 * @param {ArrayLike<number>} levels size * size of them, row by row
 * @param {number} size even
 * @param {Float64Array} [output] written to and returned, if given
 */
export function halved(levels: ArrayLike<number>, size: number, output?: Float64Array): Float64Array<ArrayBufferLike>;
/**
 * Half the difference of each pixel's neighbours along a side; at the border the difference to the only one.
 * @param {Float64Array} levels size * size of them, row by row
 * @param {number} size
 * @param {1 | number} step to the next pixel of the side: 1 across, `size` down
 */
export function gradient(levels: Float64Array, size: number, step: 1 | number): Float64Array<ArrayBuffer>;
/**
 * The inverse of a square matrix by elimination, the largest pivot first; null where there is none.
 * @param {number[][]} matrix
 * @returns {number[][] | null}
 */
export function inverse(matrix: number[][]): number[][] | null;
/**
 * @file Squares of levels in float64 for template.js and motion.js: the pixels that count with their weights, means, halves and gradients. Twin
 * of the functions at the end of face_emotion/follower.py.
 */
export const FLAT: 1e-9;
