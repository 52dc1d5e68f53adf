/** @file What the line about one's own neutral face says: what it offers, and what happened last. */
import {t} from './words/words.js';

/** @typedef {import('./neutral_panel.js').Shown} Shown */
/** @typedef {Pick<Shown, 'isOffered' | 'isUsed' | 'isKept' | 'isUsable' | 'progress'>} Standing how things are now */

/** Says what happens to a neutral face, and shows what can be done. */
export class NeutralLine {
  #isLooking = false; // whether frames come
  #isStill = false; // pictures have no tracks
  #offer = t('neutral.offer');
  #message = '';
  #again = false;

  /**
   * @param {import('./neutral_panel.js').NeutralPanel} panel
   * @param {import('./announcer.js').Announcer} announcer
   * @param {() => Standing} standing
   */
  constructor(panel, announcer, standing) {
    this.panel = panel;
    this.announcer = announcer;
    this.standing = standing;
  }

  /** Takes note of whether frames come. @param {boolean} on */
  look(on) {
    this.#isLooking = on;
    this.show();
  }

  /** Takes note of the mode. @param {boolean} isStill whether it shows pictures */
  turnTo(isStill) {
    if (isStill !== this.#isStill) this.#message = '';
    this.#isStill = isStill;
    this.show();
  }

  /**
   * Offers to learn, or tells first what is wrong with what was learnt before.
   * @param {string} [problem]
   */
  offer(problem = '') {
    this.#offer = problem || t('neutral.offer');
    if (problem) this.announcer.say(problem);
    if (problem && this.#message) this.#message += ` ${problem}`;
    this.show();
  }

  /**
   * Says what happened.
   * @param {string} message
   * @param {{again?: boolean}} [changed] again: whether there has been a neutral face
   */
  tell(message, {again = this.#again} = {}) {
    this.#again = again;
    this.#message = message;
    this.announcer.say(message);
    this.show();
  }

  /** Shows how things are now. */
  show() {
    const {isOffered, ...rest} = this.standing();
    this.panel.show({
      ...rest, isOffered: isOffered && !this.#isStill, isLooking: this.#isLooking, again: this.#again,
      message: this.#message, offer: this.#offer,
    });
  }
}
