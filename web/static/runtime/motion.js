/**
 * @file How a template has moved in what is seen around a face now. Twin of `Template.motion` in face_emotion/follower.py, whose
 * docstring defines every step; complex numbers there are pairs here.
 */
import {FLAT, halved, standardize} from './levels.js';
import {COUNT, HALF_PLACES, HALF_WEIGHTS, SIZE, U, V, WEIGHTS} from './template.js';

export const WINDOW = 36; // pixels
const MOST = (WINDOW - SIZE) / 2;
const ROUNDS = 8;
const SMALLEST_TURN = 0.001;
const SMALLEST_STEP = 0.01;
const MOST_ZOOM = 1.3;
const MOST_TURN = 25 * (Math.PI / 180);
const FIT = 0.8;

// The pixels of the halved template in the halved window.
const HALF_STARTS = HALF_PLACES.map((place) => Math.floor(place / (SIZE / 2)) * (WINDOW / 2) + place % (SIZE / 2));
const seen = new Float64Array(COUNT); // I^ of the motion that is tried
const small = new Float64Array((WINDOW / 2) ** 2);

/** @typedef {import('./template.js').Template} Template */
/**
 * alpha = [real, imaginary part] turns and grows a face, tau shifts it, in pixels of the template.
 * @typedef {{alpha: [number, number], tau: [number, number]}} Motion
 */

/**
 * How a face has moved to where a window sees it; null where it is lost.
 * @param {Template} template of the face
 * @param {ArrayLike<number>} window WINDOW * WINDOW grey levels, row by row, seen around where the face was
 * @returns {Motion | null}
 */
export function motionOf(template, window) {
  let [re, im, x, y] = [1, 0, ...nearby(template, window)];
  for (let round = 0; round < ROUNDS; round++) {
    look(window, re, im, x, y);
    const [a, b, s, t] = step(template);
    const size = (1 + a) * (1 + a) + b * b;
    [re, im] = [(re * (1 + a) + im * b) / size, (im * (1 + a) - re * b) / size];
    x -= re * s - im * t;
    y -= re * t + im * s;
    if (!isLikely(re, im, x, y)) return null;
    if (Math.abs(a) + Math.abs(b) < SMALLEST_TURN && Math.abs(s) + Math.abs(t) < SMALLEST_STEP) break;
  }
  look(window, re, im, x, y);
  let fit = 0;
  for (let k = 0; k < COUNT; k++) fit += WEIGHTS[k] * template.levels[k] * seen[k];
  return fit >= FIT ? {alpha: [re, im], tau: [x, y]} : null;
}

/** The step p from what is seen. @param {Template} template */
function step({levels, solve}) {
  let [a, b, s, t] = [0, 0, 0, 0];
  for (let k = 0; k < COUNT; k++) {
    const error = seen[k] - levels[k];
    a += solve[k] * error;
    b += solve[COUNT + k] * error;
    s += solve[2 * COUNT + k] * error;
    t += solve[3 * COUNT + k] * error;
  }
  return [a, b, s, t];
}

/** Where a template fits best, by whole pixels of the halved window. @param {Template} template @param {ArrayLike<number>} window */
function nearby({half}, window) {
  halved(window, WINDOW, small);
  let [best, bestX, bestY] = [-Infinity, 0, 0];
  for (let y = -MOST; y <= MOST; y += 2) {
    for (let x = -MOST; x <= MOST; x += 2) {
      const start = (y + MOST) / 2 * (WINDOW / 2) + (x + MOST) / 2;
      let [mean, square, likeness] = [0, 0, 0];
      for (let k = 0; k < HALF_STARTS.length; k++) {
        const level = small[start + HALF_STARTS[k]];
        mean += HALF_WEIGHTS[k] * level;
        square += HALF_WEIGHTS[k] * level * level;
        likeness += half[k] * level;
      }
      const fit = likeness / Math.sqrt(Math.max(square - mean * mean, FLAT));
      if (fit > best) [best, bestX, bestY] = [fit, x, y];
    }
  }
  return [bestX, bestY];
}

/**
 * Puts I^ of a motion into `seen`.
 * @param {ArrayLike<number>} window @param {number} re @param {number} im @param {number} tauX @param {number} tauY
 */
function look(window, re, im, tauX, tauY) {
  const [middleX, middleY] = [tauX + (WINDOW - 1) / 2, tauY + (WINDOW - 1) / 2];
  for (let k = 0; k < COUNT; k++) {
    const x = Math.min(Math.max(re * U[k] - im * V[k] + middleX, 0), WINDOW - 1);
    const y = Math.min(Math.max(im * U[k] + re * V[k] + middleY, 0), WINDOW - 1);
    const column = Math.min(x | 0, WINDOW - 2);
    const row = Math.min(y | 0, WINDOW - 2);
    const place = row * WINDOW + column;
    const above = window[place] + (window[place + 1] - window[place]) * (x - column);
    const below = window[place + WINDOW] + (window[place + WINDOW + 1] - window[place + WINDOW]) * (x - column);
    seen[k] = above + (below - above) * (y - row);
  }
  standardize(seen, WEIGHTS);
}

/** @param {number} re @param {number} im @param {number} x @param {number} y */
function isLikely(re, im, x, y) {
  const zoom = Math.hypot(re, im);
  return zoom >= 1 / MOST_ZOOM && zoom <= MOST_ZOOM && Math.abs(Math.atan2(im, re)) <= MOST_TURN &&
    Math.max(Math.abs(x), Math.abs(y)) <= MOST;
}
