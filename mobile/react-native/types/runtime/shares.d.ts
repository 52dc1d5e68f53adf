/** @typedef {{pixel: number, share: number}} Share of a source pixel in an output pixel */
/**
 * The shares of source pixels, one beside the other, in each output pixel along one side.
 * @param {number} start @param {number} scale @param {number} length @param {number} size @param {number} samples
 * @returns {Share[][]}
 */
export function sharesOf(start: number, scale: number, length: number, size: number, samples: number): Share[][];
/**
 * Shares in whole numbers, rounded so that their sum is that of the shares; filled up with rows of no share.
 * @param {Share[]} found
 * @param {number} together of which there is to be a multiple
 */
export function inWholeNumbers(found: Share[], together: number): Int32Array<ArrayBuffer>;
/**
 * @file What source pixels take of output pixels along one side of an image that is sampled into a square; bands.js asks.
 */
export const ONE: number;
/**
 * of a source pixel in an output pixel
 */
export type Share = {
    pixel: number;
    share: number;
};
