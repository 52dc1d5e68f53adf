/** @file Shows a run: its mode, its buttons, and the card that covers the stage or not. */
import {keepFocus} from './focus.js';
import {buttonsOf, coverOf} from './run_outcome.js';
import {MODES} from './sources.js';

/** @typedef {import('./run.js').Run} Run */

/** What of the page follows from a run alone. */
export class View {
  /**
   * @param {object} parts
   * @param {import('./card.js').Card} parts.card
   * @param {import('./controls.js').Controls} parts.controls
   * @param {import('./announcer.js').Announcer} parts.announcer
   * @param {HTMLElement} parts.input the part of the page that card and controls are in
   * @param {(mode: import('./sources.js').Mode) => void} parts.offerSamples called whenever samples are offered
   * @param {HTMLElement[]} parts.focusable which may have the focus when the button that had it is gone
   */
  constructor({card, controls, announcer, input, offerSamples, focusable}) {
    this.card = card;
    this.controls = controls;
    this.announcer = announcer;
    this.input = input;
    this.offerSamples = offerSamples;
    this.focusable = focusable;
  }

  /** @param {Run} run */
  show(run) {
    this.announcer.saysFaces = !run.source?.isDemo;
    keepFocus(this.input, () => {
      this.controls.turnTo(run.mode);
      this.controls.activate(buttonsOf(run));
      this.#cover(run);
    }, this.focusable);
  }

  /** @param {Run} run */
  #cover(run) {
    const cover = coverOf(run);
    if (!cover || cover.name === 'batch') return this.card.clear();
    const {rest, samples} = MODES[run.mode];
    const withSamples = samples && (cover.name === 'resting' || cover.name === 'unreadable');
    if (withSamples) this.offerSamples(run.mode);
    const said = this.card.show(cover.name === 'resting' ? {name: rest} : cover, withSamples);
    if (said) this.announcer.say(said);
    return undefined;
  }
}
