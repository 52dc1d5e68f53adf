/**
 * What output pixels take of an image's rows and columns.
 * @typedef {object} Bands
 * @property {Int32Array[]} rows of each output row: row, share, row, share, …, a multiple of TOGETHER of them
 * @property {Int32Array} columns the first one that an output pixel takes; -1: none
 * @property {number} taps how many it takes, one beside the other
 * @property {Float64Array} shares of the columns, output pixel after output pixel, of what rows give
 * @property {Int32Array} mixed place for the sums of one row: red, green, blue
 */
/**
 * The shares that a size of frames needs: the same for each of a camera's frames.
 * @param {number} width
 * @param {number} height
 * @param {number} size the square's side in pixels
 * @param {import('./geometry.js').Letterbox} place
 * @returns {Bands}
 */
export function bandsOf(width: number, height: number, size: number, { scale, left, top }: import("./geometry.js").Letterbox): Bands;
/**
 * Samples a whole image as the detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Bands} bands of the image's size
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleLetterbox`
 */
export function mixBands({ data, width, height }: import("./geometry.js").Pixels, size: number, { rows, columns, taps, shares, mixed }: Bands, output: Float32Array): Float32Array;
/**
 * What output pixels take of an image's rows and columns.
 */
export type Bands = {
    /**
     * of each output row: row, share, row, share, …, a multiple of TOGETHER of them
     */
    rows: Int32Array[];
    /**
     * the first one that an output pixel takes; -1: none
     */
    columns: Int32Array;
    /**
     * how many it takes, one beside the other
     */
    taps: number;
    /**
     * of the columns, output pixel after output pixel, of what rows give
     */
    shares: Float64Array;
    /**
     * place for the sums of one row: red, green, blue
     */
    mixed: Int32Array;
};
/**
 * of a source pixel in an output pixel
 */
export type Share = {
    pixel: number;
    share: number;
};
