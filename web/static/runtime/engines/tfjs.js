/**
 * @file The default engine: TF.js graph models on its WebAssembly backend, one thread.
 *
 * Engines have one interface: the names of the `artifacts` they run, `start()` and `load(files, shape)`.
 */
import {asError, InsecureContextError, ModelDamagedError, ModelMissingError, PolicyError} from '../errors.js';
import {fetchFile} from '../fetching.js';

/** The artifacts that this engine runs: of a classifier, and of a detector's near and far networks. */
export const artifacts = {classifier: 'tfjs', detector: 'tfjs', farDetector: 'tfjs_far'};

// In this form bundlers find both files, and bring them as they are: the module is imported by its address, because a worker
// that is one script, as Vite makes them, cannot be split for an engine that not everybody needs.
const MODULE = new URL('../../vendor/tfjs/tfjs.js', import.meta.url).href;
const WASM = new URL('../../vendor/tfjs/tfjs-backend-wasm-simd.wasm', import.meta.url).href;
const WASM_SHA256 = '77ebb28a6d34f371dbbf2086b7f2de8994acd8ea5a3cf1fa24d2c26c840cac7b';
// TF.js wants an address for each of its variants, and asks for the second.
const VARIANTS = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
const BACK = /[^/]+\/\.\.\//g; // into a folder and out again: two networks may have one file of weights
/** @type {Promise<typeof import('../../vendor/tfjs/tfjs.js')> | undefined} */
let started;

/**
 * Loads the runtime, once.
 * @returns {Promise<unknown>}
 * @throws {ModelMissingError} if a file of it cannot be loaded
 */
export function start() {
  return runtime();
}

function runtime() {
  started ??= startOnce().catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function startOnce() {
  try {
    /** @type {[typeof import('../../vendor/tfjs/tfjs.js'), Uint8Array<ArrayBuffer>]} */
    const [tf, wasm] = await Promise.all([
      import(/* @vite-ignore */ /* webpackIgnore: true */ MODULE), fetchFile(WASM, WASM_SHA256)]);
    tf.setWasmPaths(Object.fromEntries(VARIANTS.map((name) => [name, WASM])), true);
    const {platform} = tf.env();
    const {fetch} = platform;
    // TF.js waits for ever for a WebAssembly file that does not come or is another one: it is given the one that came.
    platform.fetch = (path, options) => path === WASM ? Promise.resolve(new Response(wasm)) : fetch.call(platform, path, options);
    if (!(await tf.setBackend('wasm'))) throw new Error('its WebAssembly file does not run');
    await tf.ready();
    return tf;
  } catch (error) {
    if ([ModelMissingError, InsecureContextError, PolicyError].some((known) => error instanceof known)) throw error;
    throw new ModelMissingError(`The engine TF.js cannot be started: ${asError(error).message}.`);
  }
}

/**
 * Prepares a network and runs it once.
 * @param {Map<string, Uint8Array>} files of the artifact: a model.json and its weight files
 * @param {number[]} shape of the input, batch of 1
 * @returns {Promise<import('../classifier.js').Network>}
 * @throws {ModelDamagedError} if the files are no network for this engine
 */
export async function load(files, shape) {
  const tf = await runtime();
  let model;
  try {
    const graph = graphOf(files);
    model = await tf.loadGraphModel({load: () => Promise.resolve(graph)});
    const network = networkOf(tf, model, shape);
    await network.run(new Float32Array(shape.reduce((product, side) => product * side, 1)));
    return network;
  } catch (error) {
    model?.dispose();
    throw new ModelDamagedError(`The network does not run on TF.js: ${asError(error).message}`);
  }
}

/**
 * @param {typeof import('../../vendor/tfjs/tfjs.js')} tf
 * @param {import('../../vendor/tfjs/tfjs.js').GraphModel} model
 * @param {number[]} shape
 * @returns {import('../classifier.js').Network}
 */
function networkOf(tf, model, shape) {
  /** @param {Uint8Array | Float32Array} input */
  const run = (input) => {
    const tensor = tf.tensor(input instanceof Float32Array ? input : Float32Array.from(input), shape, 'float32');
    const result = model.predict(tensor);
    const outputs = Array.isArray(result) ? result : [result];
    // dataSync gives a view into WebAssembly's memory, which the next run may move or overwrite.
    const values = outputs.map((output) => output.dataSync().slice());
    tf.dispose([tensor, ...outputs]);
    return values;
  };
  return {
    run: (input) => new Promise((resolve) => resolve(run(input))),
    outputs: model.outputNodes,
    dispose: () => model.dispose(),
  };
}

/**
 * A graph model as TF.js takes it, out of its files.
 * @param {Map<string, Uint8Array>} files
 */
function graphOf(files) {
  const place = [...files.keys()].find((file) => file.split('/').pop() === 'model.json');
  if (place === undefined) throw new Error('model.json is not among its files');
  /** @type {{weightsManifest: {paths: string[], weights: object[]}[], modelTopology: object}} */
  const {weightsManifest, modelTopology, ...rest} = JSON.parse(new TextDecoder().decode(files.get(place)));
  const folder = place.slice(0, place.length - 'model.json'.length);
  const parts = weightsManifest.flatMap(({paths}) => paths).map((path) => {
    const bytes = files.get(`${folder}${path}`.replace(BACK, ''));
    if (!bytes) throw new Error(`${path} is not among its files`);
    return bytes;
  });
  const weightData = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let start = 0;
  for (const part of parts) {
    weightData.set(part, start);
    start += part.length;
  }
  const weightSpecs = weightsManifest.flatMap(({weights}) => weights);
  return {...rest, modelTopology, weightSpecs, weightData: weightData.buffer};
}
