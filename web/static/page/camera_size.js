/** @file The camera's resolution: what is asked for, and what it gives. */
import {setText} from './elements.js';
import {t} from './words/words.js';

/** @typedef {{width: number, height: number}} Size */

const BEST = {width: 7680, height: 4320}; // more than any camera has: the nearest is its largest

/**
 * The size that a choice means.
 * @param {string} choice e.g. '1280x720'; anything else means the largest
 * @returns {Size}
 */
export function sizeWanted(choice) {
  const [width, height] = choice.split('x').map(Number);
  return width && height ? {width, height} : BEST;
}

/** @param {Size} size @returns {string} e.g. "1280 × 720" */
export const nameOf = ({width, height}) => `${width}\u202f×\u202f${height}`;

/**
 * What is to be said of a camera that gives another size than was asked for; '' where there is nothing to be said.
 * @param {string} choice
 * @param {Size} given a phone that is held upright turns it
 */
export function shortfall(choice, given) {
  const wanted = sizeWanted(choice);
  const isAsWanted = Math.max(given.width, given.height) === wanted.width && Math.min(given.width, given.height) === wanted.height;
  return wanted === BEST || isAsWanted ? '' : t('share.lacks', {wanted: nameOf(wanted), given: nameOf(given)});
}

/**
 * Shows what the camera gives, and says where that is not what was asked for.
 * @param {HTMLElement} place
 * @param {string} choice
 * @param {Size} given
 * @param {(sentence: string) => void} say
 */
export function showSize(place, choice, given, say) {
  const missing = shortfall(choice, given);
  setText(place, missing || nameOf(given));
  if (missing) say(missing);
}
