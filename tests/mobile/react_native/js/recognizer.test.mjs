// The recognizer on the released networks, which a Python process runs: what it refuses, counts, keeps and frees.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';

import {Baseline, createRecognizer} from '../../../../mobile/react-native/index.js';
import {networkOf} from '../../../../mobile/react-native/tflite.js';
import {pictureOf} from '../../../../mobile/react-native/video.js';
import {modelOf, Native, released} from './native.mjs';

const native = new Native();
const {load} = native;
after(() => native.close());
const small = modelOf('small');
const [one, pair, , , , two] = released('face_detector/golden.json').frames.map((/** @type {any} */ {bytes, width, height, channels}) =>
  pictureOf(bytes, width, height, channels));

test('the released model is known by its answers', async () => {
  assert.equal((await createRecognizer({model: small, load})).isExact, true);
  assert.equal((await createRecognizer({model: {...small, check: undefined}, load})).isExact, null);
});

test('another model\'s file under this manifest is refused', async () => {
  for (const name of ['nano', 'base']) {
    const model = {...small, files: modelOf(name).files};
    await assert.rejects(createRecognizer({model, load}), {name: 'ModelDamagedError', message: /answers differ by \d+ steps from/});
  }
  const swapped = {...small, detector: {...small.detector, files: {tflite: small.detector.files.tflite_far}}};
  await assert.rejects(createRecognizer({model: swapped, load}), {name: 'ModelDamagedError',
    message: 'near.tflite: takes float32 [1, 640, 640, 3] where its manifest names float32 [1, 160, 160, 3].'});
  await assert.rejects(createRecognizer({model: {...small, files: {int8: small.detector.files.tflite}}, load}),
    {name: 'ModelDamagedError', message: /^int8.tflite: takes float32/});
});

test('other kernels are told of, once', async (context) => {
  const warn = context.mock.method(console, 'warn', () => {});
  const check = small.check ?? assert.fail('no check');
  const logits = check.logits.map((row) => row.map((step, place) => step + (place === 3 ? 1 : 0)));
  const recognizer = await createRecognizer({model: {...small, check: {...check, logits}}, load});
  assert.equal(recognizer.isExact, false);
  assert.equal(warn.mock.callCount(), 1);
  assert.match(String(warn.mock.calls[0].arguments[0]), /other kernels than XNNPACK/);
});

test('files that are not there are named; one for far is asked for again', async () => {
  /** @param {string} path */
  const failing = (path) => path.endsWith('int8.tflite') ? Promise.reject(new Error('no asset')) : load(path);
  await assert.rejects(createRecognizer({model: small, load: failing}),
    {name: 'ModelMissingError', message: 'int8.tflite: cannot be loaded: no asset'});
  let asked = 0;
  /** @param {string} path */
  const late = (path) => path.endsWith('far.tflite') && ++asked === 1 ? Promise.reject(new Error('no asset')) : load(path);
  const recognizer = await createRecognizer({model: small, load: late});
  await assert.rejects(recognizer.recognize(two), {name: 'ModelMissingError', message: 'far.tflite: cannot be loaded: no asset'});
  assert.equal((await recognizer.recognize(two)).length, 2);
  const without = {...small, detector: {...small.detector, files: {tflite: small.detector.files.tflite}}};
  await assert.rejects((await createRecognizer({model: without, load})).recognize(two),
    {name: 'ModelMissingError', message: 'far.tflite: the model names no such file.'});
});

