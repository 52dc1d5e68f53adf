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
export function isWhole({data, width, height}, size, {scale, left, top}) {
  const block = Math.max(width, height) / size;
  /** @param {number} side @param {number} start */
  const fits = (side, start) => side % block === 0 && (size - side / block) % 2 === 0 &&
    Math.abs(start - (size - side / block) / 2) < 1e-9; // in the middle
  return Number.isInteger(block) && block <= 16 && scale * block === 1 && fits(width, left) && fits(height, top) &&
    data.byteOffset % 4 === 0;
}

/**
 * Samples a whole image, for which `isWhole`, as a detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleSquare`
 */
export function meanOfBlocks({data, width, height}, size, output) {
  const block = Math.max(width, height) / size;
  const columns = width / block;
  const rows = height / block;
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height); // A, B, G, R from the highest byte
  const redBlue = new Int32Array(columns); // red in the lower 16 bits, blue in the upper ones
  const green = new Int32Array(columns);
  const count = block * block;
  for (let j = 0, source = 0, at = 3 * ((size - rows) / 2 * size + (size - columns) / 2); j < rows; j++, at += 3 * size) {
    redBlue.fill(0);
    green.fill(0);
    for (const end = source + block * width; source < end;) {
      for (let i = 0; i < columns; i++) {
        let twice = 0;
        let once = 0;
        for (const next = source + block; source < next; source++) {
          twice += pixels[source] & 0xff00ff;
          once += (pixels[source] >>> 8) & 0xff;
        }
        redBlue[i] += twice;
        green[i] += once;
      }
    }
    for (let i = 0; i < columns; i++) {
      output[at + 3 * i] = (redBlue[i] & 0xffff) / count;
      output[at + 3 * i + 1] = green[i] / count;
      output[at + 3 * i + 2] = (redBlue[i] >>> 16) / count;
    }
  }
  return output;
}
