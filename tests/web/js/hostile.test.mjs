/** Manifests and baselines that nobody should write: each is read, or refused by an error of the runtime's own. */
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import test from 'node:test';

import {Baseline} from '../../../web/static/runtime/baseline.js';
import {readContract} from '../../../web/static/runtime/contract.js';
import {BaselineError, ModelDamagedError} from '../../../web/static/runtime/errors.js';
import {ModelFolder} from '../../../web/static/runtime/model_files.js';
import {planOf} from '../../../web/static/runtime/detector.js';

const MODELS = new URL('../../../models/', import.meta.url);
const DEEP = '['.repeat(100_000) + ']'.repeat(100_000);
const VALUES = [
  'null', 'true', '-1', '0.5', '1e999', '9'.repeat(6000), '""', '"text"', '[]', '{}', '[null]', '"\\udcff"', DEEP,
  `{"a": ${DEEP}}`, `"${'x'.repeat(100_000)}"`, '{"length": 4294967296}', '{"__proto__": null}',
];
const MARK = '"\ue000"';

/**
 * Every place of a value, as the text in which it is marked.
 * @param {any} value
 * @param {any} root
 * @returns {Generator<string, void>}
 */
function* marked(value, root, depth = 0) {
  for (const key of Object.keys(value)) {
    const kept = value[key];
    value[key] = JSON.parse(MARK);
    yield JSON.stringify(root);
    value[key] = kept;
    if (kept !== null && typeof kept === 'object' && depth < 3) yield* marked(kept, root, depth + 1);
  }
}

/** A file of that text at an address of its own. */
const address = (/** @type {string} */ text) => `data:application/json;base64,${Buffer.from(text).toString('base64')}`;

/** Reads a manifest as far as `load` does before it fetches files. */
async function read(/** @type {string} */ text, /** @type {string} */ kind) {
  const folder = await ModelFolder.open(address(text));
  if (kind === 'face_detector') planOf(folder.manifest, 'manifest.json');
  else readContract(folder.manifest, 'manifest.json');
  for (const name of Object.keys(folder.manifest.artifacts ?? {})) folder.size(name);
}

for (const kind of ['nano', 'face_detector']) {
  test(`${kind}: a manifest with anything in any place is read, or is a ModelDamagedError`, async () => {
    const manifest = JSON.parse(await readFile(new URL(`${kind}/manifest.json`, MODELS), 'utf8'));
    const texts = [...VALUES, ...[...marked(manifest, manifest)].flatMap(
      (text, place) => VALUES.filter((_, which) => (which + place) % 8 === 0).map((value) => text.replace(MARK, value)))];
    let refused = 0;
    for (const text of texts) {
      try {
        await read(text, kind);
      } catch (error) {
        assert.ok(error instanceof ModelDamagedError, `${/** @type {Error} */ (error).stack} of ${text.slice(0, 300)}`);
        assert.ok(/** @type {Error} */ (error).message.replace(/data:\S*/, '').length < 300, 'a message that is read');
        refused += 1;
      }
    }
    assert.ok(refused > 40, `${refused} of ${texts.length} refused`);
  });
}

test('a baseline with anything in any place is read, or is a BaselineError', () => {
  const kept = {format: 1, model: 'a'.repeat(64), head: 'both', values: {angry: 3, happy: -4, neutral: 0}};
  let refused = 0;
  for (const text of [...VALUES, ...[...marked(kept, kept)].flatMap((text) => VALUES.map((value) => text.replace(MARK, value)))]) {
    try {
      Baseline.from(text);
    } catch (error) {
      assert.ok(error instanceof BaselineError, `${/** @type {Error} */ (error).stack} of ${text.slice(0, 300)}`);
      refused += 1;
    }
  }
  assert.ok(refused > 60, `${refused} refused`);
});
