/** @file The models and engines that can be chosen, and loading one. */
import {EmotionRecognizer} from '../runtime/emotion.js';
import {t} from './words/words.js';

const MODELS = new URL('../models/', import.meta.url);
/** @typedef {{models: {name: string, manifest: string}[], detector: string | null}} Index */

/**
 * A model on an engine.
 * @typedef {object} Choice
 * @property {string} manifest its address, as in the list of models
 * @property {'tfjs' | 'litert'} engine
 * @property {string} name e.g. "small with LiteRT"
 */

/** The two lists that the user chooses from. */
export class Models {
  /** @type {string | undefined} */
  #detector;

  /**
   * @param {HTMLSelectElement} model
   * @param {HTMLSelectElement} engine
   */
  constructor(model, engine) {
    this.model = model;
    this.engine = engine;
  }

  /** What is chosen. @returns {Choice} */
  get chosen() {
    const [model] = this.model.selectedOptions;
    const [engine] = this.engine.selectedOptions;
    return {
      manifest: this.model.value, engine: /** @type {'tfjs' | 'litert'} */ (this.engine.value),
      name: t('model.choice', {model: model?.text ?? t('model.any'), engine: engine.text.replace(/ \(.*/, '')}),
    };
  }

  /** Chooses what was chosen before. @param {Choice} choice */
  choose({manifest, engine}) {
    this.model.value = manifest;
    this.engine.value = engine;
  }

  /** Every model of the list. */
  get all() {
    return [...this.model.options].map(({text, value}) => ({name: text, manifest: value}));
  }

  /** Fills the list of models, once; throws what the runtime throws for a missing model if there is no list. */
  async list() {
    if (this.model.options.length > 0) return;
    /** @type {Index} */
    let index;
    try {
      const response = await fetch(new URL('index.json', MODELS));
      index = await response.json();
    } catch {
      throw Object.assign(new Error('models/index.json cannot be loaded'), {name: 'ModelMissingError'});
    }
    if (this.model.options.length > 0) return; // asked for twice
    this.#detector = index.detector ? new URL(index.detector, MODELS).href : undefined;
    this.model.replaceChildren(...index.models.map(({name, manifest}) => new Option(name, manifest)));
  }

  /**
   * Loads a model.
   * @param {Choice} choice
   * @param {(share: number) => void} onProgress told of 0 to 1
   */
  load({manifest, engine}, onProgress) {
    return EmotionRecognizer.load(new URL(manifest, MODELS).href, {
      engine, detector: this.#detector, onProgress: ({done}) => onProgress(done),
    });
  }
}

/** The address of a model's manifest.json. @param {Choice} choice */
export function addressOf({manifest}) {
  return new URL(manifest, MODELS).href;
}

/** The address of a model's card. @param {Choice} choice */
export function cardOf(choice) {
  return new URL('MODEL_CARD.md', addressOf(choice)).href;
}
