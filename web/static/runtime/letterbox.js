/**
 * @file Twin of face_emotion/letterbox.py: a whole frame as the detector's square input, and the way back.
 */
import {bandsOf, mixBands} from './bands.js';
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
  const {width, height} = image;
  output.fill(-1);
  if (isWhole(image, size)) return meanOfBlocks(image, size, output);
  return mixBands(image, size, keptBands(width, height, size), output);
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

/** @type {{width: number, height: number, size: number, bands: import('./bands.js').Bands} | undefined} */
let kept;

/**
 * The shares of rows and columns; a camera's frames all have one size, so the last ones are kept.
 * @param {number} width
 * @param {number} height
 * @param {number} size
 */
function keptBands(width, height, size) {
  if (kept?.width !== width || kept.height !== height || kept.size !== size) {
    kept = {width, height, size, bands: bandsOf(width, height, size, letterbox(width, height, size))};
  }
  return kept.bands;
}
