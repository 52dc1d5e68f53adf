/**
 * @file The way to a detector's square for images and parts of every size: bilinear samples, of which rows are mixed first, four
 * or six at a time, then the columns of what they give. The shares are whole numbers, so that this is integer arithmetic.
 * letterbox.js asks; blocks.js is quicker where samples stand on whole pixels.
 */
import {inWholeNumbers, ONE, sharesOf} from './shares.js';

const TOGETHER = [4, 6]; // rows

/**
 * What output pixels take of an image's rows and columns.
 * @typedef {object} Bands
 * @property {number} together how many rows are mixed at a time
 * @property {Int32Array[]} rows of each output row: row, share, row, share, …, a multiple of `together` of them
 * @property {number} from the first column of the image that an output pixel takes
 * @property {number} end the column behind the last one
 * @property {Int32Array} columns the first one that an output pixel takes; -1: none
 * @property {number} taps how many it takes, one beside the other
 * @property {Float64Array} shares of the columns, output pixel after output pixel, of what rows give
 * @property {Int32Array} mixed place for the sums of one row: red, green, blue
 */

/**
 * The shares that a size of images needs at a place: the same for each of a camera's frames.
 * @param {number} width
 * @param {number} height
 * @param {number} size the square's side in pixels
 * @param {import('./geometry.js').Letterbox} place
 * @returns {Bands}
 */
export function bandsOf(width, height, size, {scale, left, top, samples}) {
  const across = sharesOf(left, scale, width, size, samples);
  const taps = Math.max(...across.map((found) => found.length));
  // Those at the right edge begin further left, and take nothing of what they need not.
  const columns = Int32Array.from(across, (found) => (found.length ? Math.min(found[0].pixel, width - taps) : -1));
  const shares = new Float64Array(size * taps);
  across.forEach((found, i) => found.forEach(({pixel, share}) => {
    shares[i * taps + pixel - columns[i]] = share / ONE;
  }));
  const down = sharesOf(top, scale, height, size, samples);
  /** @param {number} count @returns {number} rows that are mixed, those of no share included */
  const mixedBy = (count) => down.reduce((sum, found) => sum + Math.ceil(found.length / count) * count, 0);
  const together = mixedBy(TOGETHER[0]) <= mixedBy(TOGETHER[1]) ? TOGETHER[0] : TOGETHER[1];
  const rows = down.map((found) => inWholeNumbers(found, together));
  const taken = columns.filter((column) => column >= 0); // they grow
  const [from, end] = taken.length ? [taken[0], taken[taken.length - 1] + taps] : [0, 0];
  return {together, rows, from, end, columns, taps, shares, mixed: new Int32Array(3 * width)};
}

/**
 * Samples an image as a detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Bands} bands of the image's size and place
 * @param {Float32Array} output written to and returned; beside the image it stays as it is
 * @returns {Float32Array} as `sampleSquare`
 */
export function mixBands({data, width, height}, size, {together, rows, from, end, columns, taps, shares, mixed}, output) {
  const bytes = data.byteOffset % 4 ? data.slice() : data;
  const pixels = new Uint32Array(bytes.buffer, bytes.byteOffset, width * height); // A, B, G, R from the highest byte
  for (let j = 0; j < size; j++) {
    if (!rows[j].length) continue;
    mixed.fill(0, 3 * from, 3 * end);
    for (let k = 0; k < rows[j].length; k += 2 * together) {
      (together === 4 ? addFour : addSix)(pixels, width, from, end, rows[j].subarray(k), mixed);
    }
    for (let i = 0, at = 3 * size * j; i < size; i++, at += 3) {
      if (columns[i] < 0) continue;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = i * taps, source = 3 * columns[i]; k < (i + 1) * taps; k++, source += 3) {
        const share = shares[k];
        red += share * mixed[source];
        green += share * mixed[source + 1];
        blue += share * mixed[source + 2];
      }
      output[at] = red;
      output[at + 1] = green;
      output[at + 2] = blue;
    }
  }
  return output;
}

/**
 * Adds four rows by their shares: at once, as the sums are read and written once only.
 * @param {Uint32Array} pixels @param {number} width @param {number} from @param {number} end columns
 * @param {Int32Array} four as an entry of `rows`
 * @param {Int32Array} sums red, green, blue of each column
 */
function addFour(pixels, width, from, end, four, sums) {
  const [a, b, c, d] = [four[0] * width, four[2] * width, four[4] * width, four[6] * width];
  const [first, second, third, fourth] = [four[1], four[3], four[5], four[7]];
  for (let x = from, to = 3 * from; x < end; x++, to += 3) {
    const p = pixels[a + x];
    const q = pixels[b + x];
    const r = pixels[c + x];
    const s = pixels[d + x];
    sums[to] += Math.imul(p & 255, first) + Math.imul(q & 255, second) +
      Math.imul(r & 255, third) + Math.imul(s & 255, fourth) | 0;
    sums[to + 1] += Math.imul((p >>> 8) & 255, first) + Math.imul((q >>> 8) & 255, second) +
      Math.imul((r >>> 8) & 255, third) + Math.imul((s >>> 8) & 255, fourth) | 0;
    sums[to + 2] += Math.imul((p >>> 16) & 255, first) + Math.imul((q >>> 16) & 255, second) +
      Math.imul((r >>> 16) & 255, third) + Math.imul((s >>> 16) & 255, fourth) | 0;
  }
}

/**
 * Adds six rows, as `addFour`.
 * @param {Uint32Array} pixels @param {number} width @param {number} from @param {number} end
 * @param {Int32Array} six
 * @param {Int32Array} sums
 */
function addSix(pixels, width, from, end, six, sums) {
  const [a, b, c, d, e, f] = [six[0] * width, six[2] * width, six[4] * width, six[6] * width, six[8] * width, six[10] * width];
  const [first, second, third, fourth, fifth, sixth] = [six[1], six[3], six[5], six[7], six[9], six[11]];
  for (let x = from, to = 3 * from; x < end; x++, to += 3) {
    const p = pixels[a + x];
    const q = pixels[b + x];
    const r = pixels[c + x];
    const s = pixels[d + x];
    const t = pixels[e + x];
    const u = pixels[f + x];
    sums[to] += Math.imul(p & 255, first) + Math.imul(q & 255, second) + Math.imul(r & 255, third) +
      Math.imul(s & 255, fourth) + Math.imul(t & 255, fifth) + Math.imul(u & 255, sixth) | 0;
    sums[to + 1] += Math.imul((p >>> 8) & 255, first) + Math.imul((q >>> 8) & 255, second) + Math.imul((r >>> 8) & 255, third) +
      Math.imul((s >>> 8) & 255, fourth) + Math.imul((t >>> 8) & 255, fifth) + Math.imul((u >>> 8) & 255, sixth) | 0;
    sums[to + 2] += Math.imul((p >>> 16) & 255, first) + Math.imul((q >>> 16) & 255, second) +
      Math.imul((r >>> 16) & 255, third) + Math.imul((s >>> 16) & 255, fourth) + Math.imul((t >>> 16) & 255, fifth) +
      Math.imul((u >>> 16) & 255, sixth) | 0;
  }
}
