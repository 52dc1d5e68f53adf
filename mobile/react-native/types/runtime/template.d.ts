/**
 * What of a face is looked for.
 * @typedef {object} Template
 * @property {Float64Array} levels T^ of the pixels that have a weight
 * @property {Float64Array} half those of the halved template, times their weights
 * @property {Float64Array} solve of an e the step p: four rows of COUNT
 */
/**
 * The template of a face; null where it is too flat to tell a motion.
 * @param {ArrayLike<number>} square SIZE * SIZE grey levels, row by row
 * @returns {Template | null}
 */
export function templateOf(square: ArrayLike<number>): Template | null;
export const SIZE: 24;
export const U: Float64Array<ArrayBufferLike>;
export const V: Float64Array<ArrayBufferLike>;
export const WEIGHTS: Float64Array<ArrayBufferLike>;
export const PLACES: Int32Array<ArrayBufferLike>;
export const HALF_WEIGHTS: Float64Array<ArrayBufferLike>;
export const HALF_PLACES: Int32Array<ArrayBufferLike>;
export const COUNT: number;
/**
 * What of a face is looked for.
 */
export type Template = {
    /**
     * T^ of the pixels that have a weight
     */
    levels: Float64Array;
    /**
     * those of the halved template, times their weights
     */
    half: Float64Array;
    /**
     * of an e the step p: four rows of COUNT
     */
    solve: Float64Array;
};
