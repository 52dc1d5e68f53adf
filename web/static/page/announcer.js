/** @file The live region: says what changed, once it has settled, and not more often than one can listen. */
import {setText} from './elements.js';
import {wordOf} from './palette.js';
import {formatList, t} from './words/words.js';

const SETTLED = 1.5; // seconds that a result must last
const PAUSE = 4; // seconds between two announcements

/** Says things in a live region. */
export class Announcer {
  /** Whether faces are said: not those of something that moves for the eye alone. */
  saysFaces = true;
  #said = '';
  #candidate = '';
  #since = 0;
  #lastTime = -Infinity;
  /** @type {string[]} sentences that belong together: a state of the page, and what came to an end with the one before */
  #waiting = [];

  /** @param {HTMLElement} region */
  constructor(region) {
    this.region = region;
  }

  /**
   * Says a sentence now (a state of the page); what is said in one go is said together.
   * @param {string} sentence
   */
  say(sentence) {
    if (this.#waiting.push(sentence) > 1) return;
    queueMicrotask(() => {
      this.#said = this.#candidate = this.#waiting.join(' ');
      this.#waiting = [];
      this.#lastTime = performance.now() / 1000; // faces wait until it has been heard
      setText(this.region, this.#said);
    });
  }

  /**
   * Considers the faces of a frame; announces them when they have settled into something new.
   * @param {{label: string, certain: boolean}[]} faces
   * @param {number} time seconds, of performance.now; a still picture gives Infinity and is announced at once
   */
  sayFaces(faces, time) {
    if (!this.saysFaces) return undefined;
    const sentence = sentenceOf(faces);
    if (time === Infinity) return this.say(sentence);
    if (sentence !== this.#candidate) [this.#candidate, this.#since] = [sentence, time];
    if (sentence === this.#said || time - this.#since < SETTLED || time - this.#lastTime < PAUSE) return undefined;
    return this.say(sentence);
  }
}

/**
 * Returns e.g. "2 faces: happy, neutral."
 * @param {{label: string, certain: boolean}[]} faces
 */
export function sentenceOf(faces) {
  if (faces.length === 0) return t('announce.none');
  return t('announce.faces', {count: faces.length, labels: formatList(faces.map(wordOf), {type: 'unit', style: 'short'})});
}
