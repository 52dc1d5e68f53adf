/** @file Carries out what a run asks for with its batch, beside the work on its source: one reading at a time. */
import {batchToRead} from './batch_run.js';

/** @typedef {import('./run.js').Run} Run */

/** Reads the batch of a run as long as that wants it. */
export class BatchReader {
  #token = new AbortController();

  /**
   * @param {{current: import('./loader.js').Loaded | null}} loader
   * @param {(event: import('./run.js').Event) => void} send
   * @param {(error: unknown) => void} fail
   */
  constructor(loader, send, fail) {
    this.loader = loader;
    this.send = send;
    this.fail = fail;
  }

  /**
   * Takes note of what a run has become.
   * @param {Run} before
   * @param {Run} now
   */
  follow(before, now) {
    if (batchToRead(now) !== batchToRead(before)) this.#read(batchToRead(now));
    if (before.batch !== now.batch) before.batch?.close();
    now.batch?.follow(now);
  }

  /** @param {import('./sources.js').Batch | null} batch */
  #read(batch) {
    this.#token.abort();
    const {signal} = this.#token = new AbortController();
    const recognizer = this.loader.current?.recognizer;
    if (!batch || !recognizer) return;
    batch.read(recognizer, signal).catch((error) => {
      if (signal.aborted) return;
      this.send({type: 'hold', held: true}); // whatever it is, the next picture would meet it too
      this.fail(error);
    });
  }
}
