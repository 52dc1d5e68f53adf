/**
 * @file Learning a person's own neutral from frames of a face at rest, and what is taken off later answers for it. Twin
 * of face_emotion/baseline.py, whose docstring defines every step; whole numbers, so that they are the same.
 */
import {Baseline, checkStrength} from './baseline.js';
import {BaselineError} from './errors.js';
import {STEPS} from './softmax.js';

const NEUTRAL = 'neutral';
const IDEAL_NEUTRAL = 0.8; // its share of the answer that a face at rest should get

/** @typedef {import('./geometry.js').Pixels} Pixels */

/**
 * What the baselines of a model belong to.
 * @param {any} manifest
 * @param {import('./contract.js').Contract} contract
 * @param {string} head whose answer is given
 * @returns {import('./baseline.js').Owner}
 */
export function ownerOf(manifest, {labels, baselineStrength: strength}, head) {
  const [file] = manifest.artifacts?.int8?.files ?? [];
  return {model: file?.sha256 ?? '', head, labels, strength};
}

/**
 * Learns from frames, one after the other.
 * @param {Iterable<Pixels> | AsyncIterable<Pixels>} pictures
 * @param {number | null} count of them, which errors name; null: there is only one
 * @param {import('./baseline.js').Owner} own
 * @param {(pixels: Pixels) => Promise<ArrayLike<number>[]>} scoresOf of each face that a frame shows
 * @returns {Promise<Baseline>}
 * @throws {BaselineError} if there are none, one shows no face or several, or the model cannot have a baseline
 */
export async function learnFrom(pictures, count, {model, head, labels, strength}, scoresOf) {
  checkStrength(strength);
  if (!model) throw new BaselineError('the manifest names no int8 file, by which a baseline belongs to its model');
  learnt([new Array(labels.length).fill(0)], labels); // a model without the class says so before it is asked
  const frames = [];
  for await (const pixels of pictures) {
    const found = await scoresOf(pixels);
    if (found.length !== 1) {
      const which = count === null ? '' : `frame ${frames.length + 1} of ${count}: `;
      const seen = found.length === 0 ? 'no face' : `${found.length} faces`;
      throw new BaselineError(`${which}${seen} where exactly one is expected; ` +
        'learn from pictures of one person, looking at the camera');
    }
    frames.push(found[0]);
  }
  if (frames.length === 0) throw new BaselineError('no frames: at least one that shows the face at rest is expected');
  return new Baseline(model, head, labels, learnt(frames, labels));
}

/**
 * The values of the baseline of a face at rest.
 * @param {ArrayLike<number>[]} scores of at least one frame: a whole number a class, in 1 / 256
 * @param {string[]} labels
 * @returns {number[]}
 * @throws {BaselineError} if no class is called "neutral"
 */
export function learnt(scores, labels) {
  const rest = labels.indexOf(NEUTRAL);
  if (rest < 0) throw new BaselineError(`this model has no class "${NEUTRAL}", from which a baseline is taken`);
  const ideal = Math.floor(STEPS * Math.log((1 - IDEAL_NEUTRAL) / (IDEAL_NEUTRAL * (labels.length - 1))) + 0.5);
  return labels.map((_, place) => {
    if (place === rest) return 0;
    const ratios = Float64Array.from(scores, (frame) => frame[place] - frame[rest]).sort();
    return Math.floor((ratios[(ratios.length - 1) >> 1] + ratios[ratios.length >> 1]) / 2) - ideal;
  });
}

/**
 * What is taken off each class's score, in 1 / 256.
 * @param {number[]} values of a baseline
 * @param {number} strength 0..1
 * @returns {number[]} whole numbers
 */
export function offsets(values, strength) {
  return values.map((value) => Math.floor(strength * value + 0.5));
}
