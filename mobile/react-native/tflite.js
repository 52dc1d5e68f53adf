/**
 * @file A network that react-native-fast-tflite runs, as the runtime asks for one. This is the native call: all else is
 * JavaScript.
 */
import {asError, ModelDamagedError} from '../../web/static/runtime/errors.js';

/** @typedef {{name: string, dataType: string, shape: number[]}} Tensor */

/**
 * What loadTensorflowModel of react-native-fast-tflite 3 gives, as far as it is used here. Any object like it will do.
 * @typedef {object} NativeModel
 * @property {Tensor[]} inputs
 * @property {Tensor[]} outputs
 * @property {(input: ArrayBuffer[]) => Promise<ArrayBuffer[]>} run on a thread of its own; the bytes of each input in, those
 *   of each output out
 * @property {(input: ArrayBuffer[]) => ArrayBuffer[]} [runSync] the same, at once
 * @property {() => void} [dispose] frees its memory
 */

/** @typedef {import('../../web/static/runtime/classifier.js').Network} Network */

/** @type {Record<string, Uint8ArrayConstructor | Float32ArrayConstructor>} */
const NUMBERS = {uint8: Uint8Array, float32: Float32Array};

/**
 * A network of one input.
 * @param {NativeModel} model
 * @param {{type: 'uint8' | 'float32', shape: number[]}} input that its manifest states
 * @param {string} what it is called in errors
 * @param {boolean} [sync] whether `runSync` is called: the thread waits, which costs a small network less than the change
 * @returns {Network}
 * @throws {ModelDamagedError} if its input is another, or an output has numbers of another type
 */
export function networkOf(model, input, what, sync = false) {
  try {
    return checked(model, input, what, sync);
  } catch (error) {
    model.dispose?.();
    throw error;
  }
}

/** @param {NativeModel} model @param {{type: 'uint8' | 'float32', shape: number[]}} input @param {string} what @param {boolean} sync @returns {Network} */
function checked(model, input, what, sync) {
  const [own] = model.inputs;
  if (model.inputs.length !== 1 || own.dataType !== input.type || String(own.shape) !== String(input.shape)) {
    const seen = model.inputs.map(({dataType, shape}) => `${dataType} [${shape.join(', ')}]`).join(' and ');
    throw new ModelDamagedError(`${what}: takes ${seen} where its manifest names ${input.type} [${input.shape.join(', ')}].`);
  }
  const types = model.outputs.map(({name, dataType}) => {
    if (!Object.hasOwn(NUMBERS, dataType)) throw new ModelDamagedError(`${what}: gives ${dataType} as ${name}, not uint8 or float32.`);
    return NUMBERS[dataType];
  });
  const wanted = input.shape.reduce((product, side) => product * side, 1);
  return {
    async run(numbers) {
      if (numbers.length !== wanted || !(numbers instanceof NUMBERS[input.type])) {
        throw new RangeError(`${what}: ${wanted} numbers of ${input.type} are expected`);
      }
      let buffers;
      try {
        buffers = sync && model.runSync ? model.runSync([bufferOf(numbers)]) : await model.run([bufferOf(numbers)]);
      } catch (error) {
        throw new ModelDamagedError(`${what}: does not run: ${asError(error).message}`);
      }
      // It writes the next answer into the same buffers.
      return types.map((Numbers, place) => new Numbers(buffers[place].slice(0)));
    },
    outputs: model.outputs.map(({name}) => name),
    dispose: () => model.dispose?.(),
  };
}

/** The bytes of numbers, and no others. @param {Uint8Array | Float32Array} numbers @returns {ArrayBuffer} */
function bufferOf({buffer, byteOffset, byteLength}) {
  const all = /** @type {ArrayBuffer} */ (buffer);
  return byteOffset === 0 && byteLength === all.byteLength ? all : all.slice(byteOffset, byteOffset + byteLength);
}
