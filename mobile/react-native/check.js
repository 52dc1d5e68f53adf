/**
 * @file Whether a native network is the one that its manifest names. The app's bundle brings it as an asset, whose bytes no
 * script sees and which has no sha256 here: so it is asked what the released one answered.
 */
import {ModelDamagedError} from '../../web/static/runtime/errors.js';
import {bytesOf} from './base64.js';

/**
 * What a released model answers; models/NAME/check.json, of its golden vectors.
 * @typedef {object} Check
 * @property {string[]} faces grey, in base64
 * @property {number[][]} logits that the int8 network gives for them
 */

// Other kernels for the same file (TensorFlow Lite without XNNPACK) differ by up to 3 steps on x86-64; another released model by 16
// and more in one of the faces.
const MOST_STEPS = 8;

/**
 * Asks a classifier for the faces of its check.
 * @param {Pick<import('../../web/static/runtime/classifier.js').Classifier, 'raw'>} classifier
 * @param {Check} check
 * @returns {Promise<boolean>} whether its answers are the released ones to the bit
 * @throws {ModelDamagedError} if it is another network
 */
export async function isExact(classifier, {faces, logits}) {
  let most = 0;
  for (const [place, face] of faces.entries()) {
    const given = await classifier.raw(bytesOf(face));
    logits[place].forEach((step, index) => { most = Math.max(most, Math.abs(step - given[index])); });
  }
  if (!(most <= MOST_STEPS)) {
    throw new ModelDamagedError(
      `int8.tflite: answers differ by ${most} steps from those of the model that its manifest names; bundle the released file.`);
  }
  return most === 0;
}
