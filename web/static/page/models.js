/** @file Choosing and loading a model and an engine. */
import {EmotionRecognizer} from '../runtime/emotion.js';
import {byId} from './elements.js';
import {showQuality} from './quality.js';
import {showProgress} from './states.js';

const MODELS = new URL('../models/', import.meta.url);
/** @typedef {{models: {name: string, manifest: string}[], detector: string | null}} Index */
/** @type {string | undefined} */
let detector;

/** Returns the chosen engine. */
export function chosenEngine() {
  return /** @type {'tfjs' | 'litert'} */ (byId('engine').value);
}

/** Fills the list of models; throws what the runtime throws for a missing model if there is no list. */
export async function listModels() {
  /** @type {Index} */
  let index;
  try {
    const response = await fetch(new URL('index.json', MODELS));
    index = await response.json();
  } catch {
    throw Object.assign(new Error('models/index.json cannot be loaded'), {name: 'ModelMissingError'});
  }
  detector = index.detector ? new URL(index.detector, MODELS).href : undefined;
  byId('model').replaceChildren(...index.models.map(({name, manifest}) => new Option(name, manifest)));
}

/**
 * Loads the chosen model on the chosen engine.
 * @returns {Promise<EmotionRecognizer>}
 */
export async function loadChosen() {
  const url = new URL(byId('model').value, MODELS);
  const engine = chosenEngine();
  showProgress(0);
  const recognizer = await EmotionRecognizer.load(url.href, {engine, detector, onProgress: ({done}) => showProgress(done)});
  showQuality(byId('quality'), recognizer.manifest, engine, new URL('MODEL_CARD.md', url).href);
  return recognizer;
}
