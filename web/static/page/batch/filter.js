/** @file The buttons that show pictures of certain kinds only: expressions, no face, not read. */
import {make, setText} from '../elements.js';
import {formatNumber, labelWord, t} from '../words/words.js';
import {allKinds, labelOfKey} from './kinds.js';
import {dotOf} from './tile.js';

/** Toggle buttons, each with how many pictures it stands for. */
export class Filter {
  /** @type {Set<string>} the kinds that are pressed; empty: all pictures are shown */
  wanted = new Set();
  /** @type {Map<string, {button: HTMLElement, count: HTMLElement}>} by kind; '' for all */
  #buttons = new Map();

  /** @param {HTMLElement} group @param {(wanted: Set<string>) => void} onChange */
  constructor(group, onChange) {
    this.group = group;
    this.onChange = onChange;
  }

  /** Offers a model's classes. @param {string[]} labels */
  reset(labels) {
    const kinds = allKinds(labels);
    for (const kind of this.wanted) if (!kinds.includes(kind)) this.wanted.delete(kind);
    this.#buttons.clear();
    this.group.replaceChildren(...['', ...kinds].map((kind) => {
      const button = make('button', 'kind');
      button.type = 'button';
      const label = labelOfKey(kind);
      if (label !== null || kind === 'unclear') button.append(dotOf({label: label ?? '', certain: label !== null}, labels));
      const count = make('span', 'kind-count');
      button.append(make('span', '', wordOfKind(kind)), ' ', count);
      button.addEventListener('click', () => this.#press(kind));
      this.#buttons.set(kind, {button, count});
      return button;
    }));
    this.#show();
  }

  /** Says how many there are. @param {number} total @param {Map<string, number>} counts by kind */
  count(total, counts) {
    for (const [kind, {button, count}] of this.#buttons) {
      const number = kind === '' ? total : counts.get(kind) ?? 0;
      setText(count, formatNumber(number));
      button.classList.toggle('is-none', number === 0);
    }
  }

  /** @param {string} kind */
  #press(kind) {
    if (kind === '') this.wanted.clear();
    else if (!this.wanted.delete(kind)) this.wanted.add(kind);
    this.#show();
    this.onChange(this.wanted);
  }

  #show() {
    for (const [kind, {button}] of this.#buttons) {
      button.setAttribute('aria-pressed', String(kind === '' ? this.wanted.size === 0 : this.wanted.has(kind)));
    }
  }
}

/** @param {string} kind */
function wordOfKind(kind) {
  const label = labelOfKey(kind);
  if (label !== null) return labelWord(label);
  return kind === '' ? t('batch.all') : kind === 'unclear' ? t('emotion.unclear') :
    kind === 'none' ? t('batch.noface') : t('batch.unread');
}
