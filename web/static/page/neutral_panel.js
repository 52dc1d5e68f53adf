/** @file "Learn my neutral face": its line under the picture, which says what is learnt and in use. */
import {setText} from './elements.js';
import {keepFocus} from './focus.js';
import {t} from './words/words.js';

/**
 * What the line tells of.
 * @typedef {object} Shown
 * @property {boolean} isOffered whether model and mode have room for a baseline
 * @property {boolean} isLooking whether frames come
 * @property {boolean} isUsed whether one is in use
 * @property {boolean} isKept whether one is kept on this device
 * @property {boolean} isUsable whether that is one of this model
 * @property {boolean} again whether there has been one
 * @property {string} message what happened; '' for nothing
 * @property {string} offer what stands there otherwise
 * @property {number | null} progress 0..1 while it learns
 */

/** @typedef {{learn: () => void, use: () => void, forget: () => void, keep: (on: boolean) => void}} Acts what is asked for */

/** The line. */
export class NeutralPanel {
  /**
   * @param {Pick<import('./elements.js').Elements, 'neutral' | 'neutral-text' | 'neutral-progress' | 'neutral-learn' |
   *   'neutral-use' | 'neutral-forget' | 'neutral-keep' | 'neutral-keep-choice'>} elements
   * @param {HTMLElement[]} others which have the focus where the line has no button any more
   */
  constructor(elements, others) {
    this.elements = elements;
    this.others = others;
  }

  /**
   * Tells of each button that is pressed.
   * @param {Acts} acts
   */
  connect(acts) {
    const {'neutral-learn': learn, 'neutral-use': use, 'neutral-forget': forget, 'neutral-keep': keep} = this.elements;
    learn.addEventListener('click', acts.learn);
    use.addEventListener('click', acts.use);
    forget.addEventListener('click', acts.forget);
    keep.addEventListener('change', () => acts.keep(keep.checked));
  }

  /**
   * Shows the line, or hides it where there is nothing to offer or to say.
   * @param {Shown} shown
   */
  show(shown) {
    const {neutral, 'neutral-learn': learn} = this.elements;
    keepFocus(neutral, () => this.#fill(shown), [learn, ...this.others]);
  }

  /** @param {Shown} shown */
  #fill({isOffered, isLooking, isUsed, isKept, isUsable, again, message, offer, progress}) {
    const {neutral, 'neutral-text': text, 'neutral-progress': bar, 'neutral-learn': learn, 'neutral-use': use,
      'neutral-forget': forget, 'neutral-keep': keep, 'neutral-keep-choice': choice} = this.elements;
    const learning = progress !== null;
    neutral.hidden = !isOffered && !message;
    setText(text, message || offer);
    bar.hidden = !learning;
    bar.value = progress ?? 0;
    setText(learn, t(learning ? 'neutral.cancel' : again ? 'neutral.again' : 'neutral.learn'));
    learn.hidden = !isOffered;
    learn.disabled = use.disabled = !isLooking;
    use.hidden = !(isOffered && isUsable && !isUsed && !learning);
    forget.hidden = choice.hidden = learning || !(isUsed || isKept);
    keep.checked = isKept;
  }
}
