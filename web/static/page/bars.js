/** @file The panel of faces: for each one its label and a live bar for every expression. */
import {make, setText} from './elements.js';
import {faceName, percent, shadeOf, shownProbabilities, wordOf} from './palette.js';
import {formatNumber, labelWord, t} from './words/words.js';

/** @typedef {import('../runtime/emotion.js').Face} Face */
/** @typedef {{bar: HTMLElement, fill: HTMLElement, value: HTMLElement}} Bar */
/** @typedef {{item: HTMLElement, head: HTMLElement, label: HTMLElement, parts: Bar[]}} Row */

/** A list of faces that is changed in place, so that focus and transitions survive a frame. */
export class FacePanel {
  /** @type {Map<number, Row>} by the faces' keys */
  #rows = new Map();
  /** @type {string[]} */
  #labels = [];

  /**
   * @param {HTMLElement} list the <ol>
   * @param {HTMLElement} count where the number of faces stands
   * @param {HTMLElement} empty shown while there is no face
   * @param {(key: number) => void} onSelect told which face the user wants in the chart
   */
  constructor(list, count, empty, onSelect) {
    this.list = list;
    this.count = count;
    this.empty = empty;
    this.onSelect = onSelect;
  }

  /**
   * Starts anew for a model's classes.
   * @param {string[]} labels
   */
  reset(labels) {
    this.#labels = labels;
    this.#rows.clear();
    this.list.replaceChildren();
    this.update([], null);
  }

  /**
   * Shows the faces of a frame.
   * @param {Face[]} faces
   * @param {number | null} selected key of the face that the chart shows
   */
  update(faces, selected) {
    const keys = faces.map((face, index) => face.track ?? index + 1);
    for (const [key, row] of this.#rows) {
      if (keys.includes(key)) continue;
      row.item.remove();
      this.#rows.delete(key);
    }
    faces.forEach((face, index) => {
      const row = this.#rows.get(keys[index]) ?? this.#add(keys[index], faceName(face, index));
      this.#fill(row, face, keys[index] === selected && faces.length > 1);
    });
    setText(this.count, faces.length ? formatNumber(faces.length) : '');
    this.empty.hidden = faces.length > 0;
  }

  /** @param {number} key @param {string} name @returns {Row} */
  #add(key, name) {
    const item = make('li', 'face');
    const head = make('button', 'face-head');
    head.type = 'button';
    head.addEventListener('click', () => this.onSelect(key));
    const label = make('span', 'face-label');
    head.append(label, make('span', 'face-name', name));
    const bars = make('ul', 'bars');
    bars.setAttribute('aria-label', t('faces.bars', {face: name}));
    if (this.#labels.length > 12) bars.tabIndex = 0; // scrolls: reachable by keyboard
    const parts = this.#labels.map((text, index) => {
      const bar = make('li', 'bar');
      bar.style.setProperty('--shade', shadeOf(index));
      const barName = make('span', 'bar-name', labelWord(text));
      barName.title = labelWord(text);
      const track = make('span', 'bar-track');
      const fill = make('span', 'bar-fill');
      track.append(fill);
      const value = make('span', 'bar-value');
      bar.append(barName, track, value);
      bars.append(bar);
      return {bar, fill, value};
    });
    item.append(head, bars);
    this.list.append(item);
    const row = {item, head, label, parts};
    this.#rows.set(key, row);
    return row;
  }

  /** @param {Row} row @param {Face} face @param {boolean} selected */
  #fill(row, face, selected) {
    setText(row.label, wordOf(face));
    row.item.classList.toggle('unclear', !face.certain);
    row.head.setAttribute('aria-pressed', String(selected));
    const shown = shownProbabilities(face);
    row.parts.forEach(({bar, fill, value}, index) => {
      fill.style.setProperty('--share', shown[index].toFixed(3));
      setText(value, percent(shown[index]));
      bar.toggleAttribute('data-top', face.certain && this.#labels[index] === face.label);
    });
  }
}
