/**
 * @file Stable identities: which face of this frame is which face of the frames before.
 * Twin of face_emotion/tracker.py, whose docstring defines every step.
 */
import {checkTime} from './checks.js';

const NO_MATCH = 1000;
const STALL = 3;

/** @typedef {[number, number, number, number]} Box x_min, y_min, x_max, y_max in pixels */

/** Gives each face a number that stays the same from frame to frame. */
export class Tracker {
  /** @type {Map<number, {box: Box, seen: number}>} in the order of the numbers: new ones are appended */
  #tracks = new Map();
  #count = 0;
  #time = -Infinity;
  #resetAfter;

  /** @param {number} resetAfter seconds without a face after which its track is forgotten, > 0 */
  constructor(resetAfter) {
    this.#resetAfter = resetAfter;
  }

  /**
   * The number of each box's track.
   * @param {Box[]} boxes not empty
   * @param {number} time of the frame in seconds
   * @returns {number[]}
   * @throws {RangeError} if the time or a box is unusable; then nothing has changed
   */
  update(boxes, time) {
    checkTime(time);
    boxes.forEach(checkBox);
    if (time < this.#time) this.#tracks.clear();
    const last = this.#time;
    this.#time = time;
    for (const [number, {seen}] of this.#tracks) {
      if (time - seen > this.#resetAfter * (seen === last ? STALL : 1)) this.#tracks.delete(number);
    }
    const known = [...this.#tracks];
    const costs = known.map(([, old]) => boxes.map((box) => matchCost(old.box, box)));
    const matched = new Map();
    assign(costs).forEach((column, row) => {
      if (column !== null && costs[row][column] < NO_MATCH) matched.set(column, known[row][0]);
    });
    return boxes.map((box, column) => {
      const number = matched.get(column) ?? ++this.#count;
      this.#tracks.set(number, {box, seen: time});
      return number;
    });
  }
}

/**
 * What it costs to take two boxes for one face: 0 where they are equal, NO_MATCH if they are not one.
 * @param {Box} old
 * @param {Box} box
 * @returns {number}
 */
export function matchCost(old, box) {
  const [width, height] = [old[2] - old[0], old[3] - old[1]];
  const [newWidth, newHeight] = [box[2] - box[0], box[3] - box[1]];
  const [side, newSide] = [(width + height) / 2, (newWidth + newHeight) / 2];
  const across = (box[0] + box[2]) / 2 - (old[0] + old[2]) / 2;
  const down = (box[1] + box[3]) / 2 - (old[1] + old[3]) / 2;
  const gap = Math.sqrt(across * across + down * down) / ((side + newSide) / 2);
  if (gap >= 1 || Math.max(side, newSide) >= 2 * Math.min(side, newSide)) return NO_MATCH;
  const sharedWidth = Math.max(0, Math.min(old[2], box[2]) - Math.max(old[0], box[0]));
  const sharedHeight = Math.max(0, Math.min(old[3], box[3]) - Math.max(old[1], box[1]));
  const shared = sharedWidth * sharedHeight;
  return gap + 1 - shared / (width * height + newWidth * newHeight - shared);
}

/**
 * The column assigned to each row so that the total cost is least; null where columns run out.
 * The Hungarian method with potentials; of equal steps the lowest column is taken.
 * @param {number[][]} costs rows of equal length
 * @returns {(number | null)[]}
 */
export function assign(costs) {
  if (!costs.length || !costs[0].length) return costs.map(() => null);
  const [rows, columns] = [costs.length, costs[0].length];
  if (rows > columns) {
    const turned = assign(costs[0].map((_, column) => costs.map((row) => row[column])));
    const assigned = new Array(rows).fill(null);
    turned.forEach((row, column) => { if (row !== null) assigned[row] = column; });
    return assigned;
  }
  const rowPotential = new Array(rows).fill(0);
  const columnPotential = new Array(columns).fill(0);
  const rowOf = new Array(columns).fill(null);
  for (let start = 0; start < rows; start++) {
    const slack = new Array(columns).fill(Infinity);
    const before = new Array(columns).fill(null);
    const done = new Array(columns).fill(false);
    let row = start;
    /** @type {number | null} */
    let column = null;
    for (;;) {
      for (let other = 0; other < columns; other++) {
        if (done[other]) continue;
        const reduced = costs[row][other] - rowPotential[row] - columnPotential[other];
        if (reduced < slack[other]) [slack[other], before[other]] = [reduced, column];
      }
      const next = slack.reduce((best, value, other) =>
        !done[other] && (best < 0 || value < slack[best]) ? other : best, -1);
      const step = slack[next];
      rowPotential[start] += step;
      for (let other = 0; other < columns; other++) {
        if (done[other]) {
          rowPotential[rowOf[other]] += step;
          columnPotential[other] -= step;
        } else {
          slack[other] -= step;
        }
      }
      done[next] = true;
      column = next;
      if (rowOf[next] === null) break;
      row = rowOf[next];
    }
    while (column !== null) {
      /** @type {number | null} */
      const previous = before[column];
      rowOf[column] = previous === null ? start : rowOf[previous];
      column = previous;
    }
  }
  const assigned = new Array(rows).fill(null);
  rowOf.forEach((row, column) => { if (row !== null) assigned[row] = column; });
  return assigned;
}

/** @param {Box} box */
function checkBox(box) {
  if (!(box.every(Number.isFinite) && box[2] > box[0] && box[3] > box[1])) {
    throw new RangeError(`box ${box}: finite numbers with x_min < x_max and y_min < y_max are expected`);
  }
}
