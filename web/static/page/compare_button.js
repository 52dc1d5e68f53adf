/** @file The button that compares models on the selected face: what it needs is loaded when it is first pressed. */
import {setText} from './elements.js';
import {t} from './words/words.js';

/** Holds the comparison, once there is one. */
export class CompareButton {
  /** @type {import('./compare/compare.js').Comparison | null} */
  #comparison = null;
  #isBusy = false;

  /**
   * @param {Pick<import('./elements.js').Elements, 'compare' | 'compare-problem'>} elements
   * @param {object} parts
   * @param {import('./session.js').Session} parts.session
   * @param {import('./results.js').Results} parts.results
   * @param {import('./loader.js').Loader} parts.loader
   * @param {import('./models.js').Models} parts.models
   * @param {import('./neutral.js').Neutral} parts.neutral
   */
  constructor(elements, parts) {
    this.elements = elements;
    this.parts = parts;
    elements.compare.addEventListener('click', () => void this.#compare());
  }

  async #compare() {
    const {session, results: {selected}, loader: {current}, models, neutral} = this.parts;
    const {run} = session;
    if (this.#isBusy || !selected || !current || !run.source) return;
    this.#isBusy = true;
    this.#complain('');
    session.send({type: 'freeze'});
    try {
      if (run.model !== 'ready') throw new Error(t('compare.notYet'));
      this.#comparison ??= new (await import('./compare/compare.js')).Comparison(models);
      const isPersonal = selected.track !== null && Boolean(neutral.baselines?.has(selected.track));
      await this.#comparison.open(current, run.source, selected, isPersonal);
    } catch (error) {
      this.#complain(t('compare.cannot', {reason: error instanceof Error ? error.message : String(error)}));
    } finally {
      session.send({type: 'thaw'});
      this.#isBusy = false;
    }
  }

  /** @param {string} sentence */
  #complain(sentence) {
    setText(this.elements['compare-problem'], sentence);
  }
}
