import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Classifier} from '../../../web/static/runtime/classifier.js';
import {readContract, weightsOf} from '../../../web/static/runtime/contract.js';
import {ModelDamagedError} from '../../../web/static/runtime/errors.js';
import {bytes, MODELS, released} from './vectors.mjs';

const grey = new Uint8Array(2304);

/**
 * A contract of two classes.
 * @param {string[]} heads
 * @param {object} [rest]
 */
function contractOf(heads, rest = {}) {
  const {contract} = released('small/manifest.json');
  const one = heads.map(() => 1);
  return readContract({format: 2, contract: {...contract, labels: ['no', 'yes'], heads, blend: one, sharpness: one, ...rest}});
}

/**
 * A network that gives these outputs, and a log of what it was asked.
 * @param {Record<string, Uint8Array | Float32Array>} outputs
 */
function networkOf(outputs) {
  /** @type {number[][]} */
  const seen = [];
  /** @param {Uint8Array | Float32Array} input */
  const run = (input) => {
    seen.push([...input]);
    return Promise.resolve(Object.values(outputs));
  };
  return {run, outputs: Object.keys(outputs), seen};
}

test('of a network of format 1, bytes become probabilities as in Python, floats are passed on', async () => {
  const one = contractOf(['labels']);
  /** @param {Uint8Array | Float32Array} values @param {object} [output] */
  const answer = async (values, output) =>
    (await new Classifier(networkOf({'StatefulPartitionedCall:0': values}), one, undefined, {output}).probabilities([grey]))[0];
  assert.deepEqual([...await answer(Uint8Array.of(3, 255), {scale: 1 / 256, zero_point: 0})], [3 / 256, 255 / 256]);
  assert.deepEqual([...await answer(Uint8Array.of(2, 12), {scale: 0.1, zero_point: 2})], [0, Math.fround(Math.fround(0.1) * 10)]);
  const floats = Float32Array.of(0.25, 0.75);
  assert.equal(await answer(floats), floats);
  assert.deepEqual(await new Classifier(networkOf({only: floats}), one).probabilities([]), []);
});

test('the logits are found by their name, wherever they stand', async () => {
  const probabilities = Float32Array.of(0.5, 0.5);
  const logits = Float32Array.of(0, Math.log(9));
  for (const outputs of [{probabilities, logits}, {logits, probabilities}]) {
    const [[no, yes]] = await new Classifier(networkOf(outputs), contractOf(['labels'])).probabilities([grey]);
    assert.ok(Math.abs(no - 0.1) < 1e-7 && Math.abs(yes - 0.9) < 1e-7);
  }
});

test('the scale of bytes is that of the logits', async () => {
  const network = networkOf({probabilities: Uint8Array.of(128, 128), logits: Uint8Array.of(10, 10, 10, 11)});
  const outputs = [{name: 'probabilities', scale: 1 / 256, zero_point: 0}, {name: 'logits', scale: 100, zero_point: 10}];
  const two = contractOf(['labels', 'votes']);
  /** @param {number[]} [weights] */
  const answer = async (weights) => [...(await new Classifier(network, two, weights, {outputs}).probabilities([grey]))[0]];
  assert.deepEqual(await answer(), [0, 1]);
  assert.deepEqual(await answer(weightsOf(two, 'labels')), [0.5, 0.5]);
  assert.deepEqual(await answer(weightsOf(two, 'votes')), [0, 1]);
});

test('a baseline is taken off the scores, whatever a network gives', () => {
  const two = contractOf(['labels', 'votes']);
  const outputs = [{name: 'logits', scale: 1 / 16, zero_point: 10}];
  const bytesOf = new Classifier(networkOf({logits: new Uint8Array(4)}), two, undefined, {outputs});
  const logits = Uint8Array.of(10, 26, 10, 26); // 0 and 1, of both heads
  assert.deepEqual([...bytesOf.scores(logits)], [0, 512]);
  assert.deepEqual([...bytesOf.answer(logits, [0, 512])], [0.5, 0.5]);
  const floats = new Classifier(networkOf({logits: new Float32Array(4)}), two);
  assert.deepEqual([...floats.scores(Float32Array.of(0, 1, 0, 1))], [0, 512]);
  assert.deepEqual([...floats.answer(Float32Array.of(0, 1, 0, 1), [0, 512])], [0.5, 0.5]);
  const old = new Classifier(networkOf({only: new Uint8Array(2)}), contractOf(['labels']), undefined,
    {output: {scale: 1 / 256, zero_point: 0}});
  const quarter = Uint8Array.of(64, 192);
  const [first, second] = old.scores(quarter);
  assert.deepEqual([first, second], [Math.floor(256 * Math.log(0.25) + 0.5), Math.floor(256 * Math.log(0.75) + 0.5)]);
  assert.deepEqual([...old.answer(quarter)], [0.25, 0.75]);
  assert.deepEqual([...old.answer(quarter, [first, second])], [0.5, 0.5]);
  assert.ok(Math.abs(old.answer(quarter, [0, 0])[0] - 0.25) < 0.002);
});

