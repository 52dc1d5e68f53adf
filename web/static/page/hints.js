/** @file What to tell someone whose face is not read well: none in view, too small, cut off. */
import {setText} from './elements.js';
import {t} from './words/words.js';

const PATIENCE = 0.8; // seconds that something must last before it is mentioned

/** The hint on the stage. */
export class Hint {
  #pending = '';
  #since = 0;

  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
  }

  /**
   * Shows a problem once it has lasted, and removes it at once.
   * @param {string} problem '' for none
   * @param {number} time seconds; a still picture gives Infinity and is told at once
   */
  show(problem, time) {
    if (problem !== this.#pending) [this.#pending, this.#since] = [problem, time];
    const shown = problem !== '' && (time === Infinity || time - this.#since >= PATIENCE);
    if (shown) setText(this.line, problem);
    this.line.hidden = !shown;
  }
}

/**
 * Returns what is wrong with the faces in view, or ''.
 * @param {Pick<import('../runtime/emotion.js').Face, 'box' | 'small'>[]} faces
 * @param {number} width of the frame in pixels
 * @param {number} height
 */
export function problemOf(faces, width, height) {
  if (faces.length === 0) return t('hint.none');
  const [{box, small}] = [...faces].sort((one, other) => other.box.width - one.box.width);
  const margin = 0.08 * box.width;
  const cut = box.x < -margin || box.y < -margin ||
    box.x + box.width > width + margin || box.y + box.height > height + margin;
  if (cut) return t('hint.cut');
  return small ? t('hint.small') : '';
}
