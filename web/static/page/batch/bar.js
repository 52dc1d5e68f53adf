/** @file The bar above a picture of a batch: back to all of them, the one before, the next one. */
import {make, setText} from '../elements.js';
import {t} from '../words/words.js';

/** Buttons, and the keys that do the same. */
export class Bar {
  #back = make('button', 'batch-back', t('batch.back'));
  #name = make('p', 'batch-name');
  #place = make('span', 'batch-place');
  #before = make('button', 'batch-step', '‹');
  #next = make('button', 'batch-step', '›');

  /** @param {{back: () => void, step: (by: 1 | -1) => void}} acts */
  constructor({back, step}) {
    this.node = make('div', 'batch-bar');
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', t('batch.bar'));
    for (const [button, label] of /** @type {[HTMLButtonElement, string][]} */ ([
      [this.#back, ''], [this.#before, t('batch.before')], [this.#next, t('batch.next')],
    ])) {
      button.type = 'button';
      if (label) button.setAttribute('aria-label', label);
      if (label) button.title = label;
    }
    this.#back.addEventListener('click', back);
    this.#before.addEventListener('click', () => step(-1));
    this.#next.addEventListener('click', () => step(1));
    this.onKey = this.onKey.bind(this);
    this.acts = {back, step};
    this.node.append(this.#back, this.#name, this.#place, this.#before, this.#next);
    this.show(false);
  }

  /** @param {boolean} visible */
  show(visible) {
    this.node.hidden = !visible;
    if (visible) addEventListener('keydown', this.onKey);
    else removeEventListener('keydown', this.onKey);
  }

  /** @param {string} name @param {number} place from 1; 0: it is none of those that are shown @param {number} count */
  tell(name, place, count) {
    setText(this.#name, name);
    this.#name.title = name;
    setText(this.#place, place > 0 ? t('batch.place', {place, count}) : '');
    this.#before.setAttribute('aria-disabled', String(place === 1));
    this.#next.setAttribute('aria-disabled', String(place === count));
  }

  /** Takes the focus of what went. */
  focus() {
    this.#back.focus();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const {target, key} = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target instanceof Element && target.closest('input, select, textarea, summary')) return; // which have their own
    const act = {ArrowLeft: () => this.acts.step(-1), ArrowRight: () => this.acts.step(1), Escape: this.acts.back}[key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
