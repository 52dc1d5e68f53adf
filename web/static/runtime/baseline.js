/**
 * @file A person's own neutral: what a network says of a face at rest, taken off its later answers for the same face.
 * Twin of face_emotion/baseline.py; learning.js has the arithmetic.
 */
import {BaselineError} from './errors.js';
import {parseJson} from './json.js';

const FORMAT = 1;
const LARGEST = 2 ** 20; // of a value's size: 4096 units of the natural logarithm
const AGAIN = 'learn the neutral face again';

/** What a model says of one person's neutral face, beside what it should. */
export class Baseline {
  /**
   * Use `recognizer.learnNeutral` or `Baseline.from`.
   * @param {string} model sha256 of the model's int8 file
   * @param {string} head whose answer it is of: labels, votes or both
   * @param {string[]} labels the class names
   * @param {number[]} values whole numbers in 1 / 256 of the natural logarithm, one a label, 0 for neutral
   */
  constructor(model, head, labels, values) {
    this.model = model;
    this.head = head;
    this.labels = labels;
    this.values = values;
  }

  /** Returns what `from` reads, and Python and phone read too; JSON.stringify calls it. */
  toJSON() {
    const values = Object.fromEntries(this.labels.map((label, place) => [label, this.values[place]]));
    return {format: FORMAT, model: this.model, head: this.head, values};
  }

  /**
   * Reads what was kept.
   * @param {any} json what `toJSON` returned, or its text
   * @returns {Baseline}
   * @throws {BaselineError} for anything else
   */
  static from(json) {
    let value = json;
    try {
      if (typeof json === 'string') value = parseJson(json);
    } catch {
      value = null;
    }
    if (value?.format !== FORMAT) throw new BaselineError(`baseline: not one of format ${FORMAT}; ${AGAIN}`);
    const {model, head, values} = value;
    if (typeof model !== 'string' || typeof head !== 'string' || !isRecord(values)) {
      throw new BaselineError(`baseline: model, head and values are expected; ${AGAIN}`);
    }
    const numbers = Object.values(values);
    if (!numbers.every((number) => Number.isInteger(number) && Math.abs(number) <= LARGEST)) {
      throw new BaselineError(`baseline: values: whole numbers are expected; ${AGAIN}`);
    }
    return new Baseline(model, head, Object.keys(values), numbers);
  }
}

/** @typedef {Pick<Baseline, 'model' | 'head' | 'labels' | 'values'>} Known a Baseline, also beyond a worker's border */

/**
 * Tells whose baseline each is.
 * @param {Baseline | Map<number, Baseline> | Record<number, Baseline> | null} given one for every face of the image, or
 *   one for each track
 * @param {number | null} time of the frame: only those of a video have tracks
 * @returns {Map<number | null, Baseline>} by track; null: every face
 * @throws {BaselineError} for anything else
 */
export function assigned(given, time) {
  if (given === null) return new Map();
  if (given instanceof Baseline) return new Map([[null, given]]);
  /** @type {[unknown, unknown][] | null} */
  const entries = given instanceof Map ? [...given] : isRecord(given) ? Object.entries(given) : null;
  const pairs = entries?.map(([track, one]) => /** @type {[number, Baseline]} */ ([Number(track), one]));
  if (!pairs?.every(([track, one]) => Number.isInteger(track) && one instanceof Baseline)) {
    throw new BaselineError('baseline: a Baseline, or one for each track, is expected; Baseline.from reads what was kept');
  }
  if (time === null) throw new BaselineError('baseline: one for each track needs a time, as only frames of a video have tracks');
  return new Map(pairs);
}

/** @typedef {Pick<Known, 'model' | 'head' | 'labels'> & {strength: number}} Owner of baselines: a recognizer */

/**
 * @param {number} strength the contract's
 * @throws {BaselineError} if it states none
 */
export function checkStrength(strength) {
  if (strength > 0) return;
  throw new BaselineError('this model states no strength for a baseline (baseline_strength is 0); take a released model');
}

/**
 * @param {Known} baseline
 * @param {Owner} own
 * @throws {BaselineError} if it was learnt with another model, head or other labels, or the model takes none
 */
export function checkBelongs(baseline, own) {
  checkStrength(own.strength);
  /** @type {[string, string, string][]} */
  const pairs = [
    ['model', baseline.model.slice(0, 12), own.model.slice(0, 12)], ['head', baseline.head, own.head],
    ['labels', baseline.labels.join(', '), own.labels.join(', ')],
  ];
  const isOwn = baseline.model === own.model && baseline.values.length === own.labels.length;
  const other = pairs.find(([, given, expected]) => given !== expected) ?? (isOwn ? null : pairs[0]);
  if (!other) return;
  throw new BaselineError(
    `baseline: learnt with another ${other[0]} (${other[1]} where this recognizer has ${other[2]}); ${AGAIN}`);
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
