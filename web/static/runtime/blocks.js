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
export function isWhole({data, width, height}, size) {
  const block = Math.max(width, height) / size;
  /** @param {number} side */
  const fits = (side) => side % block === 0 && (size - side / block) % 2 === 0;
  return Number.isInteger(block) && block <= 16 && fits(width) && fits(height) && data.byteOffset % 4 === 0;
}

/**
 * Samples a whole image, for which `isWhole`, as the detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleLetterbox`
 */
export function meanOfBlocks({data, width, height}, size, output) {
  const block = Math.max(width, height) / size;
  const columns = width / block;
  const rows = height / block;
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height); // A, B, G, R from the highest byte
  const redBlue = new Int32Array(columns); // red in the lower 16 bits, blue in the upper ones
  const green = new Int32Array(columns);
  const scale = 127.5 * block * block;
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
      output[at + 3 * i] = (redBlue[i] & 0xffff) / scale - 1;
      output[at + 3 * i + 1] = green[i] / scale - 1;
      output[at + 3 * i + 2] = (redBlue[i] >>> 16) / scale - 1;
    }
  }
  return output;
}
