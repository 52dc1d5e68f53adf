/**
 * @file How many pixels a picture may have, so that no file takes more than 1 GB of memory: those of face_emotion/pictures.py and
 * face_emotion/command/videos.py. Pure.
 *
 * Chromium takes 4 to 11 bytes a pixel while it decodes and draws one (tests/web/test_big_pictures.py).
 */

import {UnsupportedImageError} from './errors.js';

export const MOST_PIXELS = 64_000_000;
/** Of a JPEG that is decoded at half its size or less; of a progressive one, which is held whole as coefficients. */
export const [MOST_OF_JPEG, MOST_OF_PROGRESSIVE] = [178_956_970, 100_000_000];
/** Of a video's frame, 8K and a little: a browser keeps several. */
export const MOST_OF_FRAME = 36_000_000;

/**
 * How many pixels a picture may have here.
 * @param {string} form e.g. "JPEG"
 * @param {import('./picture_size.js').PictureSize} size
 * @param {boolean} canReduce whether the browser decodes a JPEG at a reduced size
 */
export function mostOf(form, {isProgressive}, canReduce) {
  if (form !== 'JPEG' || !canReduce) return MOST_PIXELS;
  return isProgressive ? MOST_OF_PROGRESSIVE : MOST_OF_JPEG;
}

/**
 * @param {{width: number, height: number}} size in pixels
 * @param {number} most pixels in all
 * @throws {UnsupportedImageError} for more
 */
export function checkMost({width, height}, most) {
  if (width * height <= most) return;
  throw new UnsupportedImageError(
    `The picture has ${width} × ${height} pixels; more than ${most.toLocaleString('en')} are not read: shrink it first.`);
}
