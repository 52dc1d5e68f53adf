/**
 * How many pixels a picture may have here.
 * @param {string} form e.g. "JPEG"
 * @param {import('./picture_size.js').PictureSize} size
 * @param {boolean} canReduce whether the browser decodes a JPEG at a reduced size
 */
export function mostOf(form: string, { isProgressive }: import("./picture_size.js").PictureSize, canReduce: boolean): number;
/**
 * @param {{width: number, height: number}} size in pixels
 * @param {number} most pixels in all
 * @throws {UnsupportedImageError} for more
 */
export function checkMost({ width, height }: {
    width: number;
    height: number;
}, most: number): void;
export const MOST_PIXELS: 64000000;
export const MOST_OF_JPEG: number;
export const MOST_OF_PROGRESSIVE: number;
/** Of a video's frame, 8K and a little: a browser keeps several. */
export const MOST_OF_FRAME: 36000000;
