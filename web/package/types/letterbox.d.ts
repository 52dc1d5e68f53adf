/**
 * Where an image of width x height pixels lies in a square of `size` pixels.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 * @returns {import('./geometry.js').Letterbox}
 */
export function letterbox(width: number, height: number, size: number): import("./geometry.js").Letterbox;
/**
 * Samples a whole image as the detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} [output] written to and returned, if given: size * size * 3 numbers
 * @returns {Float32Array} R, G, B of each pixel in [-1, 1], row by row; -1 beside the image
 */
export function sampleLetterbox(image: import("./geometry.js").Pixels, size: number, output?: Float32Array): Float32Array;
/**
 * Maps a point of the detector's square, in fractions of its side, to source pixels.
 * @param {number} x
 * @param {number} y
 * @param {import('./geometry.js').Letterbox} place
 * @param {number} size the square's side in pixels, as given to `letterbox`
 * @returns {[number, number]} points beside the image stay outside
 */
export function unletterbox(x: number, y: number, place: import("./geometry.js").Letterbox, size: number): [number, number];
