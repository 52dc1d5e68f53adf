/** @file A bar for every expression of a face. */
import {make, setStyle, setText} from '../elements.js';
import {percent, shadeOf, shownProbabilities} from '../palette.js';
import {labelWord} from '../words/words.js';

/** @typedef {import('../../runtime/emotion.js').Face} Face */

/** The bars of a face, which are made when they are wanted first. */
export class Bars {
  /** @type {{bar: HTMLElement, fill: HTMLElement, value: HTMLElement}[]} */
  #parts = [];

  /**
   * @param {HTMLElement} list the <ul>
   * @param {string[]} labels the model's classes
   */
  constructor(list, labels) {
    this.list = list;
    this.labels = labels;
    if (labels.length > 12) list.tabIndex = 0; // scrolls: reachable by keyboard
  }

  /** @param {Face} face */
  show(face) {
    if (this.#parts.length === 0) this.#parts = this.labels.map((label, index) => this.#add(label, index));
    const shown = shownProbabilities(face);
    this.#parts.forEach(({bar, fill, value}, index) => {
      setStyle(fill, '--share', shown[index].toFixed(3));
      setText(value, percent(shown[index]));
      bar.toggleAttribute('data-top', face.certain && this.labels[index] === face.label);
    });
  }

  /** @param {string} label @param {number} index */
  #add(label, index) {
    const bar = make('li', 'bar');
    bar.style.setProperty('--shade', shadeOf(index));
    const name = make('span', 'bar-name', labelWord(label));
    name.title = name.textContent;
    const track = make('span', 'bar-track');
    const fill = make('span', 'bar-fill');
    track.append(fill);
    const value = make('span', 'bar-value');
    bar.append(name, track, value);
    this.list.append(bar);
    return {bar, fill, value};
  }
}
