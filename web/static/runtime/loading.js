/**
 * @file Everything a recognizer is made of, fetched at once, checked against the manifests and run once.
 */
import {checkCarried} from './carried.js';
import {Classifier} from './classifier.js';
import {readContract, weightsOf} from './contract.js';
import {planOf} from './detector.js';
import * as litert from './engines/litert.js';
import * as tfjs from './engines/tfjs.js';
import {InsecureContextError, SimdMissingError} from './errors.js';
import {ModelFolder} from './model_files.js';
import {checkCompiles} from './policy.js';
import {Recognizer} from './recognizer.js';

/**
 * What has been loaded so far, for a progress bar.
 * @typedef {{done: number, step: 'engine' | 'models' | 'warm-up' | 'ready'}} Progress done: 0..1
 */

/**
 * @typedef {object} LoadOptions
 * @property {string} manifestUrl absolute address of the classifier's manifest.json
 * @property {Record<string, string>} [files] addresses of its files; default: beside it
 * @property {string} [detectorUrl] of the detector's; default: ../face_detector/manifest.json beside it
 * @property {Record<string, string>} [detectorFiles] addresses of its files; default: beside it
 * @property {'tfjs' | 'litert'} [engine]
 * @property {import('./contract.js').Head | 'both'} [head] whose answer; default: both together
 * @property {number} [lookEvery] seconds between two looks at whole frames of a video
 * @property {(progress: Progress) => void} [onProgress]
 */

/**
 * @typedef {import('./recognizer.js').Parts & {ready: () => void}} Parts ready reports that everything has run once
 */

const ENGINES = {tfjs, litert}; // their runtimes are loaded by start()
// A module with v128 instructions: only a browser with WebAssembly SIMD finds it valid.
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0,
  253, 15, 253, 98, 11);
/** @type {[Progress['step'], number][]} */
const SHARES = [['engine', 0.5], ['models', 0.4], ['warm-up', 0.1]];

/**
 * Loads engine, classifier and detector, checks every model file and runs each network once.
 * @param {LoadOptions} options
 * @returns {Promise<Recognizer>}
 * @throws any of errors.js but UnsupportedImageError
 */
export async function loadRecognizer(options) {
  const parts = await loadParts(options);
  const recognizer = new Recognizer(parts, options.lookEvery);
  const grey = new Uint8ClampedArray(4 * 16 * 16).fill(128);
  await recognizer.recognize({data: grey, width: 16, height: 16}, {reach: 'near'});
  parts.ready();
  return recognizer;
}

/**
 * Loads engine, classifier and detector, and checks every model file. The detector's network for far is left until it is
 * needed.
 * @param {LoadOptions} options
 * @returns {Promise<Parts>}
 * @throws {InsecureContextError | SimdMissingError | import('./errors.js').ModelMissingError |
 *   import('./errors.js').ModelDamagedError | import('./errors.js').PolicyError}
 * @throws {RangeError} for an engine that does not exist, or a head that the model does not have
 */
export async function loadParts({engine: engineName = 'tfjs', head = 'both', onProgress = () => {}, ...places}) {
  checkBrowser();
  if (!Object.hasOwn(ENGINES, engineName)) throw new RangeError(`engine ${engineName}: tfjs or litert is expected`);
  const report = reporter(onProgress);
  const engine = ENGINES[engineName];
  const [models] = await Promise.all([
    readModels(places, head, engine.artifacts, (share) => report('models', share)),
    engine.start().then(() => report('engine', 1)),
  ]);
  const {contract, weights, plan, manifest, detectorFolder, detectorFiles} = models;
  /** @param {number} side @param {number} channels */
  const square = (side, channels) => [1, side, side, channels];
  const face = await engine.load(models.classifierFiles, square(contract.inputSize, 1));
  const classifier = new Classifier(face, contract, weights, manifest.artifacts[engine.artifacts.classifier]);
  await classifier.probabilities([new Uint8Array(contract.inputSize ** 2)]); // what does not fit its manifest shows now
  report('warm-up', 0.5);
  const near = await engine.load(detectorFiles, square(plan.nearSize, 3));
  const detector = plan.make(near, async () => engine.load(
    await detectorFolder.artifact(engine.artifacts.farDetector, undefined, detectorFiles), square(plan.farSize, 3)));
  return {contract, manifest, head, owned: [face, detector], classifier, detector, ready: () => report('ready', 1)};
}

/**
 * Reads both manifests and fetches the artifacts that the engine runs.
 * @param {LoadOptions} places
 * @param {import('./contract.js').Head | 'both'} head
 * @param {{classifier: string, detector: string}} artifacts
 * @param {(share: number) => void} onShare
 */
async function readModels({manifestUrl, files, detectorUrl, detectorFiles: moved}, head, artifacts, onShare) {
  const beside = detectorUrl ?? new URL('../face_detector/manifest.json', manifestUrl).href;
  const opened = [ModelFolder.open(manifestUrl, files), ModelFolder.open(beside, moved)];
  opened[1].catch(() => {}); // told of below: where the model's own address is wrong, so is this one, which nobody wrote
  const [classifier, detector] = [await opened[0], await opened[1]];
  const contract = readContract(classifier.manifest, classifier.url);
  const weights = weightsOf(contract, head);
  const plan = planOf(detector.manifest, detector.url);
  const total = classifier.size(artifacts.classifier) + detector.size(artifacts.detector);
  let loaded = 0;
  /** @param {number} bytes */
  const onBytes = (bytes) => onShare((loaded += bytes) / total);
  const [classifierFiles, detectorFiles] = await Promise.all([
    classifier.artifact(artifacts.classifier, onBytes), detector.artifact(artifacts.detector, onBytes),
  ]);
  await checkCarried(classifierFiles, classifier.manifest, contract, classifier.url);
  return {contract, weights, plan, manifest: classifier.manifest, classifierFiles, detectorFiles, detectorFolder: detector};
}

/**
 * Adds up what each step has done; whatever order steps end in, `done` only grows.
 * @param {(progress: Progress) => void} onProgress
 */
function reporter(onProgress) {
  const steps = {engine: 0, models: 0, 'warm-up': 0, ready: 0};
  /** @param {Progress['step']} step @param {number} share */
  const report = (step, share) => {
    steps[step] = share;
    const done = SHARES.reduce((sum, [name, most]) => sum + most * steps[name], 0);
    onProgress({done: step === 'ready' ? 1 : done, step});
  };
  report('engine', 0);
  return report;
}

function checkBrowser() {
  if (globalThis.isSecureContext === false) {
    throw new InsecureContextError(
      'This page was opened over plain HTTP from another machine: open it through https:// or from localhost.');
  }
  if (!globalThis.WebAssembly?.validate(SIMD)) {
    throw new SimdMissingError('This browser has no WebAssembly SIMD, which the networks need: please update it.');
  }
  checkCompiles(SIMD);
}
