/**
 * @file The bit-exact engine: the .tflite files that Python and the phone run, on LiteRT.js (WebAssembly, one
 * thread). Its int8 answers equal Python's; see tfjs.js for the interface of engines.
 */
import {asError, ModelDamagedError, ModelMissingError} from '../errors.js';
import {watchPolicy} from '../policy.js';

/** The artifacts that this engine runs: of a classifier, and of a detector's near and far networks. */
export const artifacts = {classifier: 'int8', detector: 'tflite', farDetector: 'tflite_far'};

// In this form bundlers find both files; see tfjs.js.
const MODULE = new URL('../../vendor/litert/litert.js', import.meta.url).href;
const WASM = new URL('../../vendor/litert/litert.wasm', import.meta.url).href;
/** @type {Promise<typeof import('../../vendor/litert/litert.js')> | undefined} */
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
  const policy = watchPolicy('connect-src');
  try {
    /** @type {typeof import('../../vendor/litert/litert.js')} */
    const litert = await import(/* @vite-ignore */ /* webpackIgnore: true */ MODULE);
    await litert.loadLiteRt(`${WASM}#.js`); // it refuses what does not end as a script's address
    return litert;
  } catch (error) {
    throw await policy.refusal() ??
      new ModelMissingError(`The engine LiteRT.js cannot be started: ${asError(error).message}.`);
  } finally {
    policy.stop();
  }
}

/**
 * Prepares a network and runs it once.
 * @param {Map<string, Uint8Array>} files of the artifact: one .tflite file
 * @param {number[]} shape of the input, batch of 1
 * @returns {Promise<import('../classifier.js').Network>}
 * @throws {ModelDamagedError} if the file is no network for this engine
 */
export async function load(files, shape) {
  const litert = await runtime();
  let model;
  try {
    if (files.size !== 1) throw new Error(`${files.size} files where one .tflite file is expected`);
    model = await litert.loadAndCompile([...files.values()][0], {accelerator: 'wasm'});
    const [{dtype}] = model.getInputDetails();
    const zeros = dtype === 'uint8' ? Uint8Array : Float32Array;
    const network = networkOf(litert, model, shape);
    await network.run(new zeros(shape.reduce((product, side) => product * side, 1)));
    return network;
  } catch (error) {
    model?.delete();
    throw new ModelDamagedError(`The network does not run on LiteRT.js: ${asError(error).message}`);
  }
}

/**
 * @param {typeof import('../../vendor/litert/litert.js')} litert
 * @param {import('../../vendor/litert/litert.js').CompiledModel} model
 * @param {number[]} shape
 * @returns {import('../classifier.js').Network}
 */
function networkOf(litert, model, shape) {
  return {
    async run(input) {
      const tensor = new litert.Tensor(input, shape);
      try {
        const outputs = await model.run(tensor);
        const values = outputs.map((output) => output.toTypedArray());
        outputs.forEach((output) => output.delete());
        return values;
      } finally {
        tensor.delete();
      }
    },
    outputs: model.getOutputDetails().map(({name}) => name),
    dispose: () => model.delete(),
  };
}
