/** @file What is known of a batch's pictures, and how far their reading is. */
import {Clock} from './clock.js';

/** @typedef {import('./collect.js').Item} Item */
/** @typedef {import('./status.js').State} State */
/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */

/** The pictures, in their order. */
export class Pictures {
  /** @type {Item[]} */
  items = [];
  /** @type {State['phase']} */
  phase = 'gathering';
  /** Files that have been found. */
  count = 0;
  clock = new Clock();
  /** @type {EmotionRecognizer | null} who has read what was read */
  by = null;

  /**
   * Forgets what another recognizer has read.
   * @param {EmotionRecognizer} recognizer
   * @returns {boolean} whether it is another one
   */
  belongTo(recognizer) {
    if (this.by === recognizer) return false;
    this.by = recognizer;
    for (const item of this.items) item.seen = null;
    return true;
  }

  /** Those that are still to be read. */
  get waiting() {
    return this.items.filter(({seen, error}) => !seen && !error);
  }

  /** How far it is. @returns {State} */
  get state() {
    const found = {faces: 0, none: 0, errors: 0};
    for (const {seen, error} of this.items) {
      if (seen) found[seen.faces.length > 0 ? 'faces' : 'none'] += 1;
      else if (error) found.errors += 1;
    }
    const {phase, items: {length}, count} = this;
    const done = found.faces + found.none + found.errors;
    return {phase, total: phase === 'gathering' ? count : length, done, left: this.clock.left(length - done), found};
  }

  /**
   * Where a picture is among those that are shown, or, as it is none of them any more, among all.
   * @param {Item | null} item
   * @param {Item[]} shown
   */
  placeOf(item, shown) {
    const items = item && shown.includes(item) ? shown : this.items;
    return {items, place: item ? items.indexOf(item) : -1};
  }

  /** Frees what is kept of them. */
  close() {
    for (const {thumb} of this.items) URL.revokeObjectURL(thumb);
  }
}
