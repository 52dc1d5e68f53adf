import assert from 'node:assert/strict';
import {test} from 'node:test';

import {matchCost, Tracker} from '../../../web/static/runtime/tracker.js';

/** @typedef {import('../../../web/static/runtime/tracker.js').Box} Box */

/** A square box around (x, y). @param {number} x @param {number} [y] @param {number} [side] @returns {Box} */
const box = (x, y = 100, side = 80) => [x - side / 2, y - side / 2, x + side / 2, y + side / 2];
/** @param {number} found @param {number} expected */
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-12, `${found} where ${expected} is expected`);

test('what a match costs: the gap, and what boxes do not share', () => {
  assert.equal(matchCost(box(100), box(100)), 0);
  near(matchCost(box(100), box(140)), 0.5 + 1 - 1 / 3); // half a width away, a third of the joint area shared
  near(matchCost(box(100), box(140, 160)), Math.hypot(0.5, 0.75) + 1 - 800 / 12000);
  assert.ok(matchCost(box(100), box(179.9)) < 1000);
  assert.equal(matchCost(box(100), box(180)), 1000);
  assert.ok(matchCost(box(100), box(100, 100, 159)) < 1000);
  assert.equal(matchCost(box(100), box(100, 100, 160)), 1000);
  assert.equal(matchCost(box(100, 100, 160), box(100)), 1000);
});

test('an absence of up to the limit is bridged, a stall of up to three times as long', () => {
  const tracker = new Tracker(1);
  assert.deepEqual(tracker.update([box(100), box(300)], 0), [1, 2]);
  assert.deepEqual(tracker.update([box(300)], 0.5), [2]);
  assert.deepEqual(tracker.update([box(100), box(300)], 1), [1, 2]);
  assert.deepEqual(tracker.update([box(300)], 1.5), [2]);
  assert.deepEqual(tracker.update([box(100), box(300)], 2.25), [3, 2]);
  assert.deepEqual(tracker.update([box(100), box(300)], 5.25), [3, 2]);
  assert.deepEqual(tracker.update([box(100), box(300)], 8.5), [4, 5]);
});

test('as many as possible are matched, even where one pair would cost less', () => {
  const tracker = new Tracker(1);
  tracker.update([box(100), box(200)], 0);
  assert.deepEqual(tracker.update([box(155), box(255)], 0.1), [1, 2]); // 155 is nearer to 200 than to 100
});

test('time that goes back is another scene, and no number is used twice', () => {
  const tracker = new Tracker(1);
  assert.deepEqual([7, 7, 6.9, 7, 20].map((time) => tracker.update([box(100)], time)), [[1], [1], [2], [2], [3]]);
});
