/**
 * @file What numbers are that somebody gives in place of a picture, and how they become one.
 */
import {UnsupportedImageError} from './errors.js';

const CHANNELS = [1, 3, 4];

/**
 * Refuses an array, a tensor or an object with bytes, and says what to do with it.
 * @param {any} source
 * @throws {UnsupportedImageError}
 */
export function refuseArray(source) {
  const hint = hintOf(source);
  if (hint) throw new UnsupportedImageError(hint);
}

/** @param {any} source @returns {string} a sentence; nothing for anything else */
function hintOf(source) {
  if (source === null || typeof source !== 'object') return '';
  if (typeof ImageData !== 'undefined' && source instanceof ImageData) return '';
  const shape = shapeOf(source);
  if (shape.length === 3 && CHANNELS.includes(shape[0]) && !CHANNELS.includes(shape[2])) {
    return `An array of shape [${shape.join(', ')}] has its channels first ([C, H, W]): bring them pixel by pixel, R, G, B and 255, ` +
      'into new ImageData(bytes, width, height).';
  }
  if (shape.length > 1) {
    return `An array of shape [${shape.join(', ')}] is no picture: bring one, as R, G, B and 255 of each pixel, into ` +
      'new ImageData(bytes, width, height).';
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source) || Array.isArray(source)) {
    return "Numbers without a width are no picture: new ImageData(bytes, width, height) is one, of R, G, B and 255 of each pixel; " +
      "a picture file's content is new Blob([bytes]).";
  }
  if (!ArrayBuffer.isView(source.data)) return '';
  return 'An object with data is no picture: new ImageData(data, width, height) is one, of R, G, B and 255 of each pixel, row by row.';
}

/** Of a tensor what it says, of nested arrays their lengths. @param {any} source @returns {number[]} */
function shapeOf(source) {
  if (Array.isArray(source.shape)) return source.shape;
  const shape = [];
  for (let inner = source; Array.isArray(inner) || (shape.length > 0 && ArrayBuffer.isView(inner)); inner = /** @type {any} */ (inner)[0]) {
    shape.push(/** @type {any} */ (inner).length);
  }
  return shape;
}
