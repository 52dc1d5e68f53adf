// What a model's files say of themselves, against a manifest whose class names were swapped.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {checkCarried} from '../../../web/static/runtime/carried.js';
import {readContract} from '../../../web/static/runtime/contract.js';
import {ModelDamagedError} from '../../../web/static/runtime/errors.js';

const FOLDER = new URL('../../../models/small/', import.meta.url);
const NAMES = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];
const SWAPPED = ['happy', 'disgust', 'fear', 'angry', 'sad', 'surprise', 'neutral'];

/** @param {string} name */
const read = (name) => new Uint8Array(readFileSync(new URL(name, FOLDER)));
/** @param {string[]} labels */
function manifestWith(labels) {
  const manifest = JSON.parse(new TextDecoder().decode(read('manifest.json')));
  manifest.contract.labels = labels;
  return manifest;
}
/** @param {Map<string, any>} files @param {any} manifest */
const check = (files, manifest) => checkCarried(files, manifest, readContract(manifest), 'manifest.json');
/** @param {object} about */
const graph = (about) => new Map([['tfjs/model.json', new TextEncoder().encode(JSON.stringify({userDefinedMetadata: about}))]]);

test('the class names in a .tflite file are compared with the manifest', async () => {
  const files = new Map([['int8.tflite', read('int8.tflite')]]);
  await check(files, manifestWith(NAMES));
  await assert.rejects(check(files, manifestWith(SWAPPED)), new ModelDamagedError(
    'manifest.json: contract.labels: happy, disgust, fear, angry, sad, surprise, neutral where int8.tflite has angry, ' +
    'disgust, fear, happy, sad, surprise, neutral; use its own manifest.'));
});

test('a file without names, and one whose archive is cut or leads elsewhere, does not end the check', async () => {
  const content = read('int8.tflite');
  await check(new Map([['int8.tflite', content.slice(0, 5)]]), manifestWith(SWAPPED));
  await check(new Map([['int8.tflite', content.slice(0, -1)]]), manifestWith(SWAPPED));
  for (const [place, value] of [[6, 0xff], [10, 0xff], [1, 0x7f]]) {
    const other = content.slice();
    other.fill(value, other.length - place - 4, other.length - place);
    await check(new Map([['int8.tflite', other]]), manifestWith(SWAPPED)).catch((error) => assert.ok(error instanceof ModelDamagedError));
  }
});

test('the names and the origin of a TF.js model are compared', async () => {
  const manifest = manifestWith(NAMES);
  const own = manifest.artifacts.int8.files[0].sha256;
  await check(new Map([['tfjs/model.json', read('tfjs/model.json')]]), manifest);
  await check(graph({source: 'int8.tflite', source_sha256: own, labels: NAMES}), manifest);
  await assert.rejects(check(graph({labels: SWAPPED}), manifest), /contract\.labels: angry.* where tfjs\/model\.json has happy/);
  await assert.rejects(check(graph({source: 'int8.tflite', source_sha256: '0'.repeat(64)}), manifest),
    /tfjs\/model\.json was made from another int8\.tflite than the one that it names\./);
});
