/**
 * @file A recognizer out of a model's manifests and what a native TensorFlow Lite makes of its files.
 */
import {Classifier} from '../../web/static/runtime/classifier.js';
import {readContract, weightsOf} from '../../web/static/runtime/contract.js';
import {planOf} from '../../web/static/runtime/detector.js';
import {asError, ModelMissingError} from '../../web/static/runtime/errors.js';
import {Recognizer} from '../../web/static/runtime/recognizer.js';
import {isExact} from './check.js';
import {EmotionRecognizer} from './recognizer.js';
import {networkOf} from './tflite.js';

/** @typedef {(file: any) => Promise<import('./tflite.js').NativeModel>} Load */

/**
 * What models/NAME.js exports.
 * @typedef {object} Model
 * @property {any} manifest the model's manifest.json
 * @property {{int8: any}} files what `load` is given
 * @property {import('./check.js').Check} [check] of that file; left out, nobody notices another one
 * @property {{manifest: any, files: {tflite: any, tflite_far?: any}}} detector
 */

/**
 * @typedef {object} Settings
 * @property {Model} model
 * @property {Load} load `(file) => loadTensorflowModel(file, [])` of react-native-fast-tflite
 * @property {import('./recognizer.js').Decode} [decode] makes pixels of
 *   what else `recognize` is given, such as a file's address
 * @property {import('./recognizer.js').Whose} [head] whose answer: labels, votes or both (the default)
 * @property {number} [lookEvery] seconds between two looks at whole frames of a video, 0 or more; default 0.5
 * @property {boolean} [sync] whether the small network is run on this thread
 */

/**
 * Loads both networks and runs each once. The detector's network for far is loaded when it is first needed.
 * @param {Settings} settings
 * @returns {Promise<EmotionRecognizer>}
 * @throws {ModelMissingError} if a file does not load
 * @throws {import('../../web/static/runtime/errors.js').ModelDamagedError} if one is not what its manifest names
 * @throws {RangeError} for a head that the model does not have, or an unusable lookEvery
 */
export async function createRecognizer(settings) {
  /** @type {import('./tflite.js').Network[]} */
  const opened = [];
  try {
    return await created(settings, opened);
  } catch (error) {
    opened.forEach((network) => network.dispose());
    throw error;
  }
}

/** @param {Settings} settings @param {import('./tflite.js').Network[]} networks gets each that was opened */
async function created({model, load, decode, head = 'both', lookEvery, sync = false}, networks) {
  const contract = readContract(model.manifest);
  const weights = weightsOf(contract, head);
  const plan = planOf(model.detector.manifest, 'face_detector/manifest.json');
  /** @param {string} what @param {any} file @param {'uint8' | 'float32'} type @param {number[]} shape @param {boolean} [here] */
  const open = async (what, file, type, shape, here) => {
    const network = networkOf(await opened(load, file, what), {type, shape}, what, here);
    networks.push(network);
    return network;
  };
  const {inputSize} = contract;
  const face = await open('int8.tflite', model.files.int8, 'uint8', [1, inputSize, inputSize, 1], sync);
  const classifier = new Classifier(face, contract, weights, model.manifest.artifacts.int8);
  const exact = model.check ? await isExact(classifier, model.check) : null;
  if (exact === false) {
    console.warn('int8.tflite runs on other kernels than XNNPACK: answers differ in the last steps, and take longer.');
  }
  const {tflite, tflite_far: far} = model.detector.files;
  const near = await open('near.tflite', tflite, 'float32', [1, plan.nearSize, plan.nearSize, 3]);
  const detector = plan.make(near, () => open('far.tflite', far, 'float32', [1, plan.farSize, plan.farSize, 3]));
  const parts = {contract, manifest: model.manifest, head, classifier, detector, owned: [face, detector]};
  const recognizer = new Recognizer(parts, lookEvery);
  await recognizer.recognize({data: new Uint8ClampedArray(4 * 16 * 16).fill(128), width: 16, height: 16}, {reach: 'near'});
  return new EmotionRecognizer(recognizer, decode, exact);
}

/** @param {Load} load @param {any} file @param {string} what */
async function opened(load, file, what) {
  if (file === undefined) throw new ModelMissingError(`${what}: the model names no such file.`);
  try {
    return await load(file);
  } catch (error) {
    throw new ModelMissingError(`${what}: cannot be loaded: ${asError(error).message}`);
  }
}
