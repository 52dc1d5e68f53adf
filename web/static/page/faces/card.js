/** @file The card of a face: what it looks like, what it is said to be, how that was, and all bars when it is open. */
import {make, setAttribute, setStyle, setText} from '../elements.js';
import {faceName, percent, shadeOfFace, shareOf, wordOf} from '../palette.js';
import {t} from '../words/words.js';
import {Bars} from './bars.js';
import {columnsOf, drawSparkline, SIZE} from './sparkline.js';
import {drawThumbnail, SIDE} from './thumbnail.js';

/** @typedef {import('../../runtime/emotion.js').Face} Face */

/** A card, which is changed in place, so that focus and transitions survive a frame. */
export class FaceCard {
  item = make('li', 'face');
  isOpen = false;
  /** Whether the user opened or closed it; null: neither. @type {boolean | null} */
  choice = null;
  hasThumbnail = false;
  /** When its sparkline was drawn, in seconds. */
  drawn = -Infinity;
  #head = make('button', 'face-head');
  #more = make('button', 'face-more');
  #label = make('span', 'face-label');
  #percent = make('span', 'face-percent');
  #share = make('span', 'face-share');
  #thumbnail = make('canvas', '');
  /** @type {HTMLCanvasElement | null} none in a still picture */
  #sparkline = null;
  #bars;

  /**
   * @param {Face} face
   * @param {number} number that it goes by
   * @param {string[]} labels the model's classes
   * @param {() => void} onSelect told that the user wants it in the chart
   * @param {() => void} onToggle told that the user opens or closes it
   */
  constructor(face, number, labels, onSelect, onToggle) {
    this.face = face;
    this.number = number;
    this.labels = labels;
    const name = faceName(face, number - 1);
    const picture = make('span', 'face-picture');
    picture.dataset.number = String(number);
    picture.setAttribute('aria-hidden', 'true');
    this.#thumbnail.width = this.#thumbnail.height = SIDE;
    picture.append(this.#thumbnail);
    const words = make('span', 'face-words');
    words.append(this.#label, ' ', make('span', 'face-name', name), ' ');
    this.#head.append(picture, words, this.#percent, this.#share);
    if (face.track !== null) this.#head.append(this.#sparkline = Object.assign(make('canvas', 'face-sparkline'), SIZE));
    const list = make('ul', 'bars');
    list.id = `bars-${number}`;
    list.setAttribute('aria-label', t('cards.bars', {name}));
    this.#bars = new Bars(list, labels);
    this.#more.setAttribute('aria-label', t('cards.more', {name}));
    this.#more.setAttribute('aria-controls', list.id);
    this.#head.type = this.#more.type = 'button';
    this.#head.addEventListener('click', onSelect);
    this.#more.addEventListener('click', onToggle);
    this.item.append(this.#head, this.#more, list);
    this.open(false);
  }

  /** Shows all bars, or none. @param {boolean} isOpen */
  open(isOpen) {
    this.isOpen = isOpen;
    this.#bars.list.hidden = !isOpen;
    this.item.toggleAttribute('data-open', isOpen);
    setAttribute(this.#more, 'aria-expanded', String(isOpen));
    if (isOpen) this.#bars.show(this.face);
  }

  /** @param {Face} face @param {boolean} isSelected whether it is the one of several that the chart shows */
  show(face, isSelected) {
    this.face = face;
    const share = shareOf(face, this.labels);
    setText(this.#label, wordOf(face));
    setText(this.#percent, face.certain ? percent(share) : '');
    setStyle(this.#share, '--share', share.toFixed(2));
    setStyle(this.#share, '--shade', shadeOfFace(face, this.labels));
    this.item.classList.toggle('unclear', !face.certain);
    setAttribute(this.#head, 'aria-pressed', String(isSelected));
    this.item.toggleAttribute('data-selected', isSelected);
    if (this.isOpen) this.#bars.show(face);
  }

  /** @param {HTMLVideoElement | HTMLCanvasElement} surface where the face is shown */
  drawThumbnail(surface) {
    this.hasThumbnail = true;
    drawThumbnail(this.#thumbnail, surface, this.face.box);
  }

  /**
   * @param {import('../timeline.js').Sample[]} samples of the last minute
   * @param {number} now seconds
   */
  drawSparkline(samples, now) {
    this.drawn = now;
    if (this.#sparkline) drawSparkline(this.#sparkline, columnsOf(samples, this.number, this.labels, now));
  }
}
