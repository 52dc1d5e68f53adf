/**
 * @file What is asked of every call, on both sides of the worker's border: times and a reach that are ones, a picture that
 * has sides.
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
 * @param {number} lookEvery seconds between two looks at whole frames of a video
 * @throws {RangeError} unless it is a finite number, 0 or more
 */
export function checkLookEvery(lookEvery) {
  if (Number.isFinite(lookEvery) && lookEvery >= 0) return;
  throw new RangeError(`lookEvery ${String(lookEvery)}: a finite number of seconds, 0 or more, is expected`);
}

/** @typedef {'near' | 'far'} Reach near: one look at the whole picture; far: small and turned faces as well */

/** @typedef {import('./baseline.js').Baseline} Baseline */

/**
 * How a picture is to be looked at.
 * @typedef {object} Wish
 * @property {number | null} [time] of a video's frame in seconds, from any clock that runs on: then faces have tracks and are
 *   smoothed; null for a still image, which neither uses nor changes tracks
 * @property {boolean} [cropped] the image is one face, cut as tightly as the training faces
 * @property {Baseline | Map<number, Baseline> | Record<number, Baseline> | null} [baseline] a person's own neutral, of which
 *   `learnNeutral` tells: of every face of the image, or of each track that is named (videos only)
 * @property {Reach | null} [reach] near: one look at the whole image, for faces of about a sixth of its longer side and more;
 *   far: small and turned ones as well, for tenths of a second and more; null: the contract's for still images; frames of a
 *   video are looked at near every `lookEvery` seconds, and far now and then, and faces are followed where they move in between
 */

/**
 * How far a detector looks.
 * @param {Reach | null} reach what is wanted; null: the usual
 * @param {number | null} time of a frame; null of a still image
 * @param {Reach} still the usual of still images; of frames it is near
 * @returns {Reach}
 * @throws {RangeError} for another word
 */
export function reachOf(reach, time, still) {
  const wanted = reach ?? (time === null ? still : 'near');
  if (wanted !== 'near' && wanted !== 'far') throw new RangeError(`reach ${String(reach)}: near or far is expected`);
  return wanted;
}

/**
 * @param {unknown} crop
 * @param {number} size its side in pixels
 * @throws {RangeError} unless it is that many grey levels
 */
export function checkCrop(crop, size) {
  if (crop instanceof Uint8Array && crop.length === size ** 2) return;
  throw new RangeError(`crop: a Uint8Array of ${size ** 2} grey levels is expected, ${size} rows of ${size}`);
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
