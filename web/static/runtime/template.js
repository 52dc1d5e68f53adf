/**
 * @file The grey levels of a face that is followed, and what does not change while they are looked for (motion.js). Twin of
 * `Template.of` in face_emotion/follower.py, whose docstring defines every step.
 */
import {gradient, grid, halved, inverse, standardize, weighed} from './levels.js';

export const SIZE = 24; // pixels
const FLATTEST = 9; // grey levels squared: of a template that can be followed

export const {u: U, v: V, weights: WEIGHTS, places: PLACES} = grid(SIZE);
export const {weights: HALF_WEIGHTS, places: HALF_PLACES} = grid(SIZE / 2);
export const COUNT = PLACES.length;

/**
 * What of a face is looked for.
 * @typedef {object} Template
 * @property {Float64Array} levels T^ of the pixels that have a weight
 * @property {Float64Array} half those of the halved template, times their weights
 * @property {Float64Array} solve of an e the step p: four rows of COUNT
 */

/**
 * The template of a face; null where it is too flat to tell a motion.
 * @param {ArrayLike<number>} square SIZE * SIZE grey levels, row by row
 * @returns {Template | null}
 */
export function templateOf(square) {
  const levels = Float64Array.from(PLACES, (place) => square[place]);
  const mean = weighed(WEIGHTS, levels);
  const variance = standardize(levels, WEIGHTS);
  if (variance < FLATTEST) return null;
  const normal = Float64Array.from(square, (level) => (level - mean) / Math.sqrt(variance));
  const [across, down] = [1, SIZE].map((step) => {
    const all = gradient(normal, SIZE, step);
    return Float64Array.from(PLACES, (place) => all[place]);
  });
  const steepest = [
    across.map((value, k) => value * U[k] + down[k] * V[k]), across.map((value, k) => down[k] * U[k] - value * V[k]), across, down,
  ];
  for (const one of steepest) {
    const middle = weighed(WEIGHTS, one);
    const share = weighed(WEIGHTS, one, levels); // the mean of T^ is 0
    one.forEach((value, k) => { one[k] = value - middle - share * levels[k]; });
  }
  const weighted = steepest.map((one) => one.map((value, k) => value * WEIGHTS[k]));
  const inverted = inverse(weighted.map((one) => steepest.map((other) => weighed(one, other))));
  if (!inverted) return null;
  const solve = new Float64Array(4 * COUNT);
  inverted.forEach((shares, row) => shares.forEach((share, way) => {
    for (let k = 0; k < COUNT; k++) solve[row * COUNT + k] += share * weighted[way][k];
  }));
  const whole = halved(square, SIZE);
  const half = Float64Array.from(HALF_PLACES, (place) => whole[place]);
  standardize(half, HALF_WEIGHTS);
  return {levels, half: half.map((value, k) => value * HALF_WEIGHTS[k]), solve};
}
