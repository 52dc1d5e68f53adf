// A person's own neutral: Python's golden cases to the bit, what is kept, and what is refused.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {assigned, Baseline, checkBelongs} from '../../../web/static/runtime/baseline.js';
import {BaselineError} from '../../../web/static/runtime/errors.js';
import {learnt, offsets} from '../../../web/static/runtime/learning.js';
import {floatProbabilities, floatScores, logScores, probabilitiesOf, scores} from '../../../web/static/runtime/softmax.js';
import {released} from './vectors.mjs';

const {cases} = released('golden_baseline.json');
const KEPT = {format: 1, model: 'a'.repeat(64), head: 'both', values: {sad: -12, happy: 340, neutral: 0}};

test('values, offsets, scores and probabilities are Python\'s to the bit', () => {
  assert.ok(cases.length >= 12);
  for (const {labels, scale, zero_point: zero, weights, strength, frames, logits, ...golden} of cases) {
    /** @param {number[][]} rows */
    const scoresOf = (rows) => rows.map((row) => scores(Uint8Array.from(row), scale, zero, weights));
    const values = learnt(scoresOf(frames), labels);
    assert.deepEqual(values, golden.values);
    const taken = offsets(values, strength);
    assert.deepEqual(taken, golden.offsets);
    const answers = scoresOf(logits).map((row) => row.map((score, place) => score - taken[place]));
    assert.deepEqual(answers.map((row) => [...row]), golden.scores);
    assert.deepEqual(answers.map((row) => [...probabilitiesOf(row)]), golden.probabilities);
  }
});

test('the median of an even number of frames is rounded down, whatever their order', () => {
  const ideal = Math.floor(256 * Math.log(0.25) + 0.5);
  const frames = [[5, 0], [-4, 0], [100, 0], [-4, 1]];
  for (const some of [frames, [...frames].reverse()]) assert.deepEqual(learnt(some, ['sad', 'neutral']), [0 - ideal, 0]);
  assert.deepEqual(learnt([[-4, 0], [1, 0]], ['sad', 'neutral']), [-2 - ideal, 0]);
});

test('float networks and those of format 1 have scores too', () => {
  assert.deepEqual([...floatScores(Float32Array.of(1, -0.5, 0.25, 0.125), [1, 2])], [384, -64]);
  const [all, tenth, none, least] = logScores([1, 0.1, 0, 1 / 1024]);
  assert.deepEqual([all, tenth, none, least], [0, Math.floor(256 * Math.log(0.1) + 0.5), least, -1774]);
  const [sad, neutral] = floatProbabilities(Float32Array.of(1, 0), [1], [256, 0]);
  assert.deepEqual([sad, neutral], [0.5, 0.5]);
});

test('what is kept comes back the same, from an object and from its text', () => {
  const baseline = Baseline.from(KEPT);
  assert.deepEqual([baseline.labels, baseline.values], [['sad', 'happy', 'neutral'], [-12, 340, 0]]);
  assert.deepEqual(JSON.parse(JSON.stringify(baseline)), KEPT);
  assert.deepEqual(Object.keys(baseline.toJSON().values), ['sad', 'happy', 'neutral']);
  assert.deepEqual(Baseline.from(JSON.stringify(baseline)), baseline);
});

for (const broken of [null, undefined, 7, 'no JSON', '[]', '{}', {...KEPT, format: 2}, {...KEPT, model: 1}, {...KEPT, head: null},
  {...KEPT, values: [1, 2]}, {...KEPT, values: {sad: 0.5}}, {...KEPT, values: {sad: '1'}}, {...KEPT, values: {sad: 2 ** 20 + 1}},
  {...KEPT, values: {sad: NaN}}]) {
  test(`${JSON.stringify(broken)} is no baseline`, () => {
    assert.throws(() => Baseline.from(broken), {name: 'BaselineError', message: /^baseline: .*learn the neutral face again$/});
  });
}

test('one belongs to its model, head and labels', () => {
  const baseline = Baseline.from(KEPT);
  const own = {model: KEPT.model, head: 'both', labels: ['sad', 'happy', 'neutral'], strength: 0.25};
  checkBelongs(baseline, own);
  /** @type {[object, RegExp][]} */
  const others = [
    [{model: 'b'.repeat(64)}, /another model \(a{12} where this recognizer has b{12}\); learn the neutral face again/],
    [{model: `${'a'.repeat(63)}b`}, /another model/], [{head: 'votes'}, /another head \(both where/],
    [{labels: ['happy', 'sad', 'neutral']}, /another labels/], [{strength: 0}, /states no strength/],
  ];
  for (const [other, message] of others) {
    assert.throws(() => checkBelongs(baseline, {...own, ...other}), {name: 'BaselineError', message});
  }
});

test('one is every face\'s, or each is a track\'s', () => {
  const one = Baseline.from(KEPT);
  assert.deepEqual(assigned(null, 1), new Map());
  assert.deepEqual(assigned(one, null), new Map([[null, one]]));
  for (const by of [{3: one}, new Map([[3, one]])]) assert.deepEqual(assigned(by, 0.5), new Map([[3, one]]));
  for (const broken of [KEPT, [one], 'me', 7, {a: one}, {3: KEPT}, new Map([['a', one]])]) {
    assert.throws(() => assigned(/** @type {any} */ (broken), 1), BaselineError, JSON.stringify(broken));
  }
  assert.throws(() => assigned({3: one}, null), {name: 'BaselineError', message: /needs a time/});
});

test('a model without the class "neutral" has none', () => {
  assert.throws(() => learnt([[0, 0]], ['sad', 'calm']), {name: 'BaselineError', message: /no class "neutral"/});
});
