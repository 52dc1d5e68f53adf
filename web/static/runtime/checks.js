/**
 * @file What is asked of every call, on both sides of the worker's border: a time that is one, a picture that has sides.
 */
import {UnsupportedImageError} from './errors.js';

/** Pixels that a picture has a side, at least. */
export const LEAST_SIDE = 8;

/**
 * @param {number} time in seconds
 * @throws {RangeError} unless it is a finite number
 */
export function checkTime(time) {
  if (!Number.isFinite(time)) throw new RangeError(`time ${String(time)}: a finite number of seconds is expected`);
}

/**
 * @param {number} width
 * @param {number} height in pixels
 * @throws {UnsupportedImageError} if the picture is too small for a face
 */
export function checkSides(width, height) {
  if (width >= LEAST_SIDE && height >= LEAST_SIDE) return;
  throw new UnsupportedImageError(
    `The picture has ${width} × ${height} pixels; at least ${LEAST_SIDE} × ${LEAST_SIDE} are needed.`);
}
