/**
 * @file The worker: one recognizer behind messages {id, method, args}, answered by {id, value} or {id, error}.
 * bridge.js is the other side.
 */
import {asError} from './errors.js';
import {pixelsOf} from './pixels.js';
import {Recognizer} from './recognizer.js';
// What these import in turn: named here, all of it is asked for at once instead of level by level.
import './blocks.js';
import './classifier.js';
import './contract.js';
import './decoding.js';
import './detector.js';
import './engines/litert.js';
import './engines/tfjs.js';
import './geometry.js';
import './letterbox.js';
import './loading.js';
import './model_files.js';
import './normalization.js';
import './smoother.js';
import './softmax.js';
import './tracker.js';

/** @type {Recognizer} */
let recognizer;
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * @typedef {import('./bridge.js').Calls} Calls
 * @type {{[Method in keyof Calls]: (args: Calls[Method]['args'], id: number) =>
 *   Promise<{value?: Calls[Method]['value'], transfer?: Transferable[]}>}}
 */
const methods = {
  async load(options, id) {
    recognizer = await Recognizer.load({...options, onProgress: (progress) => postMessage({id, progress})});
    return {value: {labels: recognizer.contract.labels, manifest: recognizer.manifest}};
  },
  async recognize({frame, time, cropped}) {
    // One frame after the other: they share the place where pixels are copied to.
    const answer = last.then(async () => recognizer.recognize(await pixelsOf(frame), {time, cropped}));
    last = answer.catch(() => {});
    const value = await answer;
    const owned = value.faces.flatMap(({probabilities, smoothed}) => [probabilities, smoothed]);
    return {value, transfer: owned.flatMap((numbers) => numbers?.buffer ?? [])};
  },
  reset() {
    recognizer.reset();
    return Promise.resolve({});
  },
};

/** @param {{id: number, method: keyof Calls, args: any}} message */
async function answer({id, method, args}) {
  try {
    const {value, transfer = []} = await methods[method](args, id);
    postMessage({id, value}, transfer);
  } catch (error) {
    const {name, message} = asError(error);
    postMessage({id, error: {name, message}});
  }
}

addEventListener('message', ({data}) => void answer(data));
