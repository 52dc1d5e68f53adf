import assert from 'node:assert/strict';
import {test} from 'node:test';

import {readContract} from '../../../web/static/runtime/contract.js';
import {Smoother} from '../../../web/static/runtime/smoother.js';
import {assign, Tracker} from '../../../web/static/runtime/tracker.js';
import {largestDifference, released, vectors} from './vectors.mjs';

const golden = released('golden_sequence.json');
const {smoothing} = readContract({contract: {...vectors.contract, smoothing: golden.smoothing}});

test('the golden sequence: tracks, smoothed probabilities and labels are Python\'s', () => {
  const tracker = new Tracker(smoothing.resetAfter);
  const smoother = new Smoother(smoothing);
  assert.ok(golden.frames.length > 10);
  for (const [index, frame] of golden.frames.entries()) {
    const tracks = tracker.update(frame.boxes, frame.time);
    assert.deepEqual(tracks, frame.tracks, `tracks of frame ${index}`);
    tracks.forEach((track, face) => {
      const {probabilities, label} = smoother.update(track, frame.probabilities[face], frame.time);
      const difference = largestDifference(probabilities, frame.smoothed[face]);
      assert.ok(difference <= golden.tolerance.probability, `frame ${index} differs by ${difference}`);
      assert.equal(label, frame.labels[face], `label of frame ${index}`);
    });
  }
});

test('assignments are Python\'s', () => {
  assert.ok(vectors.assignments.length > 50);
  for (const {costs, columns} of vectors.assignments) assert.deepEqual(assign(costs), columns);
  assert.deepEqual(assign([]), []);
  assert.deepEqual(assign([[], []]), [null, null]);
});

test('a frame that cannot be used changes nothing', () => {
  const tracker = new Tracker(1);
  /** @typedef {import('../../../web/static/runtime/tracker.js').Box} Box */
  /** @type {Box} */
  const box = [0, 0, 10, 10];
  /** @type {[Box[], number][]} */
  const unusable = [[[box], NaN], [[[0, 0, 0, 5]], 1.1], [[[0, 0, Infinity, 5]], 1.1]];
  assert.deepEqual(tracker.update([box], 1), [1]);
  for (const [boxes, time] of unusable) {
    assert.throws(() => tracker.update(boxes, time), RangeError);
  }
  assert.deepEqual(tracker.update([box], 1.2), [1]);
  const smoother = new Smoother(smoothing);
  assert.throws(() => smoother.update(1, [0.5, 0.5], NaN), RangeError);
  smoother.update(1, [0.5, 0.5], 1);
  assert.throws(() => smoother.update(1, [1], 1), RangeError);
});

test('what is handed out is the caller\'s own', () => {
  const smoother = new Smoother(smoothing);
  smoother.update(1, [1, 0], 0).probabilities.fill(0);
  assert.deepEqual([...smoother.update(1, [1, 0], 0).probabilities], [1, 0]);
});
