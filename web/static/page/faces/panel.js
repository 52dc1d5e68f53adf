/** @file The panel of faces: a card for each one. */
import {setText} from '../elements.js';
import {t} from '../words/words.js';
import {FaceCard} from './card.js';

/** @typedef {import('../../runtime/emotion.js').Face} Face */

const INTERVAL = 0.33; // seconds between two drawings of a card's pictures
const A_FRAME = 2; // cards that are drawn in one frame, so that none takes long
const IN_VIEW = 9; // that style.css has room for

/** A list of faces in the order of their numbers. */
export class FacePanel {
  /** @type {Map<number, FaceCard>} */
  #cards = new Map();
  /** Tracks that the user opened or closed. @type {Map<number, boolean>} */
  #choices = new Map();
  /** @type {string[]} */
  #labels = [];

  /**
   * @param {HTMLElement} list the <ol>
   * @param {HTMLElement} count where the number of faces stands
   * @param {HTMLElement} empty shown while there is no face
   * @param {(number: number) => void} onSelect told which face the user wants in the chart
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
    this.update([], null);
    this.begin();
  }

  /** Forgets what was opened and closed: other people come. */
  begin() {
    this.#choices.clear();
  }

  /**
   * Shows the faces of a frame.
   * @param {Face[]} faces
   * @param {number | null} selected number of the face that the chart shows
   */
  update(faces, selected) {
    const numbers = faces.map((face, index) => face.track ?? index + 1);
    for (const [number, card] of this.#cards) {
      if (numbers.includes(number)) continue;
      if (card.item.contains(document.activeElement)) this.list.focus(); // from where the keyboard goes on
      card.item.remove();
      this.#cards.delete(number);
    }
    faces.forEach((face, index) => {
      const card = this.#cards.get(numbers[index]) ?? this.#add(face, numbers[index]);
      const isOpen = card.choice ?? faces.length === 1;
      card.show(face, faces.length > 1 && numbers[index] === selected);
      if (card.isOpen !== isOpen) card.open(isOpen);
    });
    this.list.classList.toggle('alone', faces.length === 1);
    const {length: count} = faces;
    setText(this.count, count > IN_VIEW ? t('cards.many', {count}) : count ? String(count) : '');
    this.empty.hidden = count > 0;
  }
  /**
   * Draws what the cards show beside words: a few of them a frame, all of them of a still picture.
   * @param {HTMLVideoElement | HTMLCanvasElement} surface where the faces are shown
   * @param {import('../timeline.js').Sample[]} samples of the last minute
   * @param {number | null} time seconds; null for a still picture
   */
  paint(surface, samples, time) {
    const cards = [...this.#cards.values()];
    const due = time === null ? cards : cards.filter(({painted}) => time - painted >= INTERVAL)
      .sort((one, other) => one.painted - other.painted).slice(0, A_FRAME);
    for (const card of due) card.paint(surface, samples, time ?? samples.at(-1)?.time ?? 0);
  }

  /** @param {Face} face @param {number} number */
  #add(face, number) {
    const isTracked = face.track !== null;
    const card = new FaceCard(face, number, this.#labels, () => this.onSelect(number), () => {
      card.choice = !card.isOpen;
      if (isTracked) this.#choices.set(number, card.choice);
      card.open(card.choice);
    });
    if (isTracked) card.choice = this.#choices.get(number) ?? null;
    const next = [...this.#cards.values()].filter((other) => other.number > number)
      .sort((one, other) => one.number - other.number)[0];
    this.list.insertBefore(card.item, next?.item ?? null);
    this.#cards.set(number, card);
    return card;
  }
}
