import assert from 'node:assert/strict';
import {test} from 'node:test';

import {readContract, weightsOf} from '../../../web/static/runtime/contract.js';
import {sha256} from '../../../web/static/runtime/fetching.js';
import {ModelFolder} from '../../../web/static/runtime/model_files.js';
import * as errors from '../../../web/static/runtime/errors.js';
import {MODELS, released, support, vectors} from './vectors.mjs';

const BASE = 'https://kit.example/models/small/manifest.json';

/**
 * Serves files by name under BASE; a name that is not there gets 404.
 * @param {Record<string, string>} files
 */
function serve(files) {
  globalThis.fetch = (address) => {
    const name = String(address).slice(BASE.length - 'manifest.json'.length);
    return Promise.resolve(name in files ? new Response(files[name]) : new Response('', {status: 404}));
  };
}

/** @param {string} text */
async function manifestOf(text) {
  const bytes = new TextEncoder().encode(text);
  const entry = {file: 'tfjs/model.json', bytes: bytes.length, sha256: await sha256(bytes)};
  return {format: 1, artifacts: {tfjs: {files: [entry], bytes: bytes.length}}};
}

test('the contract that Python writes is read entry by entry', () => {
  const {labels, input_size, luma, crop, smoothing} = vectors.contract;
  assert.deepEqual(readContract(vectors), {
    labels, luma, inputSize: input_size,
    crop: {boxWidth: crop.box_width, boxCenter: crop.box_center, maxSamples: crop.max_samples},
    smoothing: {
      timeConstant: smoothing.time_constant, switchMargin: smoothing.switch_margin, resetAfter: smoothing.reset_after,
    },
    heads: ['labels', 'votes'], blend: [0.75, 0.5], sharpness: [1.25, 1.5],
    normalization: {kind: 'stretch', tailPermille: 30, low: 10, high: 240, smallestRange: 9},
    unsureBelow: 0.25, baselineStrength: 0.5, reach: 'far',
  });
});

