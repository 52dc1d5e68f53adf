/**
 * @file The page's own recognizer, frame after frame, and what it holds: leaks.html?engine=tfjs.
 *
 * Its worker is started with a probe in it (leaks_worker.js); everything else is what a page runs.
 */
import {EmotionRecognizer} from '../runtime/emotion.js';
import {drawFrame} from './frame.js';

const engine = new URLSearchParams(location.search).get('engine') === 'litert' ? 'litert' : 'tfjs';
const PageWorker = globalThis.Worker;
globalThis.Worker = class extends PageWorker {
  /** @param {string | URL} _ @param {WorkerOptions} [options] */
  constructor(_, options) {
    super(new URL('./leaks_worker.js', import.meta.url), options);
  }
};
const channel = new BroadcastChannel('memory');
const ready = Promise.all([
  EmotionRecognizer.load(new URL('../models/small/manifest.json', import.meta.url), {engine}),
  Promise.all([0, 6, 12, 18].map(drawFrame)),
]);
let frame = 0;

/**
 * Recognizes `count` frames of a video in which a face moves.
 * @param {number} count
 * @returns {Promise<number>} faces found
 */
globalThis.runFrames = async (count) => {
  const [recognizer, pictures] = await ready;
  let faces = 0;
  for (const end = frame + count; frame < end; frame++) {
    faces += (await recognizer.recognize(pictures[frame % pictures.length], {time: frame / 30})).length;
  }
  return faces;
};

/**
 * Asks the worker what it holds.
 * @returns {Promise<{tensors: number | null, wasm: number}>} TF.js's tensors; bytes of WebAssembly memory
 */
globalThis.measureWorker = () => new Promise((resolve) => {
  channel.addEventListener('message', ({data}) => resolve(data), {once: true});
  channel.postMessage({engine});
});
