/**
 * @file The bridge to the worker: calls become messages, answers become promises.
 */
import {asError, ModelMissingError, reviveError} from './errors.js';
import {trustedTypesRefusal, watchPolicy} from './policy.js';

/** @typedef {import('./pixels.js').Frame} Frame */
/** @typedef {import('./baseline.js').Owner} Owner */
/** @typedef {Map<number | null, import('./baseline.js').Known>} Baselines by track; null: every face */
/** @typedef {import('./checks.js').Reach} Reach */
/** @typedef {import('./contract.js').Head | 'both'} Whose answer */
/** @typedef {{frame: Frame, time: number | null, cropped: boolean, baselines: Baselines, reach: Reach | null}} RecognizeArguments */

/**
 * What the worker is asked, and what it answers.
 * @typedef {object} Calls
 * @property {{args: import('./loading.js').LoadOptions, value: {owner: Owner, manifest: any, reach: Reach}}} load
 * @property {{args: RecognizeArguments, value: import('./recognizer.js').Result}} recognize
 * @property {{args: {frames: Frame[], count: number | null, cropped: boolean}, value: import('./baseline.js').Known}} learnNeutral
 * @property {{args: {frame: Frame, place: import('./geometry.js').Transform}, value: Uint8Array<ArrayBuffer>}} crop
 * @property {{args: {crops: Uint8Array[], head: Whose | undefined}, value: import('./reader.js').Classified}} classify
 * @property {{args: object, value: undefined}} reset
 */

/** A worker with one recognizer in it. */
export class Bridge {
  #worker;
  /**
   * @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void,
   *   onProgress?: (progress: import('./loading.js').Progress) => void}>}
   */
  #waiting = new Map();
  #count = 0;
  /** @type {Error | undefined} why the worker was ended */
  #ended;

  /**
   * @param {string} [folder] which runtime/worker.js is in, ends with a slash; default: worker.js beside this module
   * @throws {ModelMissingError} if that is of another origin than the page
   * @throws {import('./errors.js').PolicyError} if the page's policy wants Trusted Types
   */
  constructor(folder) {
    const policy = watchPolicy('worker-src');
    try {
      // By the very form of the second address bundlers find the worker: its parts cannot be given names.
      this.#worker = folder ? new Worker(`${folder}runtime/worker.js`, {type: 'module', name: 'face-emotion'}) :
        new Worker(new URL('./worker.js', import.meta.url), {type: 'module', name: 'face-emotion'});
    } catch (error) {
      policy.stop();
      throw trustedTypesRefusal(error) ?? new ModelMissingError(`The worker cannot run: ${asError(error).message}`);
    }
    this.#worker.addEventListener('message', ({data: {id, value, error, progress, failure}}) => {
      policy.stop(); // it runs
      if (failure !== undefined) return this.close(new ModelMissingError(`The worker cannot go on: ${failure}`));
      const call = this.#waiting.get(id);
      if (!call) return;
      if (progress) return call.onProgress?.(progress);
      this.#waiting.delete(id);
      if (error) return call.reject(reviveError(error));
      return call.resolve(value);
    });
    this.#worker.addEventListener('error', ({message}) => {
      if (message !== undefined) return this.close(new ModelMissingError(`The worker cannot run: ${message}.`));
      return void policy.refusal().then((refusal) =>
        this.close(refusal ?? new ModelMissingError('The worker cannot run: its script does not load.')));
    });
  }

  /** Whether the worker was ended, or ended by itself: nothing can be asked any more. */
  get isOver() {
    return this.#ended !== undefined;
  }

  /**
   * The first call; whatever it fails of ends the worker.
   * @param {Calls['load']['args']} options
   * @param {{signal?: AbortSignal, onProgress?: (progress: import('./loading.js').Progress) => void}} [control]
   */
  async load(options, {signal, onProgress} = {}) {
    const abort = () => this.close(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      const value = await this.call('load', options, {onProgress});
      signal?.throwIfAborted(); // between the answer and here
      return value;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Calls a method of worker.js.
   * @template {keyof Calls} Method
   * @param {Method} method
   * @param {Calls[Method]['args']} args
   * @param {{transfer?: Transferable[], onProgress?: (progress: import('./loading.js').Progress) => void}} [options]
   * @returns {Promise<Calls[Method]['value']>}
   */
  call(method, args, {transfer = [], onProgress} = {}) {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = ++this.#count;
      this.#waiting.set(id, {resolve, reject, onProgress});
      try {
        this.#worker.postMessage({id, method, args}, transfer);
      } catch (error) {
        this.#waiting.delete(id);
        reject(error);
      }
    });
  }

  /**
   * Ends the worker, and with it everything that it holds; calls that wait are refused.
   * @param {Error} [reason]
   */
  close(reason = new DOMException('The recognizer was disposed of.', 'AbortError')) {
    this.#ended ??= reason;
    this.#worker.terminate();
    for (const {reject} of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
