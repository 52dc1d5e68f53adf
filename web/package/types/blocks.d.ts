/**
 * @file The quick way to the detector's square for every usual size of a camera's frames (640x480, 1280x720, 1920x1080):
 * its samples stand on whole pixels there, so that an output pixel is the mean of a block of them. letterbox.js asks.
 */
/**
 * Whether each sample stands on the centre of a pixel. Sums of up to 16x16 bytes have 16 bits.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @returns {boolean}
 */
export function isWhole({ data, width, height }: import("./geometry.js").Pixels, size: number): boolean;
/**
 * Samples a whole image, for which `isWhole`, as the detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleLetterbox`
 */
export function meanOfBlocks({ data, width, height }: import("./geometry.js").Pixels, size: number, output: Float32Array): Float32Array;
