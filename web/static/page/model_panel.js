/** @file What the page says of the model beside its choice: how good it is, or that another one did not load. */
import {make} from './elements.js';
import {cardOf} from './models.js';
import {showQuality} from './quality.js';
import {t} from './words/words.js';

/** @typedef {import('./models.js').Choice} Choice */

/** Never shows the figures of one model beside the name of another. */
export class ModelPanel {
  /** @type {Choice | null} what did not load */
  #failed = null;

  /**
   * @param {Pick<import('./elements.js').Elements, 'quality' | 'model-problem' | 'model-problem-text' | 'model-again' | 'model'>} elements
   * @param {import('./announcer.js').Announcer} announcer
   * @param {(choice: Choice) => void} onAgain asked to try again
   */
  constructor(elements, announcer, onAgain) {
    this.elements = elements;
    this.announcer = announcer;
    elements['model-again'].addEventListener('click', () => {
      if (!this.#failed) return;
      elements.model.focus(); // the button goes
      onAgain(this.#failed);
    });
  }

  /** Shows that a model is being loaded. @param {string} name */
  wait(name) {
    this.#say(t('model.loading', {model: name}));
  }

  /** Shows that there is none. */
  empty() {
    this.#say(t('model.none'));
  }

  /** Shows how good the model in hand is. @param {import('./loader.js').Loaded} loaded */
  show({recognizer, choice}) {
    this.elements['model-problem'].hidden = true;
    showQuality(this.elements.quality, recognizer.manifest, choice.engine, cardOf(choice));
  }

  /**
   * Tells that a model did not load, and offers to try again.
   * @param {Choice} failed
   * @param {import('./run.js').Failure} failure
   * @param {Choice} current what goes on
   */
  complain(failed, failure, current) {
    this.#failed = failed;
    const sentence = t('model.failed', {model: failed.name, reason: reasonOf(failure), current: current.name});
    this.elements['model-problem-text'].textContent = sentence;
    this.elements['model-problem'].hidden = false;
    this.announcer.say(sentence);
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.elements['model-problem'].hidden = true;
    this.elements.quality.replaceChildren(make('p', 'quality-note', sentence));
  }
}

/** @param {import('./run.js').Failure} failure */
function reasonOf({name, text}) {
  return text ? text.replace(/\.$/, '') : t(/** @type {import('./words/words.js').Key} */ (`reason.${name}`));
}
