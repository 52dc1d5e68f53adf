/** @file The live region: says what changed, once it has settled, and not more often than one can listen. */
import {byId, setText} from './elements.js';
import {wordOf} from './palette.js';

const SETTLED = 1.5; // seconds that a result must last
const PAUSE = 4; // seconds between two announcements

let said = '';
let candidate = '';
let since = 0;
let lastTime = -Infinity;

/** @type {string[]} sentences that belong together: a state of the page, and what came to an end with the one before */
let waiting = [];

/**
 * Says a sentence now (a state of the page); what is said in one go is said together.
 * @param {string} sentence
 */
export function say(sentence) {
  if (waiting.push(sentence) > 1) return;
  queueMicrotask(() => {
    said = candidate = waiting.join(' ');
    waiting = [];
    setText(byId('announcer'), said);
  });
}

/**
 * Considers the faces of a frame; announces them when they have settled into something new.
 * @param {{label: string, certain: boolean}[]} faces
 * @param {number} time seconds; a still picture gives Infinity and is announced at once
 */
export function announceFaces(faces, time) {
  const sentence = sentenceOf(faces);
  if (time === Infinity) return say(sentence);
  if (sentence !== candidate) [candidate, since] = [sentence, time];
  if (sentence === said || time - since < SETTLED || time - lastTime < PAUSE) return;
  lastTime = time;
  say(sentence);
}

/**
 * Returns e.g. "2 faces: happy, neutral."
 * @param {{label: string, certain: boolean}[]} faces
 */
export function sentenceOf(faces) {
  if (faces.length === 0) return 'No face in view.';
  const labels = faces.map(wordOf).join(', ');
  return `${faces.length === 1 ? '1 face' : `${faces.length} faces`}: ${labels}.`;
}
