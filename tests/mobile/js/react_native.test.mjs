/** @file The React Native package as an app has it, in node, over LiteRT in another process; what Python answers is expected. */
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {endAll, loadTensorflowModel} from './native.mjs';

const {PACKAGE = '', MODELS = '', CASES = '', ANSWERS = ''} = process.env;
/** @param {string} name @returns {Promise<any>} */
const imported = (name) => import(pathToFileURL(join(PACKAGE, name)).href);
const {createRecognizer, ModelDamagedError, ModelMissingError, UnsupportedImageError} = await imported('index.js');
const {answersOf} = await imported('conformance.js');
const {default: small} = await imported('models/small.js');
const {default: nano} = await imported('models/nano.js');
const cases = JSON.parse(readFileSync(CASES, 'utf8'));
const data = new Uint8Array(readFileSync(cases.rgba));
const {width, height} = cases;
const picture = {data, width, height};
const load = loadTensorflowModel;
after(endAll);

/** @param {any} face */
const said = ({label, track, certain}) => ({label, track, certain});

/** @param {any[]} faces @param {any[]} expected */
function assertFaces(faces, expected) {
  assert.deepEqual(faces.map(said), expected.map(said));
  for (const [place, {box, probabilities}] of expected.entries()) {
    const {x, y, width: wide, height: high} = faces[place].box;
    [x, y, x + wide, y + high].forEach((edge, side) => assert.ok(Math.abs(edge - box[side]) < 0.75, `${edge}, ${box[side]}`));
    for (const [label, share] of Object.entries(probabilities)) {
      const given = faces[place].probabilities[recognizer.labels.indexOf(label)];
      assert.ok(Math.abs(given - share) < 0.03, `${label}: ${given}, ${share}`);
    }
  }
}

const recognizer = await createRecognizer({model: small, load});

test('the released file is known to be exact, and labels are its own', () => {
  assert.equal(recognizer.isExact, true);
  assert.deepEqual(recognizer.labels, ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral']);
});

for (const reach of ['near', 'far']) {
  test(`a picture, ${reach}: the faces that Python finds, and what it reads in them`, async () => {
    assertFaces(await recognizer.recognize(picture, {reach}), cases[reach]);
  });
}

test('a video: tracks and smoothed answers are those of Python', async () => {
  recognizer.reset();
  for (const [place, faces] of cases.video.entries()) {
    assertFaces(await recognizer.recognize(picture, {time: place / 10}), faces);
  }
  recognizer.reset();
});

/** @param {number} step @param {number[]} order which of R, G, B, A each byte is @param {number} [gap] */
function rewritten(step, order, gap = 0) {
  const bytesPerRow = width * step + gap;
  const bytes = new Uint8Array(bytesPerRow * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      order.forEach((channel, byte) => { bytes[y * bytesPerRow + x * step + byte] = data[4 * (y * width + x) + channel]; });
    }
  }
  return {data: bytes.buffer, width, height, bytesPerRow};
}

test('a frame in another order, with gaps, or lying on its side is the same picture', async () => {
  const expected = JSON.stringify(await recognizer.recognize(picture, {reach: 'near'}));
  const turned = new Uint8Array(data.length); // as a sensor has it that lies on its side: the top is on the left
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      turned.set(data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4), 4 * ((width - 1 - x) * height + y));
    }
  }
  for (const frame of [
    {...rewritten(4, [2, 1, 0, 3], 64), pixelFormat: 'rgb-bgra-8-bit'},
    {...rewritten(3, [0, 1, 2]), pixelFormat: 'rgb'},
    {data: turned, width: height, height: width, orientation: 'left'},
  ]) {
    assert.equal(JSON.stringify(await recognizer.recognize(frame, {reach: 'near'})), expected);
  }
});

test('what is no frame goes through the decoder, and is refused where there is none', async () => {
  await assert.rejects(recognizer.recognize('file:///a.jpg'), UnsupportedImageError);
  const other = await createRecognizer({model: small, load, decode: () => Promise.resolve(picture)});
  assert.deepEqual((await other.recognize('file:///a.jpg', {reach: 'near'})).map(said), cases.near.map(said));
  other.dispose();
});

for (const [what, changed] of /** @type {[string, object][]} */ ([
  ['too few bytes', {data: data.subarray(4)}], ['a format that is none', {pixelFormat: 'yuv'}], ['an orientation', {orientation: 'askew'}],
  ['no side', {width: 0}], ['half a pixel', {height: 2.5}], ['no bytes', {data: 'text'}],
])) {
  test(`a frame is refused: ${what}`, async () => {
    await assert.rejects(recognizer.recognize({...picture, ...changed}), UnsupportedImageError);
  });
}

test('another model in the place of its file is told by its answers, and one that does not load is missing', async () => {
  await assert.rejects(
    createRecognizer({model: {...small, files: {int8: nano.files.int8}}, load}),
    (/** @type {any} */ error) => error instanceof ModelDamagedError && /answers differ by \d+ steps/.test(error.message));
  await assert.rejects(
    createRecognizer({model: {...small, files: {int8: small.detector.files.tflite}}, load}),
    (/** @type {any} */ error) => error instanceof ModelDamagedError && error.message.startsWith('int8.tflite: takes float32 [1, 160, 160, 3]'));
  await assert.rejects(
    createRecognizer({model: small, load: () => Promise.reject(new Error('no asset'))}),
    (/** @type {any} */ error) => error instanceof ModelMissingError && error.message === 'int8.tflite: cannot be loaded: no asset');
  await assert.rejects(createRecognizer({model: small, load, head: 'crowd'}), RangeError);
});

test('the answers to the golden vectors are written for the command that compares them', async () => {
  /** @param {string} name */
  const json = (name) => JSON.parse(readFileSync(join(MODELS, name), 'utf8'));
  const golden = {
    model: json('small/golden.json'), detector: json('face_detector/golden.json'),
    sequence: json('golden_sequence.json'), baseline: json('golden_baseline.json'),
  };
  const answers = await answersOf({model: small, load, golden, runtime: 'node'});
  writeFileSync(ANSWERS, JSON.stringify(answers));
  assert.equal(answers.runtime, 'node');
});
