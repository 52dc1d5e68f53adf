/** @file The panel of faces: a card for each one. */
import {make, setText} from '../elements.js';
import {formatNumber, t} from '../words/words.js';
import {FaceCard} from './card.js';

/** @typedef {import('../../runtime/emotion.js').Face} Face */

const INTERVAL = 0.4; // seconds between two drawings of thumbnails, and of a sparkline
const A_FRAME = 2; // sparklines that are drawn in one frame, so that none takes long
const IN_VIEW = 9; // that style.css has room for

/** A list of faces in the order of their numbers. */
export class FacePanel {
  /** @type {Map<number, FaceCard>} */
  #cards = new Map();
  /** Tracks that the user opened or closed. @type {Map<number, boolean>} */
  #choices = new Map();
  /** @type {string[]} */
  #labels = [];
  /** When thumbnails were drawn, in seconds. */
  #drawn = -Infinity;
  #moreBelow = make('span', 'count more-below', t('cards.scroll'));

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
    count.after(this.#moreBelow);
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
    setText(this.count, count ? formatNumber(count) : '');
    this.#moreBelow.hidden = count <= IN_VIEW;
    this.empty.hidden = count > 0;
  }
  /**
   * Draws what the cards show beside words, now and then. Thumbnails come all of one frame: the browser unpacks it once.
   * @param {HTMLVideoElement | HTMLCanvasElement} surface where the faces are shown
   * @param {import('../timeline.js').Sample[]} samples of the last minute
   * @param {number | null} time seconds; null for a still picture
   */
  paint(surface, samples, time) {
    const now = time ?? samples.at(-1)?.time ?? 0;
    const cards = [...this.#cards.values()].sort((one, other) => one.drawn - other.drawn);
    const isDue = time === null || now - this.#drawn >= INTERVAL;
    if (isDue) this.#drawn = now;
    cards.forEach((card, place) => {
      if (isDue || !card.hasThumbnail) card.drawThumbnail(surface);
      if (time === null || (place < A_FRAME && now - card.drawn >= INTERVAL)) card.drawSparkline(samples, now);
    });
  }

  /** @param {Face} face @param {number} number */
  #add(face, number) {
    const isTracked = face.track !== null;
    const card = new FaceCard(face, number, this.#labels, () => this.onSelect(number), () => {
      card.choice = !card.isOpen;
      if (isTracked) this.#choices.set(number, card.choice);
      card.open(card.choice);
      if (card.isOpen) card.item.scrollIntoView({block: 'nearest'});
    });
    if (isTracked) card.choice = this.#choices.get(number) ?? null;
    const next = [...this.#cards.values()].filter((other) => other.number > number)
      .sort((one, other) => one.number - other.number)[0];
    this.list.insertBefore(card.item, next?.item ?? null);
    this.#cards.set(number, card);
    return card;
  }
}
