/** @typedef {import('./runtime/geometry.js').Pixels} Pixels */
/**
 * A picture of bytes, RGB or grey.
 * @param {string} text in base64
 * @param {number} width
 * @param {number} height
 * @param {number} [channels] 3, or 1: grey
 * @returns {Pixels}
 */
export function pictureOf(text: string, width: number, height: number, channels?: number): Pixels;
/**
 * A frame of the golden video.
 * @param {Pixels} picture
 * @param {number | null} quarters by which it is turned to the left; null: it is left out, flat grey
 * @param {number[]} shift to the right and down then, in pixels; what leaves it comes in at the other side
 * @returns {Pixels}
 */
export function frameOf(picture: Pixels, quarters: number | null, [right, down]: number[]): Pixels;
export type Pixels = import("./runtime/geometry.js").Pixels;
