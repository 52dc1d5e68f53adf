/**
 * @file The quick way to a detector's square for a whole image whose sides are multiples of it, such as a camera's 640x480 or
 * 1280x720 in 128 or 640 pixels: its samples stand on whole pixels there, so that an output pixel is the mean of a block of
 * them. letterbox.js asks.
 */
/**
 * Whether the whole image is in the square, and each sample on the centre of a pixel. Sums of up to 16x16 bytes have 16 bits.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {import('./geometry.js').Letterbox} place
 * @returns {boolean}
 */
export function isWhole({ data, width, height }: import("./geometry.js").Pixels, size: number, { scale, left, top }: import("./geometry.js").Letterbox): boolean;
/**
 * Samples a whole image, for which `isWhole`, as a detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleSquare`
 */
export function meanOfBlocks({ data, width, height }: import("./geometry.js").Pixels, size: number, output: Float32Array): Float32Array;
