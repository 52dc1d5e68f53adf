/**
 * @file What this runtime, on the phone where it runs, makes of the golden vectors: `python -m converters conformance` compares
 * it. docs/CONFORMANCE.md says what each entry is.
 *
 *     const golden = {model: require('./golden.json'), detector: require('./detector.json'), sequence: …, baseline: …};
 *     const text = JSON.stringify(await answersOf({model, load, golden, runtime: 'Hermes, Pixel 9'}));
 */
import {Classifier} from '../../web/static/runtime/classifier.js';
import {readContract, weightsOf} from '../../web/static/runtime/contract.js';
import {planOf, YuNet} from '../../web/static/runtime/detector.js';
import {ModelDamagedError} from '../../web/static/runtime/errors.js';
import {cropTransform, sampleGrey, wholeImage} from '../../web/static/runtime/geometry.js';
import {learnt, offsets} from '../../web/static/runtime/learning.js';
import {motionOf} from '../../web/static/runtime/motion.js';
import {normalized} from '../../web/static/runtime/normalization.js';
import {partsOf} from '../../web/static/runtime/parts.js';
import {Smoother} from '../../web/static/runtime/smoother.js';
import {probabilitiesOf, scores} from '../../web/static/runtime/softmax.js';
import {weightedSuppression} from '../../web/static/runtime/suppression.js';
import {templateOf} from '../../web/static/runtime/template.js';
import {Tracker} from '../../web/static/runtime/tracker.js';
import {cellsOf, decodeYuNet} from '../../web/static/runtime/yunet.js';
import {bytesOf, textOf} from './base64.js';
import {networkOf} from './tflite.js';
import {frameOf, pictureOf} from './video.js';

/**
 * The files of models/ as JSON: NAME/golden.json, face_detector/golden.json, golden_sequence.json, golden_baseline.json.
 * @typedef {{model: any, detector: any, sequence: any, baseline: any}} Golden
 */

/**
 * Answers every stage.
 * @param {{model: import('./create.js').Model, load: import('./create.js').Load, golden: Golden, runtime: string}} settings
 *   runtime: whatever names it, and the device
 * @returns {Promise<any>} to be written as JSON
 * @throws {ModelDamagedError} if a network is not what its manifest names, or the detector is of format 1
 */
export async function answersOf({model, load, golden, runtime}) {
  const contract = readContract(model.manifest);
  const {inputSize} = contract;
  const face = networkOf(await load(model.files.int8), {type: 'uint8', shape: [1, inputSize, inputSize, 1]}, 'int8.tflite');
  const classifier = new Classifier(face, contract, undefined, model.manifest.artifacts.int8);
  /** @type {(Uint8Array | Float32Array)[]} */
  const raw = [];
  for (const text of golden.model.faces) raw.push(await classifier.raw(bytesOf(text)));
  // Not spread into the object below: React Native's preset for development refuses an await in such a spread.
  const found = await detected(golden.detector, model.detector, load);
  const heads = contract.heads.length > 1 ? /** @type {const} */ (['both', ...contract.heads]) : contract.heads;
  return {
    format: 1, runtime, crops: golden.model.crops.map((/** @type {any} */ entry) => textOf(cropOf(entry, contract))),
    normalized: golden.model.faces.map((/** @type {string} */ text) => textOf(normalized(bytesOf(text), contract.normalization))),
    logits: raw.map((values) => [...values]),
    answers: Object.fromEntries(heads.map((head) =>
      [head, raw.map((values) => [...classifier.answer(values, null, weightsOf(contract, head))])])),
    softmax: golden.model.softmax.scores.map((/** @type {number[]} */ row) => [...probabilitiesOf(row)]),
    ...found,
    sequence: followed(golden.sequence),
    baselines: golden.baseline.cases.map(baselineOf),
  };
}

/** @param {any} entry @param {import('../../web/static/runtime/contract.js').Contract} contract */
function cropOf({rgb, width, height, box, eyes}, {crop, inputSize, luma}) {
  const place = box ? cropTransform(box, eyes, crop) : wholeImage(width, height);
  return sampleGrey(pictureOf(rgb, width, height), place, inputSize, luma, crop.maxSamples);
}

