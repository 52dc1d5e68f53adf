/**
 * @file Learning a person's own neutral from frames of a face at rest: what each must show, and what comes of them.
 */
import {Baseline, checkStrength, learnt} from './baseline.js';
import {BaselineError} from './errors.js';

/** @typedef {import('./geometry.js').Pixels} Pixels */

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
