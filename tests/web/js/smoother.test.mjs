import assert from 'node:assert/strict';
import {test} from 'node:test';

import {largest, Smoother} from '../../../web/static/runtime/smoother.js';
import {largestDifference} from './vectors.mjs';

const smoothing = {timeConstant: 0.5, switchMargin: 0.1, resetAfter: 1};
const quick = {timeConstant: 1e-9, switchMargin: 0.1, resetAfter: 1}; // takes every observation as it is

test('the first observation is taken as it is', () => {
  const {probabilities, label} = new Smoother(smoothing).update(1, [0.2, 0.5, 0.3], 10);
  assert.deepEqual([[...probabilities], label], [[0.2, 0.5, 0.3], 1]);
});

test('after one time constant a new expression has 63 % of the weight; where no time has passed, none', () => {
  const smoother = new Smoother(smoothing);
  smoother.update(1, [1, 0], 0);
  for (const time of [0.5, 0.5]) {
    const {probabilities} = smoother.update(1, [0, 1], time);
    assert.ok(largestDifference(probabilities, [0.36787944117, 0.63212055883]) < 1e-9);
  }
});

test('a second is a second at any frame rate', () => {
  for (const frames of [2, 5, 30, 120]) {
    const smoother = new Smoother(smoothing);
    smoother.update(1, [1, 0], 0);
    for (let frame = 1; frame < frames; frame++) smoother.update(1, [0, 1], frame / frames);
    const {probabilities} = smoother.update(1, [0, 1], 1);
    assert.ok(largestDifference(probabilities, [0.13533528324, 0.86466471676]) < 1e-9, `${frames} frames`);
  }
});

test('a label changes only where another leads by more than the margin', () => {
  const smoother = new Smoother(quick);
  const shown = [0.6, 0.48, 0.46, 0.44, 0.48, 0.54, 0.56].map((low, frame) => smoother.update(1, [low, 1 - low], frame / 100).label);
  assert.deepEqual(shown, [0, 0, 0, 1, 1, 1, 0]);
  const exact = new Smoother({...quick, switchMargin: 0.25});
  assert.deepEqual([[0.5, 0.25], [0.25, 0.5], [0.125, 0.5]].map((values, frame) => exact.update(1, values, frame / 100).label), [0, 0, 1]);
});

test('of equal classes the first counts, and a tie changes nothing', () => {
  const smoother = new Smoother({...quick, switchMargin: 0});
  assert.equal(smoother.update(1, [0.3, 0.3, 0.4], 0).label, 2);
  assert.equal(smoother.update(1, [0.4, 0.2, 0.4], 0.1).label, 2);
  assert.equal(smoother.update(2, [0.4, 0.2, 0.4], 0.1).label, 0);
  assert.deepEqual([[7], [1, 3, 3], [5, 5], [-2, -1]].map(largest), [0, 1, 0, 1]);
});

test('an absence beyond the limit, or a step back in time, begins anew', () => {
  for (const [time, anew] of /** @type {[number, boolean][]} */ ([[1, false], [1.01, true], [-0.01, true]])) {
    const smoother = new Smoother(smoothing);
    smoother.update(1, [1, 0], 0);
    const {probabilities, label} = smoother.update(1, [0, 1], time);
    assert.equal(probabilities[0] === 0 && probabilities[1] === 1, anew, `${time} s`);
    assert.equal(label, 1);
  }
});

test('a track that is left for too long is forgotten while another goes on', () => {
  const smoother = new Smoother(smoothing);
  smoother.update(1, [1, 0], 0);
  smoother.update(2, [1, 0], 1.5); // the first could only begin anew: its classes may be others
  assert.deepEqual([...smoother.update(1, [0, 0, 1], 1.6).probabilities], [0, 0, 1]);
  assert.throws(() => smoother.update(2, [0, 0, 1], 2.5), /^RangeError: 3 probabilities where track 2 began with 2$/);
});

test('tracks do not mix', () => {
  const smoother = new Smoother(smoothing);
  smoother.update(1, [1, 0], 0);
  smoother.update(2, [0, 1], 0);
  assert.deepEqual([...smoother.update(1, [1, 0], 0.1).probabilities], [1, 0]);
  assert.deepEqual([...smoother.update(2, [0, 1], 0.1).probabilities], [0, 1]);
});
