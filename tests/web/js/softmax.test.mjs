import assert from 'node:assert/strict';
import {test} from 'node:test';

import {readContract, weightsOf} from '../../../web/static/runtime/contract.js';
import {
  exponentials, floatProbabilities, multipliers, probabilitiesOf, scores,
} from '../../../web/static/runtime/softmax.js';
import {MODELS, released} from './vectors.mjs';

test('the table is exp, rounded, as a computation with fifty digits has it', () => {
  const table = exponentials();
  assert.equal(table.length, 4096);
  const some = [0, 1, 2, 255, 256, 2048, 4094, 4095].map((k) => table[k]);
  assert.deepEqual(some, [16777216, 16711808, 16646655, 6196149, 6171993, 5628, 2, 2]);
  assert.equal(table.reduce((sum, entry) => sum + entry), 4303360859);
});

test('multipliers are rounded, halves up', () => {
  assert.deepEqual(multipliers(2 ** -24, [1, 1.49, 1.5, 0]), [1, 1, 2, 0]);
  assert.deepEqual(multipliers(0.5, [100, 0.25]), [838860800, 2097152]);
});

test('scores are rounded down, are summed over heads, and exceed 32 bits without harm', () => {
  assert.deepEqual([...scores(Uint8Array.of(0, 1, 2), 32769 / 2 ** 24, 1, [1])], [-1, 0, 1]);
  assert.deepEqual([...scores(Uint8Array.of(0, 1, 2), 32768 / 2 ** 24, 1, [1])], [0, 0, 1]);
  assert.deepEqual([...scores(Uint8Array.of(0, 255, 128), 0.5, 0, [100])], [0, 3264000, 1638400]);
  assert.deepEqual([...scores(Uint8Array.of(10, 20, 30, 11, 9, 10), 1, 10, [1, 0.5])], [128, 2432, 5120]);
});

test('equal scores share, and what lies a whole table below the largest counts as nothing', () => {
  assert.deepEqual([...probabilitiesOf([-7, -7])], [0.5, 0.5]);
  assert.deepEqual([...probabilitiesOf([5000, 904, 0])], [1, 0, 0]);
  const [, last] = probabilitiesOf([5000, 905]);
  assert.equal(last, Math.fround(2 / 16777218));
});

test('real logits are blended alike', () => {
  const three = Math.log(3);
  /** @param {number[]} logits @param {number[]} blend */
  const rounded = (logits, blend) => Array.from(floatProbabilities(Float32Array.from(logits), blend), (value) => +value.toFixed(6));
  assert.deepEqual(rounded([0, three], [1]), [0.25, 0.75]);
  assert.deepEqual(rounded([0, three, 0, three], [1, 1]), [0.1, 0.9]);
  assert.deepEqual(rounded([0, three, three, 0], [1, 2]), [0.75, 0.25]);
  assert.deepEqual(rounded([1000, 1000, 5, 7], [1, 0]), [0.5, 0.5]);
});

for (const model of MODELS) {
  test(`${model}: the answers of each head follow from the golden logits to the bit`, () => {
    const {int8, softmax, heads} = released(`${model}/golden.json`);
    const contract = readContract(released(`${model}/manifest.json`));
    assert.deepEqual(heads, ['labels', 'votes']);
    assert.equal(int8.logits.length, 35);
    for (const head of /** @type {const} */ (['both', 'labels', 'votes'])) {
      const found = int8.logits.map((/** @type {number[]} */ logits) => [...probabilitiesOf(
        scores(Uint8Array.from(logits), int8.scale, int8.zero_point, weightsOf(contract, head)))]);
      assert.deepEqual(found, int8.probabilities[head], head);
    }
    assert.equal(softmax.scores.length, 4);
    assert.deepEqual(softmax.scores.map((/** @type {number[]} */ row) => [...probabilitiesOf(row)]), softmax.probabilities);
  });
}
