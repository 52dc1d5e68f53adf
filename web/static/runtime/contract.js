/**
 * @file The contract: every constant that turns a camera frame into probabilities, read from manifest.json.
 * Twin of face_emotion/contract.py.
 */
import {ModelDamagedError} from './errors.js';

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
 * @property {string[]} labels class names in the order of the network's outputs
 * @property {number} inputSize side of the square grey input in pixels
 * @property {[number, number, number]} luma weights of red, green and blue in a grey level
 * @property {Crop} crop
 * @property {Smoothing} smoothing
 */

/**
 * Reads the contract out of a manifest.
 * @param {any} manifest the parsed manifest.json of a classifier
 * @param {string} [where] what messages call the file
 * @returns {Contract}
 * @throws {ModelDamagedError} naming the entry that is missing or unusable
 */
export function readContract(manifest, where = 'manifest.json') {
  /** @param {string} path @param {(value: any) => boolean} usable @param {string} expected @returns {any} */
  const read = (path, usable, expected) => {
    const value = path.split('.').reduce((/** @type {any} */ entry, key) => entry?.[key], manifest);
    if (!usable(value)) throw new ModelDamagedError(`${where}: ${path}: ${expected} is expected.`);
    return value;
  };
  /** @param {string} path */
  const positive = (path) => read(path, (value) => isNumber(value) && value > 0, 'a number above 0');
  /** @param {string} path */
  const fraction = (path) => read(path, isFraction, 'a number from 0 to 1');
  /** @param {string} path @param {number} count */
  const fractions = (path, count) =>
    read(path, (value) => isList(value, count, count) && value.every(isFraction), `${count} numbers from 0 to 1`);
  return {
    labels: read('contract.labels', areLabels, 'a list of 2 to 50 distinct class names'),
    inputSize: read('contract.input_size', (value) => value === 48, '48'),
    luma: fractions('contract.luma', 3),
    crop: {
      boxWidth: positive('contract.crop.box_width'),
      boxCenter: fractions('contract.crop.box_center', 2),
      maxSamples: read(
        'contract.crop.max_samples', (value) => Number.isInteger(value) && value > 0, 'a whole number above 0'),
    },
    smoothing: {
      timeConstant: positive('contract.smoothing.time_constant'),
      switchMargin: fraction('contract.smoothing.switch_margin'),
      resetAfter: positive('contract.smoothing.reset_after'),
    },
  };
}

/** @param {unknown} value */
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
/** @param {any} value */
const isFraction = (value) => isNumber(value) && value >= 0 && value <= 1;
/** @param {any} value @param {number} least @param {number} most */
const isList = (value, least, most) => Array.isArray(value) && value.length >= least && value.length <= most;

/** @param {unknown} label */
const isName = (label) => typeof label === 'string' && label.trim() !== '';

/** @param {any} value */
function areLabels(value) {
  return isList(value, 2, 50) && value.every(isName) &&
    new Set(value).size === value.length;
}
