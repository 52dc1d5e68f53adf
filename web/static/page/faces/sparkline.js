/** @file The last half minute of a face, small: how sure its expression was, in that expression's colour. */
import {contextOf} from '../elements.js';
import {shadeOfFace, shareOf} from '../palette.js';

/** @typedef {{share: number, shade: string}} Column share: of its height */

const STEP = 0.5; // seconds a column
const COLUMNS = 60;
const WIDTH = 4; // of a column in the canvas's own pixels; style.css gives it its size
const HEIGHT = 48;

/** The canvas's size. */
export const SIZE = {width: COLUMNS * WIDTH, height: HEIGHT};

/**
 * What there is to draw of a face. A column is a half second of the clock, so that columns move and never change.
 * @param {import('../timeline.js').Sample[]} samples of all faces, the newest last
 * @param {number} face whose
 * @param {string[]} labels the model's classes
 * @param {number} now seconds
 * @returns {(Column | null)[]} the newest last; null: nobody was seen for longer than a second
 */
export function columnsOf(samples, face, labels, now) {
  /** @type {(Column | null)[]} */
  const columns = Array(COLUMNS).fill(null);
  const first = Math.floor(now / STEP) - COLUMNS + 1;
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    const sample = samples[index];
    const place = Math.floor(sample.time / STEP) - first;
    if (place < 0) break;
    if (sample.face === face) columns[place] ??= {share: shareOf(sample, labels), shade: shadeOfFace(sample, labels)};
  }
  return columns.map((column, place) => column ?? columns[place - 1] ?? columns[place - 2] ?? null);
}

/**
 * @param {HTMLCanvasElement} canvas of SIZE
 * @param {(Column | null)[]} columns
 */
export function drawSparkline(canvas, columns) {
  const context = contextOf(canvas);
  context.clearRect(0, 0, SIZE.width, HEIGHT);
  columns.forEach((column, place) => {
    if (!column) return;
    const height = Math.max(column.share * HEIGHT, 3);
    context.fillStyle = column.shade;
    context.fillRect(place * WIDTH, HEIGHT - height, WIDTH, height);
  });
}
