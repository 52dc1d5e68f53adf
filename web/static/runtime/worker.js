/**
 * @file The worker: one recognizer behind messages {id, method, args}, answered by {id, value} or {id, error}.
 * bridge.js is the other side.
 */
import {pixelsOf} from './frames.js';
import {Recognizer} from './recognizer.js';

/** @type {Recognizer} */
let recognizer;

const methods = {
  async load(options, id) {
    recognizer = await Recognizer.load({...options, onProgress: (progress) => postMessage({id, progress})});
    return {value: {labels: recognizer.contract.labels, manifest: recognizer.manifest}};
  },
  async recognize({frame, time, cropped}) {
    const value = await recognizer.recognize(pixelsOf(frame), {time, cropped});
    const owned = value.faces.flatMap(({probabilities, smoothed}) => [probabilities, smoothed]);
    return {value, transfer: owned.filter(Boolean).map(({buffer}) => buffer)};
  },
  async reset() {
    recognizer.reset();
    return {};
  },
};

addEventListener('message', async ({data: {id, method, args}}) => {
  try {
    const {value, transfer = []} = await methods[method](args, id);
    postMessage({id, value}, transfer);
  } catch (error) {
    postMessage({id, error: {name: error.name, message: error.message}});
  }
});
