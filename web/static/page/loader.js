/** @file The model in hand, and the one that takes its place once it is loaded: until then nothing is lost. */
import {failureOf} from './failures.js';

/** @typedef {import('./models.js').Choice} Choice */
/** @typedef {{recognizer: import('../runtime/emotion.js').EmotionRecognizer, choice: Choice}} Loaded */

/** Loads what is chosen. */
export class Loader {
  /** @type {Loaded | null} what is in hand */
  current = null;
  #token = new AbortController();

  /**
   * @param {object} parts
   * @param {import('./models.js').Models} parts.models
   * @param {import('./model_panel.js').ModelPanel} parts.panel
   * @param {(share: number) => void} parts.onProgress
   * @param {(event: import('./run.js').Event) => void} parts.send
   */
  constructor({models, panel, onProgress, send}) {
    this.models = models;
    this.panel = panel;
    this.onProgress = onProgress;
    this.send = send;
  }

  /** Loads the chosen model on the chosen engine; only the last wish counts. */
  async load() {
    this.#token.abort();
    const {signal} = this.#token = new AbortController();
    this.onProgress(0);
    this.send({type: 'load'});
    const {current, models} = this;
    try {
      await models.list();
      if (signal.aborted) return;
      const {chosen} = models;
      if (current && !current.recognizer.isOver && isSame(current.choice, chosen)) return this.#keep(); // back to what is in hand
      this.panel.wait(chosen.name);
      const recognizer = await models.load(chosen, (share) => {
        if (!signal.aborted) this.onProgress(share);
      });
      if (signal.aborted) return recognizer.dispose();
      this.#take({recognizer, choice: chosen});
    } catch (error) {
      if (!signal.aborted) this.#keep(failureOf(error));
    }
  }

  /** @param {Loaded} loaded */
  #take(loaded) {
    this.current?.recognizer.dispose();
    this.current = loaded;
    this.panel.show(loaded);
    this.send({type: 'loaded'});
  }

  /** Goes on with what is in hand. @param {import('./run.js').Failure | null} [failure] why */
  #keep(failure = null) {
    const failed = this.models.chosen;
    if (this.current?.recognizer.isOver) { // its worker has ended meanwhile: there is nothing to go on with
      this.current = null;
      this.send({type: 'load', isFirst: true});
    }
    if (this.current) this.models.choose(this.current.choice);
    this.send({type: 'unloaded', failure});
    if (this.current) this.panel.show(this.current);
    else this.panel.empty();
    if (failure && this.current) this.panel.complain(failed, failure, this.current.choice);
  }
}

/** @param {Choice} one @param {Choice} other */
function isSame(one, other) {
  return one.manifest === other.manifest && one.engine === other.engine;
}
