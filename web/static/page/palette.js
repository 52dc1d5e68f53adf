/** @file A colour for each expression: the same in bars, chart and boxes, and never the only carrier of meaning. */
import {labelWord, t} from './words/words.js';

// Angry, disgust, fear, happy, sad, surprise, neutral in the released models; any names take them in this order.
// Each reaches 3:1 against the light and the dark surface.
const SHADES = ['#d0493c', '#6f8f24', '#8d66c4', '#c98500', '#3a86c8', '#129183', '#7d8590'];
const DASHES = [[], [7, 4], [2, 3], [], [9, 3, 2, 3], [4, 4], [1, 3]];

/**
 * Returns the colour of the class with this index.
 * @param {number} index
 * @returns {string} a CSS colour
 */
export function shadeOf(index) {
  return SHADES[index] ?? `hsl(${Math.round((index * 137.508) % 360)} 52% 48%)`;
}

/**
 * Returns the dash pattern of the class with this index, so that lines differ without colour too.
 * @param {number} index
 * @returns {number[]} for setLineDash
 */
export function dashOf(index) {
  return DASHES[index % DASHES.length];
}

export {formatPercent as percent} from './words/words.js';

/**
 * Returns the name that a face goes by: its track's number, or its place in a still picture.
 * @param {{track: number | null}} face
 * @param {number} index of the face in its frame
 */
export function faceName(face, index) {
  return t('face.name', {number: String(face.track ?? index + 1)});
}

/** The colour of a face whose expression is not certain. */
const UNCLEAR_SHADE = '#98a29d';

/**
 * Returns the word for a face: its label, or "unclear".
 * @param {{label: string, certain: boolean}} face
 */
export function wordOf(face) {
  return face.certain ? labelWord(face.label) : t('emotion.unclear');
}

/**
 * Returns the colour of a face: that of its label, or grey.
 * @param {{label: string, certain: boolean}} face
 * @param {string[]} labels the model's classes
 */
export function shadeOfFace(face, labels) {
  return face.certain ? shadeOf(labels.indexOf(face.label)) : UNCLEAR_SHADE;
}

/**
 * Returns what is shown of a face: its smoothed probabilities where there are some.
 * @template {ArrayLike<number>} Shares
 * @param {{probabilities: Shares, smoothed?: Shares | null}} face
 */
export function shownProbabilities(face) {
  return face.smoothed ?? face.probabilities;
}

/**
 * Returns how probable the label of a face is.
 * @param {{label: string, probabilities: ArrayLike<number>, smoothed?: ArrayLike<number> | null}} face
 * @param {string[]} labels the model's classes
 */
export function shareOf(face, labels) {
  return shownProbabilities(face)[labels.indexOf(face.label)] ?? 0;
}
