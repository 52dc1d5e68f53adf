/** @typedef {import('./geometry.js').Letterbox} Letterbox */
/**
 * Where an image of width x height pixels lies in a square of `size` pixels.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 * @returns {Letterbox}
 */
export function letterbox(width: number, height: number, size: number): Letterbox;
/**
 * Where an image lies whose longer side is brought to `longer` pixels, in a square that begins at (left, top) of it.
 * @param {number} width
 * @param {number} height
 * @param {number} longer
 * @param {number} left
 * @param {number} top
 * @returns {Letterbox}
 */
export function partPlace(width: number, height: number, longer: number, left: number, top: number): Letterbox;
/**
 * Samples a whole image as BlazeFace's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} [output] as of `sampleSquare`
 * @returns {Float32Array} R, G, B of each pixel in [-1, 1], row by row; -1 beside the image
 */
export function sampleLetterbox(image: import("./geometry.js").Pixels, size: number, output?: Float32Array): Float32Array;
/**
 * Samples an image as a detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Letterbox} place
 * @param {Float32Array} [output] written to and returned, if given: size * size * 3 numbers
 * @returns {Float32Array} R, G, B of each pixel, 0..255, row by row; 0 beside the image
 */
export function sampleSquare(image: import("./geometry.js").Pixels, size: number, place: Letterbox, output?: Float32Array): Float32Array;
/**
 * Maps faces of a detector's square, in its pixels, to source pixels.
 * @param {import('./suppression.js').Candidate[]} faces
 * @param {Letterbox} place
 * @returns {import('./suppression.js').Candidate[]} points beside the image stay outside
 */
export function unletterboxed(faces: import("./suppression.js").Candidate[], { scale, left, top }: Letterbox): import("./suppression.js").Candidate[];
export type Letterbox = import("./geometry.js").Letterbox;
