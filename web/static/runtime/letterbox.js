/**
 * @file The second half of geometry.py: a whole frame as the detector's square input, and the way back.
 */
import {isWhole, meanOfBlocks} from './blocks.js';
import {checkImage} from './geometry.js';

/**
 * Where an image of width x height pixels lies in a square of `size` pixels.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 * @returns {import('./geometry.js').Letterbox}
 */
export function letterbox(width, height, size) {
  const scale = size / Math.max(width, height);
  return {scale, left: (size - scale * width) / 2, top: (size - scale * height) / 2};
}

/**
 * Samples a whole image as the detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} [output] written to and returned, if given: size * size * 3 numbers
 * @returns {Float32Array} R, G, B of each pixel in [-1, 1], row by row; -1 beside the image
 */
export function sampleLetterbox(image, size, output = new Float32Array(size * size * 3)) {
  checkImage(image);
  const {data, width, height} = image;
  output.fill(-1);
  if (isWhole(image, size)) return meanOfBlocks(image, size, output);
  const {down, across} = sharesOf(width, height, size);
  const mixed = new Float64Array(3 * width);
  // Upright bilinear sampling is separable: rows are mixed first, then the columns of what they give.
  for (let j = 0; j < size; j++) {
    if (down.first[j] === down.first[j + 1]) continue;
    mixed.fill(0);
    for (let k = down.first[j]; k < down.first[j + 1]; k++) {
      const share = down.share[k];
      for (let at = 0, source = 4 * width * down.pixel[k]; at < mixed.length; at += 3, source += 4) {
        mixed[at] += share * data[source];
        mixed[at + 1] += share * data[source + 1];
        mixed[at + 2] += share * data[source + 2];
      }
    }
    for (let i = 0, at = 3 * size * j; i < size; i++, at += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = across.first[i]; k < across.first[i + 1]; k++) {
        const share = across.share[k];
        const source = 3 * across.pixel[k];
        red += share * mixed[source];
        green += share * mixed[source + 1];
        blue += share * mixed[source + 2];
      }
      output[at] = red / 127.5 - 1;
      output[at + 1] = green / 127.5 - 1;
      output[at + 2] = blue / 127.5 - 1;
    }
  }
  return output;
}

/**
 * Maps a point of the detector's square, in fractions of its side, to source pixels.
 * @param {number} x
 * @param {number} y
 * @param {import('./geometry.js').Letterbox} place
 * @param {number} size the square's side in pixels, as given to `letterbox`
 * @returns {[number, number]} points beside the image stay outside
 */
export function unletterbox(x, y, place, size) {
  return [(x * size - place.left) / place.scale, (y * size - place.top) / place.scale];
}

/** @typedef {{first: Int32Array, pixel: Int32Array, share: Float64Array}} Mixing what `mixing` returns */
/** @type {{width: number, height: number, size: number, down: Mixing, across: Mixing} | undefined} */
let kept;

/**
 * The shares of rows and columns; a camera's frames all have one size, so the last ones are kept.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 */
function sharesOf(width, height, size) {
  if (kept?.width !== width || kept.height !== height || kept.size !== size) {
    const {scale, left, top} = letterbox(width, height, size);
    const n = Math.max(1, Math.ceil(Math.max(width, height) / size));
    const [down, across] = [mixing(top, scale, height, size, n), mixing(left, scale, width, size, n)];
    kept = {width, height, size, down, across};
  }
  return kept;
}

/**
 * The share of each source pixel in each output pixel along one side.
 * Output pixel i takes the entries first[i] .. first[i + 1] - 1 of `pixel` and `share`.
 * @param {number} start @param {number} scale @param {number} length @param {number} size @param {number} n
 * @returns {Mixing}
 */
function mixing(start, scale, length, size, n) {
  const first = new Int32Array(size + 1);
  const pixel = [];
  const share = [];
  for (let i = 0; i < size; i++) {
    const shares = new Map();
    /** @param {number} place @param {number} weight */
    const add = (place, weight) => weight > 0 && shares.set(place, (shares.get(place) ?? 0) + weight / n);
    for (let k = i * n; k < i * n + n; k++) {
      const x = ((k + 0.5) / n - start) / scale;
      if (x < 0 || x >= length) continue;
      const p = Math.min(Math.max(x - 0.5, 0), length - 1);
      const c = Math.floor(p);
      add(c, 1 - p + c);
      add(Math.min(c + 1, length - 1), p - c);
    }
    for (const [place, weight] of shares) {
      pixel.push(place);
      share.push(weight);
    }
    first[i + 1] = pixel.length;
  }
  return {first, pixel: Int32Array.from(pixel), share: Float64Array.from(share)};
}
