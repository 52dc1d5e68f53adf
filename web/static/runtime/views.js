/**
 * @file Squares of an image, turned by any angle, as a network sees them, and the way back to source pixels. Twin of
 * face_emotion/views.py.
 */
import {sampleGrey} from './geometry.js';

/** @typedef {import('./geometry.js').Transform} Transform */
/** @typedef {import('./geometry.js').Point} Point */

/** @type {[number, number, number]} */
const LUMA = [0.299, 0.587, 0.114];
const MOST_SAMPLES = 4; // a side of a pixel

/**
 * The square around the middle of a whole image.
 * @param {number} width of the image in pixels
 * @param {number} height
 * @param {number} side of the square in source pixels
 * @param {number} turn in degrees
 * @returns {Transform}
 */
export function wholeView(width, height, side, turn) {
  return {centerX: width / 2, centerY: height / 2, side, angle: radians(turn)};
}

/**
 * The square of a place.
 * @param {import('./geometry.js').Letterbox} place
 * @param {number} size of the square in its own pixels
 * @returns {Transform}
 */
export function viewOf({scale, left, top}, size) {
  const side = size / scale;
  return {centerX: side / 2 - left / scale, centerY: side / 2 - top / scale, side, angle: 0};
}

/**
 * A square of an image as a network takes it, in grey.
 * @param {import('./geometry.js').Pixels} image
 * @param {Transform} view
 * @param {number} size in pixels
 * @returns {Float32Array} R, G, B of each pixel, 0..255
 */
export function shown(image, view, size) {
  const grey = sampleGrey(image, view, size, LUMA, MOST_SAMPLES);
  const square = new Float32Array(3 * grey.length);
  for (let place = 0, to = 0; place < grey.length; place++) {
    for (let k = 0; k < 3; k++) square[to++] = grey[place];
  }
  return square;
}

/**
 * A point of a square in source pixels.
 * @param {number} u @param {number} v in pixels of the square
 * @param {Transform} view
 * @param {number} size of the square in its own pixels
 * @returns {Point}
 */
export function placed(u, v, {centerX, centerY, side, angle}, size) {
  const [x, y] = [(u - size / 2) * (side / size), (v - size / 2) * (side / size)];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return [centerX + x * cosine - y * sine, centerY + x * sine + y * cosine];
}

/** @param {number} degrees */
export function radians(degrees) {
  return degrees * (Math.PI / 180);
}
