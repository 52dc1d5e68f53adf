/** @file The card on the stage, which covers it in every state without a picture to look at; and the stage's shape. */
import {wordsOf} from './states.js';

/** @typedef {import('./elements.js').Elements} Elements */
/** @typedef {import('./run.js').Failure} Shown */

/** The stage's card. */
export class Card {
  /** @type {Shown | null} */
  #shown = null;

  /**
   * @param {Pick<Elements, 'stage' | 'card' | 'card-glyph' | 'card-title' | 'card-text' | 'card-progress' | 'card-action' |
   *   'samples'>} elements
   * @param {Record<import('./states.js').Act, () => void>} acts what its button does
   */
  constructor(elements, acts) {
    this.elements = elements;
    elements['card-action'].addEventListener('click', () => {
      const act = this.#shown && wordsOf(this.#shown.name).act;
      if (act) acts[act]();
    });
  }

  /**
   * Shows a state.
   * @param {Shown} shown
   * @param {boolean} withSamples
   * @returns {string} what a screen reader should hear; '' if nothing changed
   */
  show(shown, withSamples) {
    const {elements} = this;
    if (this.#shown === shown || (this.#shown?.name === shown.name && this.#shown.text === shown.text && !isFailure(shown))) return '';
    this.#shown = shown;
    const {glyph, title, text: usual, label} = wordsOf(shown.name);
    const text = shown.text ?? usual;
    elements.stage.dataset.state = shown.name;
    elements.card.hidden = false;
    elements['card-glyph'].dataset.kind = glyph;
    elements['card-title'].textContent = title;
    elements['card-text'].textContent = text;
    elements['card-progress'].hidden = shown.name !== 'loading';
    elements['card-action'].hidden = !label;
    elements['card-action'].textContent = label ?? '';
    elements.samples.hidden = !withSamples;
    return `${title}. ${text}`;
  }

  /** Clears the stage for a picture. */
  clear() {
    this.#shown = null;
    delete this.elements.stage.dataset.state;
    this.elements.card.hidden = true;
  }

  /**
   * Moves the bar of the loading state.
   * @param {number} share 0 to 1
   */
  progress(share) {
    this.elements['card-progress'].value = Math.min(Math.max(share, 0), 1);
  }

  /**
   * Gives the stage the shape of what it shows, within what fits a screen.
   * @param {{width: number, height: number}} picture in pixels
   */
  shape({width, height}) {
    const shape = Math.min(Math.max(width / height || 4 / 3, 0.75), 16 / 9);
    this.elements.stage.style.setProperty('--aspect', String(shape));
  }
}

/** Whether it is said again when it happens again. @param {Shown} shown */
function isFailure({name}) {
  return wordsOf(name).glyph === 'warning' || wordsOf(name).glyph === 'camera-off';
}
