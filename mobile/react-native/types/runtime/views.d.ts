/**
 * The square around the middle of a whole image.
 * @param {number} width of the image in pixels
 * @param {number} height
 * @param {number} side of the square in source pixels
 * @param {number} turn in degrees
 * @returns {Transform}
 */
export function wholeView(width: number, height: number, side: number, turn: number): Transform;
/**
 * The square of a place.
 * @param {import('./geometry.js').Letterbox} place
 * @param {number} size of the square in its own pixels
 * @returns {Transform}
 */
export function viewOf({ scale, left, top }: import("./geometry.js").Letterbox, size: number): Transform;
/**
 * A square of an image as a network takes it, in grey.
 * @param {import('./geometry.js').Pixels} image
 * @param {Transform} view
 * @param {number} size in pixels
 * @returns {Float32Array} R, G, B of each pixel, 0..255
 */
export function shown(image: import("./geometry.js").Pixels, view: Transform, size: number): Float32Array;
/**
 * A point of a square in source pixels.
 * @param {number} u @param {number} v in pixels of the square
 * @param {Transform} view
 * @param {number} size of the square in its own pixels
 * @returns {Point}
 */
export function placed(u: number, v: number, { centerX, centerY, side, angle }: Transform, size: number): Point;
/** @param {number} degrees */
export function radians(degrees: number): number;
export type Transform = import("./geometry.js").Transform;
export type Point = import("./geometry.js").Point;