test('grey levels are given by the input\'s own scale and zero point', async () => {
  /** @param {object} [input] */
  const seen = async (input) => {
    const network = networkOf({logits: Float32Array.of(0, 0)});
    const {contract} = released('small/manifest.json');
    const asItIs = contractOf(['labels'], {normalization: {...contract.normalization, kind: 'none'}});
    await new Classifier(network, asItIs, undefined, {input}).probabilities([Uint8Array.of(0, 1, 2, 128, 255)]);
    return network.seen[0];
  };
  const plain = [0, 1, 2, 128, 255];
  assert.deepEqual(await seen({type: 'uint8', scale: 0.003921568859368563, zero_point: 0}), plain);
  assert.deepEqual(await seen({type: 'uint8', scale: 1 / 64, zero_point: 10}), [10, 10, 11, 42, 74]);
  assert.deepEqual(await seen({type: 'uint8', scale: 0.4, zero_point: 7}), [7, 7, 7, 8, 9]); // 2.5: to the even one
  assert.deepEqual(await seen({type: 'uint8', scale: 1 / 255, zero_point: 128}), [128, 129, 130, 255, 255]);
  for (const input of [undefined, {type: 'float32'}, {type: 'uint8'}]) assert.deepEqual(await seen(input), plain);
});

test('a crop is normalised before the network sees it, a flat one is not', async () => {
  const network = networkOf({logits: Float32Array.of(0, 0)});
  const normalization = {kind: 'stretch', tail_permille: 0, low: 50, high: 150, smallest_range: 8};
  const classifier = new Classifier(network, contractOf(['labels'], {normalization}));
  await classifier.probabilities([Uint8Array.of(0, 5, 10), Uint8Array.of(7, 7, 7)]);
  assert.deepEqual(network.seen, [[50, 100, 150], [7, 7, 7]]);
});

test('what does not fit its manifest is refused', async () => {
  const two = contractOf(['labels', 'votes']);
  const probabilities = Uint8Array.of(1, 255);
  assert.throws(() => new Classifier(networkOf({probabilities}), two), ModelDamagedError);
  assert.throws(() => new Classifier(networkOf({probabilities, more: probabilities}), contractOf(['labels'])), ModelDamagedError);
  /** @param {Uint8Array | Float32Array} logits @param {object} [artifact] */
  const answer = (logits, artifact) => new Classifier(networkOf({probabilities, logits}), two, undefined, artifact).probabilities([grey]);
  await assert.rejects(answer(Float32Array.of(0, 1)), /^ModelDamagedError: .*2 numbers where its manifest names 4/);
  const logits = new Uint8Array(4);
  for (const output of [{}, {scale: 0, zero_point: 0}, {scale: 1}, {scale: '1', zero_point: 0}, {scale: 1, zero_point: 0.5}]) {
    await assert.rejects(answer(logits, {outputs: [{name: 'logits', ...output}]}), ModelDamagedError);
  }
  await assert.rejects(answer(logits, {outputs: [{name: 'probabilities', scale: 1, zero_point: 0}]}), ModelDamagedError);
  await assert.rejects(answer(logits), ModelDamagedError);
});

for (const model of MODELS) {
  test(`${model}: between face and answer stand the golden normalised face and logits`, async () => {
    const {faces, normalized, int8} = released(`${model}/golden.json`);
    const manifest = released(`${model}/manifest.json`);
    for (const index of faces.keys()) {
      const network = networkOf({
        probabilities: Uint8Array.from(int8.outputs[index]), logits: Uint8Array.from(int8.logits[index])});
      const classifier = new Classifier(network, readContract(manifest), undefined, manifest.artifacts.int8);
      const [answer] = await classifier.probabilities([bytes(faces[index])]);
      assert.deepEqual([...answer], int8.probabilities.both[index]);
      assert.deepEqual(network.seen, [[...bytes(normalized[index])]]);
    }
  });
}
