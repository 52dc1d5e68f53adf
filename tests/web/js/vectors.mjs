// What the JavaScript tests share: the vectors that pytest wrote (environment variable VECTORS) and their images.
import {readFileSync} from 'node:fs';

/** @typedef {import('../../../web/static/runtime/geometry.js').Pixels} Pixels */
/** @typedef {import('../../../web/static/runtime/tracker.js').Box} Box */
/** @typedef {import('../../../web/static/runtime/geometry.js').Point} Point */
/** @typedef {{center_x: number, center_y: number, side: number, angle: number}} PythonTransform */
/** @typedef {{width: number, height: number, rgb: string}} Picture rgb: base64 */

/**
 * What pytest wrote.
 * @typedef {object} Vectors
 * @property {2} format of the manifest that the contract is of
 * @property {any} contract as manifest.json holds it, no entry that came with format 2 its default
 * @property {(Picture & {box?: Box, eyes: [Point, Point],
 *   transform: PythonTransform, grey: string})[]} crops
 * @property {(Picture & {size: number, part: [number, number, number] | [], square: string,
 *   place: import('../../../web/static/runtime/geometry.js').Letterbox})[]} squares part: longer side, left, top; []: the whole
 * @property {{costs: number[][], columns: (number | null)[]}[]} assignments
 */

/** The released classifiers. */
export const MODELS = ['nano', 'small', 'base'];

/** @type {Vectors} */
export const vectors = process.env.VECTORS ? JSON.parse(readFileSync(process.env.VECTORS, 'utf8')) : {};

/**
 * Bytes of base64 text.
 * @param {string} text
 */
export const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));

/**
 * What a canvas would hold of RGB bytes.
 * @param {Uint8Array} rgb
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
export function pixels(rgb, width, height) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) data.set(rgb.subarray(from, from + 3), to);
  return {data, width, height};
}

/**
 * The largest absolute difference of two lists of numbers of one length.
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
export function largestDifference(one, other) {
  if (one.length !== other.length) throw new Error(`${one.length} numbers against ${other.length}`);
  return Array.from(one).reduce((worst, value, index) => Math.max(worst, Math.abs(value - other[index])), 0);
}

/**
 * The median milliseconds of `rounds` calls, after as many to warm up.
 * @param {() => void} call
 */
export function medianTime(call, rounds = 40) {
  const times = [];
  for (let round = 0; round < 2 * rounds; round++) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return times.slice(rounds).sort((one, other) => one - other)[rounds >> 1];
}

/**
 * A JSON file under models/, which Python wrote.
 * @param {string} path
 */
export const released = (path) => support(`../../models/${path}`);

/**
 * A JSON file under tests/support/, which Python wrote.
 * @param {string} path
 */
export const support = (path) =>
  JSON.parse(readFileSync(new URL(`../../support/${path}`, import.meta.url), 'utf8'));
