/**
 * @file The contract: every constant that turns a camera frame into probabilities, read from manifest.json.
 * Twin of face_emotion/contract.py.
 */
import {ModelDamagedError} from './errors.js';

/** @typedef {'labels' | 'votes'} Head labels: what FER2013's annotators said; votes: what ten people of FER+ said */

/**
 * Where a face stands in the square crop that the network was trained on.
 * @typedef {object} Crop
 * @property {number} boxWidth width of the detector's box as a fraction of the crop's side, > 0
 * @property {[number, number]} boxCenter the box's centre in the crop, fractions of the side, y down
 * @property {number} maxSamples upper bound on the samples a side that are averaged into one grey level
 */

/**
 * Constants of the smoothing of a track's probabilities over time.
 * @typedef {object} Smoothing
 * @property {number} timeConstant seconds after which a new expression has 63 % of the weight, > 0
 * @property {number} switchMargin how far (0..1) a label must lead the shown one to replace it
 * @property {number} resetAfter seconds without a face after which a track's state is forgotten, > 0
 */

/**
 * @typedef {object} Contract
 * @property {string[]} labels class names in the order of a head's outputs
 * @property {Head[]} heads what the network's logits are, head after head: one of them, or both
 * @property {number[]} blend weight (0..100) of each head's logits in the default answer
 * @property {number[]} sharpness what (0..100) each head's logits are multiplied by in its own answer
 * @property {number} inputSize side of the square grey input in pixels
 * @property {[number, number, number]} luma weights of red, green and blue in a grey level
 * @property {Crop} crop
 * @property {Smoothing} smoothing
 * @property {import('./normalization.js').Normalization} normalization
 * @property {number} unsureBelow an answer whose largest probability (0..1) is less than this is unsure; 0: none is
 * @property {number} baselineStrength how much (0..1) of a person's own neutral answer is taken off; 0: nothing
 * @property {import('./checks.js').Reach} reach of the face detector in still pictures
 */

const HEADS = [['labels'], ['votes'], ['labels', 'votes']];
// What a manifest of format 1 means, which says nothing of it.
const SINCE_2 = {
  heads: ['labels'], blend: [1], sharpness: [1],
  normalization: {kind: 'none', tail_permille: 20, low: 12, high: 242, smallest_range: 8},
  unsure_below: 0, baseline_strength: 0, reach: 'near',
};

/**
 * Reads the contract out of a manifest of format 1 or 2.
 * @param {any} manifest the parsed manifest.json of a classifier
 * @param {string} [where] what messages call the file
 * @returns {Contract}
 * @throws {ModelDamagedError} naming the entry that is missing or unusable
 */
export function readContract(manifest, where = 'manifest.json') {
  const contract = manifest?.format === 1 ? {...manifest.contract, ...SINCE_2} : manifest?.contract;
  /** @param {string} path @param {(value: any) => boolean} usable @param {string} expected @returns {any} */
  const read = (path, usable, expected) => {
    const value = path.split('.').reduce((/** @type {any} */ entry, key) => entry?.[key], contract);
    if (!usable(value)) throw new ModelDamagedError(`${where}: contract.${path}: ${expected} is expected.`);
    return value;
  };
  /** @param {string} path */
  const positive = (path) => read(path, (value) => isNumber(value) && value > 0, 'a number above 0');
  /** @param {string} path */
  const fraction = (path) => read(path, isFraction, 'a number from 0 to 1');
  /** @param {string} path @param {number} count */
  const fractions = (path, count) =>
    read(path, (value) => isList(value, count, count) && value.every(isFraction), `${count} numbers from 0 to 1`);
  /** @param {string} path @param {number} least @param {number} most */
  const whole = (path, least, most) => read(path, (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}`);
  /** @param {string} path @param {string[]} names */
  const oneOf = (path, ...names) => read(path, (value) => names.includes(value), names.join(' or '));
  const labels = read('labels', areLabels, 'a list of 2 to 50 distinct class names');
  const heads = read('heads', areHeads, 'labels, votes or both');
  /** @param {string} path @param {(numbers: number[]) => boolean} fit @param {string} expected */
  const ofHeads = (path, fit, expected) => read(
    path, (value) => isList(value, heads.length, heads.length) && value.every(isWeight) && fit(value),
    `a number from 0 to 100 for each head, ${expected},`);
  const low = whole('normalization.low', 0, 254);
  return {
    labels,
    heads,
    blend: ofHeads('blend', (numbers) => numbers.some((number) => number > 0), 'one above 0'),
    sharpness: ofHeads('sharpness', (numbers) => numbers.every((number) => number > 0), 'all above 0'),
    inputSize: read('input_size', (value) => value === 48, '48'),
    luma: fractions('luma', 3),
    crop: {
      boxWidth: positive('crop.box_width'),
      boxCenter: fractions('crop.box_center', 2),
      maxSamples: read('crop.max_samples', (value) => Number.isInteger(value) && value > 0, 'a whole number above 0'),
    },
    smoothing: {
      timeConstant: positive('smoothing.time_constant'),
      switchMargin: fraction('smoothing.switch_margin'),
      resetAfter: positive('smoothing.reset_after'),
    },
    normalization: {
      kind: oneOf('normalization.kind', 'none', 'stretch'),
      tailPermille: whole('normalization.tail_permille', 0, 499),
      low,
      high: whole('normalization.high', low + 1, 255),
      smallestRange: whole('normalization.smallest_range', 1, 255),
    },
    unsureBelow: fraction('unsure_below'),
    baselineStrength: fraction('baseline_strength'),
    reach: oneOf('reach', 'near', 'far'),
  };
}

/**
 * The weight of each head's logits in an answer.
 * @param {Contract} contract
 * @param {Head | 'both'} head that head alone, or the blend
 * @returns {number[]}
 * @throws {RangeError} for a head that the network does not have
 */
export function weightsOf({heads, blend, sharpness}, head) {
  if (head === 'both') return blend;
  if (!heads.includes(head)) throw new RangeError(`head ${head}: ${[...heads, 'both'].join(' or ')} is expected of this model`);
  return heads.map((name, place) => (name === head ? sharpness[place] : 0));
}

/** @param {unknown} value */
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
/** @param {any} value */
const isFraction = (value) => isNumber(value) && value >= 0 && value <= 1;
/** @param {any} value */
const isWeight = (value) => isNumber(value) && value >= 0 && value <= 100;
/** @param {any} value @param {number} least @param {number} most */
const isList = (value, least, most) => Array.isArray(value) && value.length >= least && value.length <= most;
/** @param {any} value */
const areHeads = (value) => HEADS.some((heads) => JSON.stringify(heads) === JSON.stringify(value));

/** @param {unknown} label */
const isName = (label) => typeof label === 'string' && label.trim() !== '';

/** @param {any} value */
function areLabels(value) {
  return isList(value, 2, 50) && value.every(isName) &&
    new Set(value).size === value.length;
}