test('the options are the page\'s, and so is what they refuse', async () => {
  await assert.rejects(createRecognizer({model: small, load, head: /** @type {any} */ ('mouth')}),
    {name: 'RangeError', message: 'head mouth: labels or votes or both is expected of this model'});
  await assert.rejects(createRecognizer({model: small, load, lookEvery: -1}), RangeError);
  const recognizer = await createRecognizer({model: small, load});
  await assert.rejects(recognizer.recognize(one, {time: NaN}), RangeError);
  await assert.rejects(recognizer.recognize(one, {reach: /** @type {any} */ ('wide')}), RangeError);
  await assert.rejects(recognizer.recognize('file:///photo.jpg'), {name: 'UnsupportedImageError', message: /or a decode that makes one/});
  await assert.rejects(recognizer.recognize({data: new Uint8Array(4 * 49), width: 7, height: 7}), {name: 'UnsupportedImageError'});
  assert.deepEqual(recognizer.labels, ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral']);
  assert.equal(recognizer.manifest, small.manifest);
});

test('a decode makes pixels of what an app has', async () => {
  const recognizer = await createRecognizer({model: small, load, decode: (source) => {
    assert.equal(source, 'file:///photo.jpg');
    return Promise.resolve(one);
  }});
  const [[face], [plain]] = [await recognizer.recognize('file:///photo.jpg'), await recognizer.recognize(one)];
  assert.deepEqual(face, plain);
});

test('it is busy while it looks, whatever comes of it', async () => {
  const recognizer = await createRecognizer({model: small, load});
  assert.equal(recognizer.isBusy, false);
  const looking = recognizer.recognize(one);
  assert.equal(recognizer.isBusy, true);
  const faces = await looking;
  assert.equal(recognizer.isBusy, false);
  assert.deepEqual([Object.keys(faces), faces.timings.detect > 0], [['0'], true]);
  await assert.rejects(recognizer.recognize('nothing'));
  assert.equal(recognizer.isBusy, false);
});

test('crops are read by either head; a neutral is learnt, kept and taken off', async () => {
  const recognizer = await createRecognizer({model: small, load});
  const [face] = await recognizer.recognize(one);
  const crop = await recognizer.crop(one, face);
  assert.equal(crop.length, 2304);
  const [both] = await recognizer.classify([crop]);
  assert.deepEqual(both, face.probabilities);
  const [labels] = await recognizer.classify([crop], {head: 'labels'});
  assert.notDeepEqual(labels, both);
  const baseline = Baseline.from(JSON.stringify(await recognizer.learnNeutral([one, one])));
  recognizer.checkBaseline(baseline);
  const [less] = await recognizer.recognize(one, {baseline});
  assert.notDeepEqual(less.probabilities, face.probabilities);
  await assert.rejects(recognizer.learnNeutral([one, pair]), {name: 'BaselineError', message: /^frame 2 of 2: 2 faces where exactly one is expected/});
  const nano = await createRecognizer({model: modelOf('nano'), load});
  assert.throws(() => nano.checkBaseline(baseline), {name: 'BaselineError', message: /learnt with another model/});
});

test('a reset begins the numbers anew; what is disposed of frees its networks', async () => {
  const recognizer = await createRecognizer({model: small, load});
  const track = async (/** @type {number} */ time) => (await recognizer.recognize(one, {time}))[0].track;
  assert.deepEqual([await track(0), await track(0.1)], [1, 1]);
  recognizer.reset();
  assert.equal(await track(9), 1);
  const before = native.disposed;
  recognizer.dispose();
  recognizer.dispose();
  assert.equal(native.disposed, before + 2);
});

test('a network that runs is not freed; what is asked afterwards is refused', async () => {
  const recognizer = await createRecognizer({model: small, load});
  const before = native.disposed;
  const looking = recognizer.recognize(one, {time: 1});
  recognizer.dispose();
  assert.deepEqual([recognizer.isOver, native.disposed - before], [true, 0]);
  assert.equal((await looking).length, 1);
  assert.equal(native.disposed - before, 3); // a video's first frame asks for the network for far
  await assert.rejects(recognizer.recognize(one), {name: 'AbortError', message: 'The recognizer was disposed of.'});
  assert.equal(native.disposed - before, 3);
});

test('what was opened before a file that does not fit is freed', async () => {
  const {int8} = modelOf('nano').files;
  const {tflite_far: far} = small.detector.files;
  for (const [model, count] of /** @type {[any, number][]} */ ([
    [{...small, files: {int8}}, 1], // another model's answers
    [{...small, files: {int8: small.detector.files.tflite}}, 1], // another input
    [{...small, detector: {...small.detector, files: {tflite: far}}}, 2],
    [{...small, detector: {...small.detector, files: {}}}, 1],
  ])) {
    const before = native.disposed;
    await assert.rejects(createRecognizer({model, load}), /tflite/);
    assert.equal(native.disposed - before, count);
  }
});

/** A native network of two outputs. @param {object} [changed] */
function fake(changed) {
  const buffers = [new ArrayBuffer(2), new ArrayBuffer(4)];
  /** @type {number[][]} */
  const seen = [];
  const run = (/** @type {ArrayBuffer[]} */ [input]) => {
    seen.push([...new Uint8Array(input)]);
    new Uint8Array(buffers[0]).fill(seen.length);
    new Float32Array(buffers[1]).fill(seen.length / 2);
    return buffers;
  };
  return {
    seen, inputs: [{name: 'image', dataType: 'uint8', shape: [1, 2]}],
    outputs: [{name: 'a', dataType: 'uint8', shape: [1, 2]}, {name: 'b', dataType: 'float32', shape: [1]}],
    run: (/** @type {ArrayBuffer[]} */ input) => Promise.resolve(run(input)), runSync: run, ...changed,
  };
}
const INPUT = {type: /** @type {const} */ ('uint8'), shape: [1, 2]};

test('answers are the caller\'s own, though the native side writes into the same buffers', async () => {
  for (const sync of [false, true]) {
    const native = fake(sync ? {run: () => assert.fail('run')} : {runSync: () => assert.fail('runSync')});
    const network = networkOf(native, INPUT, 'x.tflite', sync);
    assert.deepEqual(network.outputs, ['a', 'b']);
    const first = await network.run(Uint8Array.of(5, 6));
    const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3); // a part of a buffer
    assert.deepEqual(await network.run(view), [Uint8Array.of(2, 2), Float32Array.of(1)]);
    assert.deepEqual(first, [Uint8Array.of(1, 1), Float32Array.of(0.5)]);
    assert.deepEqual(native.seen, [[5, 6], [2, 3]]);
    await assert.rejects(network.run(Uint8Array.of(1)), RangeError);
    await assert.rejects(network.run(Float32Array.of(1, 2)), RangeError);
  }
});

test('a network that fails or gives other numbers is named', async () => {
  const broken = networkOf(fake({run: () => Promise.reject(new Error('Status: error'))}), INPUT, 'x.tflite');
  await assert.rejects(broken.run(Uint8Array.of(1, 2)), {name: 'ModelDamagedError', message: 'x.tflite: does not run: Status: error'});
  const half = fake({outputs: [{name: 'a', dataType: 'float16', shape: [1, 2]}]});
  assert.throws(() => networkOf(half, INPUT, 'x.tflite'), {name: 'ModelDamagedError', message: /gives float16 as a, not uint8 or float32/});
  const many = fake({inputs: [...fake().inputs, ...fake().inputs]});
  assert.throws(() => networkOf(many, INPUT, 'x.tflite'), {message: /takes uint8 \[1, 2\] and uint8 \[1, 2\] where/});
});
