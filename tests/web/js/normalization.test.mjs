import assert from 'node:assert/strict';
import {test} from 'node:test';

import {readContract} from '../../../web/static/runtime/contract.js';
import {normalized, rangeOf} from '../../../web/static/runtime/normalization.js';
import {bytes, MODELS, released} from './vectors.mjs';

/** @typedef {import('../../../web/static/runtime/normalization.js').Normalization} Normalization */

/** @type {Normalization} */
const stretch = {kind: 'stretch', tailPermille: 0, low: 12, high: 242, smallestRange: 8};

/** @type {[string, Partial<Normalization>, number[], number[]][]} */
const CASES = [
  ['in place, whatever the order', {low: 0, high: 200}, [30, 110, 10, 20], [40, 200, 0, 20]],
  ['halves are rounded up', {low: 0, high: 2, smallestRange: 1}, [0, 1, 2, 3, 4], [0, 1, 1, 2, 2]],
  ['beyond the tails it goes on, and is cut off', {tailPermille: 250}, [0, 50, 51, 150, 255], [0, 12, 14, 242, 255]],
  ['a tail is rounded down to whole pixels', {tailPermille: 249, low: 0, high: 255}, [100, 151, 202, 100], [0, 128, 255, 0]],
  ['seven levels are flat', {}, [100, 103, 107], [100, 103, 107]],
  ['eight levels are stretched', {}, [100, 104, 108], [12, 127, 242]],
  ['one level is flat', {smallestRange: 1}, [128, 128, 128], [128, 128, 128]],
  ['none', {kind: 'none'}, [0, 100, 200], [0, 100, 200]],
];
for (const [name, settings, grey, expected] of CASES) {
  test(`a crop: ${name}`, () => {
    const given = Uint8Array.from(grey);
    assert.deepEqual([...normalized(given, {...stretch, ...settings})], expected);
    assert.deepEqual([...given], grey);
  });
}

test('the two levels that a stretch starts from', () => {
  const grey = Uint8Array.of(200, 10, 90, 20, 80, 30, 70, 40, 60, 50);
  assert.deepEqual([0, 99, 100, 499].map((tail) => rangeOf(grey, tail)), [[10, 200], [10, 200], [20, 90], [50, 60]]);
});

for (const model of MODELS) {
  test(`${model}: the golden faces, well and badly lit, are Python's to the byte`, () => {
    const golden = released(`${model}/golden.json`);
    const {normalization} = readContract(released(`${model}/manifest.json`));
    assert.equal(golden.faces.length, 35);
    let changed = 0;
    for (const [index, face] of golden.faces.entries()) {
      const expected = bytes(golden.normalized[index]);
      assert.deepEqual(normalized(bytes(face), normalization), expected, `face ${index}`);
      changed += Number(golden.normalized[index] !== face);
    }
    assert.ok(changed > 25, `${changed} of them are changed`);
  });
}
