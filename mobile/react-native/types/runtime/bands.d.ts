/**
 * What output pixels take of an image's rows and columns.
 * @typedef {object} Bands
 * @property {number} together how many rows are mixed at a time
 * @property {Int32Array[]} rows of each output row: row, share, row, share, …, a multiple of `together` of them
 * @property {number} from the first column of the image that an output pixel takes
 * @property {number} end the column behind the last one
 * @property {Int32Array} columns the first one that an output pixel takes; -1: none
 * @property {number} taps how many it takes, one beside the other
 * @property {Float64Array} shares of the columns, output pixel after output pixel, of what rows give
 * @property {Int32Array} mixed place for the sums of one row: red, green, blue
 */
/**
 * The shares that a size of images needs at a place: the same for each of a camera's frames.
 * @param {number} width
 * @param {number} height
 * @param {number} size the square's side in pixels
 * @param {import('./geometry.js').Letterbox} place
 * @returns {Bands}
 */
export function bandsOf(width: number, height: number, size: number, { scale, left, top, samples }: import("./geometry.js").Letterbox): Bands;
/**
 * Samples an image as a detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Bands} bands of the image's size and place
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleSquare`
 */
export function mixBands({ data, width, height }: import("./geometry.js").Pixels, size: number, { together, rows, from, end, columns, taps, shares, mixed }: Bands, output: Float32Array): Float32Array;
/**
 * What output pixels take of an image's rows and columns.
 */
export type Bands = {
    /**
     * how many rows are mixed at a time
     */
    together: number;
    /**
     * of each output row: row, share, row, share, …, a multiple of `together` of them
     */
    rows: Int32Array[];
    /**
     * the first column of the image that an output pixel takes
     */
    from: number;
    /**
     * the column behind the last one
     */
    end: number;
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
