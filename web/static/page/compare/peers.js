/** @file The models that stand beside the one in hand: what they weigh, and loading them when they are wanted. */
import {addressOf} from '../models.js';

/** @typedef {import('../models.js').Choice} Choice */
/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */

/**
 * @typedef {object} Candidate
 * @property {string} name of the model, e.g. "small"
 * @property {Choice} choice on the engine of the model in hand
 * @property {any} manifest null: it cannot be had now
 * @property {number} bytes of its network's files; 0: unknown
 */

const KEPT = 60_000; // milliseconds that what was loaded waits for the next comparison

/** The artifact that each engine runs, as the engines themselves say. */
export const ARTIFACTS = {tfjs: 'tfjs', litert: 'int8'};

/** Loads models and keeps them while comparisons go on. */
export class Peers {
  /** @type {Map<string, Promise<EmotionRecognizer>>} by address and engine */
  #loaded = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import('../models.js').Models} models */
  constructor(models) {
    this.models = models;
  }

  /**
   * Every model on the engine of the one in hand, the lightest first.
   * @param {import('../loader.js').Loaded} current
   * @returns {Promise<Candidate[]>}
   */
  async candidates({choice, recognizer}) {
    clearTimeout(this.#timer);
    const found = await Promise.all(this.models.all.map(async ({name, manifest: place}) => {
      const own = {...choice, manifest: place, name};
      const manifest = place === choice.manifest ? recognizer.manifest : await manifestOf(own);
      return {name, choice: own, manifest, bytes: manifest?.artifacts?.[ARTIFACTS[choice.engine]]?.bytes ?? 0};
    }));
    return found.sort((one, other) => (one.bytes || Infinity) - (other.bytes || Infinity) || 0);
  }

  /**
   * Loads a model, once; what failed is tried again.
   * @param {Choice} choice
   * @param {(share: number) => void} onProgress told of 0 to 1
   */
  load(choice, onProgress) {
    const key = `${choice.manifest} ${choice.engine}`;
    const known = this.#loaded.get(key);
    if (known) return known;
    const loading = this.models.load(choice, onProgress);
    this.#loaded.set(key, loading);
    loading.catch(() => this.#loaded.delete(key));
    return loading;
  }

  /** Whether nothing has to be fetched for a model. @param {Candidate} candidate */
  async isHere({choice, manifest}) {
    if (this.#loaded.has(`${choice.manifest} ${choice.engine}`)) return true;
    /** @type {{file: string}[]} */
    const files = manifest?.artifacts?.[ARTIFACTS[choice.engine]]?.files ?? [];
    if (files.length === 0 || !globalThis.caches) return false;
    const kept = files.map(({file}) => caches.match(new URL(file, addressOf(choice)), {ignoreSearch: true}));
    return (await Promise.all(kept).catch(() => [null])).every(Boolean); // null: storage is refused
  }

  /** The comparison is over: what was loaded for it goes, unless another one begins soon. */
  rest() {
    this.#timer = setTimeout(() => {
      for (const loading of this.#loaded.values()) loading.then((recognizer) => recognizer.dispose(), () => {});
      this.#loaded.clear();
    }, KEPT);
  }
}

/** @param {Choice} choice */
async function manifestOf(choice) {
  try {
    const response = await fetch(addressOf(choice));
    return response.ok ? await response.json() : null;
  } catch {
    return null; // no connection: loading it says so
  }
}