/** @param {any} golden @param {import('./create.js').Model['detector']} own @param {import('./create.js').Load} load */
async function detected(golden, own, load) {
  const plan = planOf(own.manifest);
  /** @param {any} file @param {number} size */
  const open = async (file, size) => networkOf(await load(file), {type: 'float32', shape: [1, size, size, 3]}, 'the detector');
  const detector = plan.make(await open(own.files.tflite, plan.nearSize), () => open(own.files.tflite_far, plan.farSize));
  if (!(detector instanceof YuNet)) throw new ModelDamagedError('The detector is of format 1, which has no such vectors.');
  await detector.openFar(); // the video's first frame glances already
  const {settings} = detector;
  const pictures = new Map(golden.frames.map((/** @type {any} */ {name, bytes, width, height, channels}) =>
    [name, pictureOf(bytes, width, height, channels)]));
  /** @type {{near: any[], far: any[], video: any[]}} */
  const found = {near: [], far: [], video: []};
  for (const picture of pictures.values()) {
    found.near.push((await detector.detect(picture, 'near')).map(faceOf));
    found.far.push((await detector.detect(picture, 'far')).map(faceOf));
  }
  const live = detector.live();
  for (const {time, quarters, shift} of golden.video.frames) {
    found.video.push((await live.faces(frameOf(pictures.get(golden.video.picture), quarters, shift), time)).map(faceOf));
  }
  return {
    decoding: golden.cases.map((/** @type {any} */ one) => decoded(one, golden, settings)),
    parts: golden.parts.map((/** @type {any} */ {width, height}) =>
      partsOf(width, height, settings).map(({scale, left, top, samples}) => [scale, left, top, samples])),
    ...found,
    motions: golden.motions.map((/** @type {any} */ {template, window}) => {
      const known = templateOf(bytesOf(template));
      return known && motionOf(known, bytesOf(window));
    }),
  };
}

/** @param {import('../../web/static/runtime/detection.js').Detection} face */
const faceOf = ({box, uprightBox, score, turn, keypoints, eyes}) => ({box, upright_box: uprightBox, score, turn, keypoints, eyes});

/** @param {any} one @param {any} golden @param {import('../../web/static/runtime/yunet.js').YuNetSettings} settings */
function decoded({threshold, rows}, {background}, {strides, nearSize, keypoints, iouThreshold}) {
  const cells = cellsOf(strides, nearSize);
  const columns = 6 + 2 * keypoints.length;
  const raw = new Float32Array(cells.length / 3 * columns);
  for (let start = 0; start < raw.length; start += columns) raw.fill(background, start, start + 2);
  for (const {index, values} of rows) raw.set(values, index * columns);
  return weightedSuppression(decodeYuNet(raw, cells, threshold), iouThreshold).map(({values, score}) => ({
    points: Array.from({length: values.length / 2}, (_, place) => [values[2 * place], values[2 * place + 1]]), score}));
}

/** @param {any} golden */
function followed({smoothing: {time_constant: timeConstant, switch_margin: switchMargin, reset_after: resetAfter}, frames}) {
  const [tracker, smoother] = [new Tracker(resetAfter), new Smoother({timeConstant, switchMargin, resetAfter})];
  return frames.map((/** @type {any} */ {time, boxes, probabilities}) => {
    const tracks = tracker.update(boxes, time);
    const shown = tracks.map((track, place) => smoother.update(track, probabilities[place], time));
    return {tracks, smoothed: shown.map(({probabilities: values}) => [...values]), labels: shown.map(({label}) => label)};
  });
}

/** @param {any} one */
function baselineOf({labels, scale, zero_point: zero, weights, strength, frames, logits}) {
  /** @param {number[]} row */
  const scoresOf = (row) => scores(Uint8Array.from(row), scale, zero, weights);
  const values = learnt(frames.map(scoresOf), labels);
  const taken = offsets(values, strength);
  const left = logits.map((/** @type {number[]} */ row) => scoresOf(row).map((score, place) => score - taken[place]));
  return {
    values, offsets: taken, scores: left.map((/** @type {Float64Array} */ row) => [...row]),
    probabilities: left.map((/** @type {Float64Array} */ row) => [...probabilitiesOf(row)]),
  };
}