test('a manifest of format 1 has one head, and its crops stay as they are', () => {
  const {labels, heads, blend, sharpness, normalization, unsureBelow, baselineStrength, reach} =
    readContract(support('format1/nano/manifest.json'));
  assert.deepEqual(labels, ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral']);
  assert.deepEqual([heads, blend, sharpness, normalization.kind], [['labels'], [1], [1], 'none']);
  assert.deepEqual([unsureBelow, baselineStrength, reach], [0, 0, 'near']);
  // What came later is no business of such a manifest.
  assert.deepEqual(readContract({...vectors, format: 1}).heads, ['labels']);
  assert.throws(() => readContract({...support('format1/nano/manifest.json'), format: 2}), errors.ModelDamagedError);
});

for (const model of MODELS) {
  test(`${model}: labels and heads are those of its golden file`, () => {
    const contract = readContract(released(`${model}/manifest.json`));
    const {labels, heads} = released(`${model}/golden.json`);
    assert.deepEqual([contract.labels, contract.heads], [labels, heads]);
  });
}

test('a head alone is sharpened, both are blended, another is refused', () => {
  const contract = readContract(vectors);
  assert.deepEqual(weightsOf(contract, 'both'), [0.75, 0.5]);
  assert.deepEqual(weightsOf(contract, 'labels'), [1.25, 0]);
  assert.deepEqual(weightsOf(contract, 'votes'), [0, 1.5]);
  const one = readContract(support('format1/nano/manifest.json'));
  assert.deepEqual([weightsOf(one, 'both'), weightsOf(one, 'labels')], [[1], [1]]);
  assert.throws(() => weightsOf(one, 'votes'), new RangeError('head votes: labels or both is expected of this model'));
});

/** @type {[string, unknown][]} */
const UNUSABLE = [
  ['labels', ['one']], ['labels', ['one', 'one']], ['labels', ['one', 2]], ['input_size', 64], ['luma', [1, 0]],
  ['crop', undefined], ['crop.box_width', 0], ['crop.max_samples', 1.5], ['smoothing.switch_margin', 2],
  ['smoothing.time_constant', '0.3'], ['smoothing.reset_after', null],
  ['heads', ['votes', 'labels']], ['heads', []], ['heads', 'labels'], ['heads', ['labels', 'labels']], ['heads', ['crowd']],
  ['blend', [1]], ['blend', [0, 0]], ['blend', [1, 101]], ['blend', [1, '1']], ['blend', [1, -1]], ['blend', undefined],
  ['sharpness', [1]], ['sharpness', [1, 0]], ['sharpness', 1],
  ['normalization', undefined], ['normalization.kind', 'equalize'], ['normalization.tail_permille', 500],
  ['normalization.tail_permille', 1.5], ['normalization.low', -1], ['normalization.low', 240.5],
  ['normalization.high', 10], ['normalization.high', 256], ['normalization.smallest_range', 0],
  ['unsure_below', 1.1], ['baseline_strength', -0.1], ['baseline_strength', null], ['reach', 'middle'],
];
for (const [path, value] of UNUSABLE) {
  test(`contract.${path} = ${JSON.stringify(value)} is refused by its name`, () => {
    const manifest = structuredClone({format: 2, contract: vectors.contract});
    const keys = path.split('.');
    const last = keys.splice(-1)[0];
    keys.reduce((entry, key) => entry[key], manifest.contract)[last] = value;
    assert.throws(() => readContract(manifest, 'here'), (error) =>
      error instanceof errors.ModelDamagedError && error.message.startsWith(`here: contract.${path}`));
  });
}

test('a file is given out only if its size and sha256 are the manifest\'s', async () => {
  const manifest = await manifestOf('a network');
  serve({'manifest.json': JSON.stringify(manifest), 'tfjs/model.json': 'a network'});
  const folder = await ModelFolder.open(BASE);
  /** @type {number[]} */
  const seen = [];
  const files = await folder.artifact('tfjs', (count) => seen.push(count));
  assert.equal(new TextDecoder().decode(files.get('tfjs/model.json')), 'a network');
  assert.deepEqual([seen, folder.size('tfjs')], [[9], 9]);
  for (const wrong of ['a networK', 'a network ', '']) {
    serve({'tfjs/model.json': wrong});
    await assert.rejects(folder.artifact('tfjs'), errors.ModelDamagedError);
  }
  serve({});
  await assert.rejects(folder.artifact('tfjs'), errors.ModelMissingError);
  globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  await assert.rejects(folder.artifact('tfjs'), errors.ModelMissingError);
});

test('a manifest that is missing, no JSON, of another format or without the artifact is refused', async () => {
  serve({});
  await assert.rejects(ModelFolder.open(BASE), errors.ModelMissingError);
  for (const text of ['<html>', ' \n<!doctype html>']) { // what many hosts send for whatever they do not have
    serve({'manifest.json': text});
    await assert.rejects(ModelFolder.open(BASE), {name: 'ModelMissingError',
      message: `${BASE} is a page, not a manifest.json: the server has no such file.`});
  }
  for (const text of ['html', '', '[]', 'null', '{"format": 3}', '{"format": "2"}', '{}']) {
    serve({'manifest.json': text});
    await assert.rejects(ModelFolder.open(BASE), errors.ModelDamagedError, text);
  }
  for (const format of [1, 2]) {
    await assert.rejects(new ModelFolder(BASE, {format}).artifact('tfjs'), errors.ModelDamagedError);
  }
  assert.throws(() => new ModelFolder('here', {format: 3}), {
    name: 'ModelDamagedError', message: 'here is not a manifest of format 1 or 2; take a released model.'});
});

for (const file of ['../secret', '/etc/passwd', 'tfjs/../../x', 'https://elsewhere.example/x', '//elsewhere/x', '.', '']) {
  test(`a manifest that names the file ${JSON.stringify(file)} is refused`, async () => {
    const manifest = await manifestOf('x');
    manifest.artifacts.tfjs.files[0].file = file;
    await assert.rejects(new ModelFolder(BASE, manifest).artifact('tfjs'), errors.ModelDamagedError);
  });
}

test('without the browser\'s cryptography nothing is used', async () => {
  const manifest = await manifestOf('a network');
  serve({'tfjs/model.json': 'a network'});
  const there = Object.getOwnPropertyDescriptor(globalThis, 'crypto') ?? {};
  Object.defineProperty(globalThis, 'crypto', {value: {}, configurable: true});
  try {
    await assert.rejects(new ModelFolder(BASE, manifest).artifact('tfjs'), errors.InsecureContextError);
  } finally {
    Object.defineProperty(globalThis, 'crypto', there);
  }
});

test('an error keeps its type through a worker\'s border', () => {
  const types = [errors.ModelMissingError, errors.ModelDamagedError, errors.UnsupportedImageError,
    errors.BaselineError, errors.SimdMissingError, errors.InsecureContextError];
  for (const type of types) {
    const error = new type('why');
    assert.equal(error.name, type.name);
    const revived = errors.reviveError(structuredClone({name: error.name, message: error.message}));
    assert.ok(revived instanceof type && revived.message === 'why');
  }
  assert.ok(errors.reviveError({name: 'RangeError', message: 'why'}) instanceof RangeError);
  assert.equal(errors.reviveError({name: 'constructor', message: 'why'}).constructor, Error);
});

test('whatever was thrown is an error', () => {
  const error = new TypeError('why');
  assert.equal(errors.asError(error), error);
  assert.equal(errors.asError(1234).message, '1234');
});
