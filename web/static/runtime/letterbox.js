/**
 * @file Twin of face_emotion/letterbox.py, whose docstring defines every step: a whole image, or a part of it, as a
 * detector's square input, and the way back.
 */
import {bandsOf, mixBands} from './bands.js';
import {isWhole, meanOfBlocks} from './blocks.js';
import {checkImage} from './geometry.js';

/** @typedef {import('./geometry.js').Letterbox} Letterbox */

/**
 * Where an image of width x height pixels lies in a square of `size` pixels.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 * @returns {Letterbox}
 */
export function letterbox(width, height, size) {
  const longer = Math.max(width, height);
  const scale = size / longer;
  return {scale, left: (size - scale * width) / 2, top: (size - scale * height) / 2, samples: samplesOf(longer, size)};
}

/**
 * Where an image lies whose longer side is brought to `longer` pixels, in a square that begins at (left, top) of it.
 * @param {number} width
 * @param {number} height
 * @param {number} longer
 * @param {number} left
 * @param {number} top
 * @returns {Letterbox}
 */
export function partPlace(width, height, longer, left, top) {
  const side = Math.max(width, height);
  return {scale: longer / side, left: 0 - left, top: 0 - top, samples: samplesOf(side, longer)};
}

/**
 * Samples a whole image as BlazeFace's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Float32Array} [output] as of `sampleSquare`
 * @returns {Float32Array} R, G, B of each pixel in [-1, 1], row by row; -1 beside the image
 */
export function sampleLetterbox(image, size, output) {
  const square = sampleSquare(image, size, letterbox(image.width, image.height, size), output);
  for (let k = 0; k < square.length; k++) square[k] = square[k] / 127.5 - 1;
  return square;
}

/**
 * Samples an image as a detector's input.
 * @param {import('./geometry.js').Pixels} image
 * @param {number} size the square's side in pixels
 * @param {Letterbox} place
 * @param {Float32Array} [output] written to and returned, if given: size * size * 3 numbers
 * @returns {Float32Array} R, G, B of each pixel, 0..255, row by row; 0 beside the image
 */
export function sampleSquare(image, size, place, output = new Float32Array(size * size * 3)) {
  checkImage(image);
  output.fill(0);
  if (isWhole(image, size, place)) return meanOfBlocks(image, size, output);
  return mixBands(image, size, keptBands(image.width, image.height, size, place), output);
}

/**
 * Maps faces of a detector's square, in its pixels, to source pixels.
 * @param {import('./suppression.js').Candidate[]} faces
 * @param {Letterbox} place
 * @returns {import('./suppression.js').Candidate[]} points beside the image stay outside
 */
export function unletterboxed(faces, {scale, left, top}) {
  return faces.map(({values, score}) => ({values: values.map((value, k) => (value - (k & 1 ? top : left)) / scale), score}));
}

/** @param {number} side @param {number} pixels */
function samplesOf(side, pixels) {
  return Math.max(1, Math.ceil(side / pixels));
}

/** @type {{width: number, height: number, size: number, place: Letterbox, bands: import('./bands.js').Bands} | undefined} */
let kept;

/**
 * The shares of rows and columns; a camera's frames all have one size, so the last ones are kept.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 * @param {Letterbox} place
 */
function keptBands(width, height, size, place) {
  const isKept = kept?.width === width && kept.height === height && kept.size === size && kept.place.scale === place.scale &&
    kept.place.left === place.left && kept.place.top === place.top;
  if (!kept || !isKept) kept = {width, height, size, place, bands: bandsOf(width, height, size, place)};
  return kept.bands;
}
