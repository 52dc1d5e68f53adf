/** @file One tile of the grid: a small picture with its faces' boxes, and in words what came of it. */
import {make, setText} from '../elements.js';
import {sentenceOf} from '../announcer.js';
import {shadeOfFace, wordOf} from '../palette.js';
import {t} from '../words/words.js';
import {groupsOf} from './kinds.js';

/** @typedef {import('./collect.js').Item} Item */

const SVG = 'http://www.w3.org/2000/svg';
const WORDS = 2; // expressions that a tile has room for
const BOXES = 60;

/** A tile. Its contents are there only while it is about to be seen: of thousands, few are. */
export class Tile {
  #filled = false;

  /** @param {Item} item @param {string[]} labels of the model */
  constructor(item, labels) {
    this.item = item;
    this.labels = labels;
    this.node = make('li', 'tile');
    this.button = make('button', 'tile-open');
    this.button.type = 'button';
    this.button.tabIndex = -1;
    this.node.append(this.button);
    this.update();
  }

  /** Shows what has come of its picture. */
  update() {
    this.button.setAttribute('aria-label', t('batch.tile', {name: this.item.name, words: whatOf(this.item)}));
    if (this.#filled) this.fill();
  }

  /** Makes its contents. */
  fill() {
    this.#filled = true;
    const {item, labels, button} = this;
    const picture = make('span', 'tile-picture');
    if (item.thumb) {
      const image = make('img', '');
      image.alt = '';
      image.decoding = 'async';
      image.src = item.thumb;
      picture.append(image);
    }
    if (item.seen) picture.append(boxesOf(item.seen, labels));
    if (item.error) picture.append(make('span', 'tile-error', item.error));
    const name = make('span', 'tile-name');
    const place = item.name.lastIndexOf('/') + 1;
    name.append(make('span', 'tile-folder', item.name.slice(0, place)), make('span', 'tile-file', item.name.slice(place)));
    button.title = item.name;
    button.classList.toggle('is-waiting', !item.seen && !item.error);
    button.replaceChildren(picture, wordsOf(item, labels), name);
  }

  /** Lets its contents go. */
  empty() {
    this.#filled = false;
    this.button.replaceChildren();
  }
}

/** What a screen reader says of a picture. @param {Item} item */
function whatOf({seen, error}) {
  if (error) return t('batch.error', {reason: error});
  if (!seen) return t('batch.waiting');
  return seen.faces.length === 0 ? t('batch.noface') : sentenceOf(seen.faces);
}

/** @param {Item} item @param {string[]} labels */
function wordsOf({seen, error}, labels) {
  const line = make('span', 'tile-words');
  if (!seen?.faces.length) {
    setText(line, error ? t('batch.unreadable') : seen ? t('batch.noface') : t('batch.waiting'));
    line.classList.add('is-plain');
    return line;
  }
  const groups = groupsOf(seen.faces);
  line.append(...groups.slice(0, WORDS).map((group) => {
    const word = make('span', 'tile-word', wordOf(group));
    word.prepend(dotOf(group, labels));
    if (group.count > 1) word.append(make('span', 'tile-count', t('batch.times', {count: group.count})));
    return word;
  }));
  if (groups.length > WORDS) line.append(make('span', 'tile-count', t('batch.more', {count: groups.length - WORDS})));
  return line;
}

/**
 * A dot in an expression's colour; a ring for what is not clear.
 * @param {{label: string, certain: boolean}} face @param {string[]} labels
 */
export function dotOf(face, labels) {
  const dot = make('span', face.certain ? 'dot' : 'dot ring');
  dot.style.setProperty('--shade', shadeOfFace(face, labels));
  return dot;
}

/** @param {import('../sources.js').Seen} seen @param {string[]} labels */
function boxesOf({faces, width, height}, labels) {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
  drawing.setAttribute('aria-hidden', 'true');
  for (const face of faces.slice(0, BOXES)) {
    for (const [kind, shade] of [['under', '#fff'], ['over', shadeOfFace(face, labels)]]) {
      const box = document.createElementNS(SVG, 'rect');
      for (const side of /** @type {const} */ (['x', 'y', 'width', 'height'])) box.setAttribute(side, face.box[side].toFixed(1));
      box.setAttribute('class', kind);
      box.setAttribute('stroke', shade);
      drawing.append(box);
    }
  }
  return drawing;
}
