import assert from 'node:assert/strict';
import {test} from 'node:test';

import {intersectionOverUnion, weightedSuppression} from '../../../web/static/runtime/suppression.js';
import {cellsOf, decodeYuNet} from '../../../web/static/runtime/yunet.js';
import {largestDifference} from './vectors.mjs';

/** A row: a box, and its centre as the one key point. @param {number} score @param {...number} box */
const row = (score, ...box) => ({score, values: [...box, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2]});
/** @param {import('../../../web/static/runtime/suppression.js').Candidate[]} found */
const scoresOf = (found) => found.map(({score}) => score);

test('overlapping rows are one face at their weighted mean', () => {
  const found = weightedSuppression([row(0.2, 0, 0, 10, 10), row(0.6, 4, 0, 14, 10)], 0.3);
  assert.deepEqual(scoresOf(found), [0.6]);
  assert.ok(largestDifference(found[0].values, [3, 0, 13, 10, 8, 5]) < 1e-9); // three quarters of the way
});

test('faces come surest first, equal ones in their order', () => {
  const found = weightedSuppression([0.5, 0.7, 0.5, 0.9].map((score, k) => row(score, 100 * k, 0, 100 * k + 10, 10)), 0.3);
  assert.deepEqual(scoresOf(found), [0.9, 0.7, 0.5, 0.5]);
  assert.deepEqual(found.map(({values}) => values[0]), [300, 100, 0, 200]);
});

test('a row joins the surest face only', () => {
  // The middle one overlaps with both; the last does not overlap with the first.
  const found = weightedSuppression([row(0.9, 0, 0, 10, 10), row(0.6, 5, 0, 15, 10), row(0.8, 10, 0, 20, 10)], 0.3);
  assert.deepEqual(scoresOf(found), [0.9, 0.8]);
  assert.ok(largestDifference(found.map(({values}) => values[0]), [2, 10]) < 1e-9);
});

test('an overlap at the threshold stays a face of its own', () => {
  const rows = [row(0.7, 0, 0, 1, 1), row(0.9, 0, 0, 0.5, 1)]; // intersection over union: 0.5
  assert.deepEqual(scoresOf(weightedSuppression(rows, 0.5)), [0.9, 0.7]);
  assert.deepEqual(scoresOf(weightedSuppression(rows, 0.49)), [0.9]);
});

test('a box without area is a face by itself, and no rows are no faces', () => {
  assert.deepEqual(scoresOf(weightedSuppression([row(0.9, 3, 3, 3, 3), row(0.8, 3, 3, 3, 3)], 0.3)), [0.9, 0.8]);
  assert.deepEqual(weightedSuppression([], 0.3), []);
});

test('rows that are given stay as they are', () => {
  const rows = [row(0.2, 0, 0, 10, 10), row(0.6, 4, 0, 14, 10)];
  weightedSuppression(rows, 0.3);
  assert.deepEqual(rows, [row(0.2, 0, 0, 10, 10), row(0.6, 4, 0, 14, 10)]);
});

test('intersection over union', () => {
  const boxes = [[0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10], [2, 2, 4, 4], [-90, 0, -80, 9], [0, -90, 9, -80]];
  assert.ok(largestDifference(boxes.map((box) => intersectionOverUnion(boxes[0], box)), [1, 1 / 3, 0, 0.04, 0, 0]) < 1e-12);
});

test('a row whose score is the threshold counts, one a trifle below does not', () => {
  const raw = Float32Array.of(0, 0, 0.5, 0.25, 0, Math.log(2), 0, 0);
  const decoded = decodeYuNet(raw, cellsOf([8], 8), 0.5); // both chances are a half
  assert.equal(decoded.length, 1);
  assert.equal(decoded[0].score, 0.5);
  assert.ok(largestDifference(decoded[0].values, [0, -6, 8, 10, 0, 0]) < 1e-6);
  assert.equal(decodeYuNet(raw, cellsOf([8], 8), 0.5 + 1e-12).length, 0);
});

test('logits and sizes are held to their bounds', () => {
  /** @param {...number} values */
  const decoded = (...values) => decodeYuNet(Float32Array.from(values), cellsOf([8], 8), 0)[0];
  assert.ok(Math.abs(decoded(-1e9, 1e9, 0, 0, 0, 0).score / 1.9287498479639178e-22 - 1) < 1e-9); // the root of exp(-100)
  assert.equal(decoded(1e9, 1e9, 0, 0, 0, 0).score, 1);
  const [left, top, right, bottom] = decoded(0, 0, 0, 0, 90, 0).values;
  assert.deepEqual([top, bottom], [-4, 4]);
  assert.ok(Math.abs(right / (4 * Math.exp(20)) - 1) < 1e-12 && left === -right);
});
