/**
 * @file The worker: one recognizer behind messages {id, method, args}, answered by {id, value} or {id, error}.
 * bridge.js is the other side.
 */
import {asError} from './errors.js';
import {loadRecognizer} from './loading.js';
import {pixelsOf, withPixelsOf} from './pixels.js';
import {makeQueue} from './turns.js';
// What these import in turn: named here, all of it is asked for at once instead of level by level.
import './bands.js';
import './baseline.js';
import './blazeface.js';
import './blocks.js';
import './carried.js';
import './checks.js';
import './classifier.js';
import './contract.js';
import './detection.js';
import './detector.js';
import './engines/litert.js';
import './engines/tfjs.js';
import './entries.js';
import './face.js';
import './far.js';
import './fetching.js';
import './follower.js';
import './geometry.js';
import './glance.js';
import './json.js';
import './learning.js';
import './letterbox.js';
import './levels.js';
import './live.js';
import './looks.js';
import './model_files.js';
import './motion.js';
import './normalization.js';
import './partly.js';
import './parts.js';
import './pass.js';
import './policy.js';
import './reader.js';
import './recognizer.js';
import './shares.js';
import './smoother.js';
import './softmax.js';
import './suppression.js';
import './template.js';
import './tracker.js';
import './views.js';
import './yunet.js';

/** @type {import('./recognizer.js').Recognizer} */
let recognizer;
/** All that looks at pixels: they share the place where these are copied to. */
const inTurn = makeQueue();

/** Those of a frame once those of the one before were used. @param {import('./pixels.js').Frame[]} frames */
async function* pixelsOfEach(frames) {
  for (const frame of frames) yield await pixelsOf(frame);
}

/**
 * @typedef {import('./bridge.js').Calls} Calls
 * @type {{[Method in keyof Calls]: (args: Calls[Method]['args'], id: number) =>
 *   Promise<{value?: Calls[Method]['value'], transfer?: Transferable[]}>}}
 */
const methods = {
  async load(options, id) {
    recognizer = await loadRecognizer({...options, onProgress: (progress) => postMessage({id, progress})});
    const {owner, manifest, contract: {reach}} = recognizer;
    return {value: {owner, manifest, reach}};
  },
  async recognize({frame, ...options}) {
    const value = await inTurn(() => withPixelsOf(frame, (pixels) => recognizer.recognize(pixels, options)));
    const owned = value.faces.flatMap(({probabilities, smoothed}) => [probabilities, smoothed]);
    return {value, transfer: owned.flatMap((numbers) => numbers?.buffer ?? [])};
  },
  async learnNeutral({frames, count, cropped}) {
    const value = await inTurn(() => recognizer.learnNeutral(pixelsOfEach(frames), count, cropped))
      .finally(() => frames.forEach((frame) => { if ('close' in frame) frame.close(); }));
    return {value: {...value}}; // as a Baseline would arrive
  },
  async crop({frame, place}) {
    const value = await inTurn(() => withPixelsOf(frame, (pixels) => recognizer.crop(pixels, {crop: place})));
    return {value, transfer: [value.buffer]};
  },
  async classify({crops, head}) {
    return {value: await recognizer.classify(crops, {head})};
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
// What nobody waits for any more has failed: without it a call might never be answered.
addEventListener('unhandledrejection', ({reason}) => postMessage({failure: asError(reason).message}));
