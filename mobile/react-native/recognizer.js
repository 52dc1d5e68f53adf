/**
 * @file A recognizer over a native TensorFlow Lite: the page's own, with the page's names, on pixels that an app has.
 */
import {assigned, checkBelongs} from '../../web/static/runtime/baseline.js';
import {UnsupportedImageError} from '../../web/static/runtime/errors.js';
import {pixelsOf} from './pixels.js';

/** @typedef {import('../../web/static/runtime/face.js').Face} Face */
/** @typedef {import('../../web/static/runtime/baseline.js').Baseline} Baseline */
/** @typedef {import('../../web/static/runtime/geometry.js').Pixels} Pixels */
/** @typedef {import('../../web/static/runtime/contract.js').Head | 'both'} Whose answer */
/** @typedef {(source: any) => import('./pixels.js').Frame | Promise<import('./pixels.js').Frame>} Decode */
/** @typedef {Face[] & {readonly timings: import('../../web/static/runtime/recognizer.js').Timings}} Faces timings is not enumerable */

/** Finds faces and reads their expressions. One object a video. */
export class EmotionRecognizer {
  #own;
  #decode;
  #underway = 0;
  #isOver = false;

  /**
   * Use `createRecognizer`.
   * @param {import('../../web/static/runtime/recognizer.js').Recognizer} own
   * @param {Decode | undefined} decode
   * @param {boolean | null} exact
   */
  constructor(own, decode, exact) {
    this.#own = own;
    this.#decode = decode;
    /** @type {string[]} class names in the order of the probabilities */
    this.labels = own.contract.labels;
    /** @type {any} the model's manifest.json */
    this.manifest = own.manifest;
    /** @type {boolean | null} whether the network's answers are Python's to the bit on this phone; null: the model has no check */
    this.isExact = exact;
  }

  /** Whether it looks at something: a frame that comes now would wait, and may be left out. */
  get isBusy() {
    return this.#underway > 0;
  }

  /**
   * The faces that a frame or picture shows, the detector's surest first.
   * @param {any} source a Frame (pixels.js), or what `decode` takes
   * @param {import('../../web/static/runtime/checks.js').Wish} [options] as on the page
   * @returns {Promise<Faces>}
   * @throws {UnsupportedImageError} for what cannot be read, or has a side below 8 pixels
   * @throws {RangeError} for a time that is no finite number, or another reach
   * @throws {import('../../web/static/runtime/errors.js').BaselineError} for a baseline that was learnt with another model, head or other labels
   * @throws ModelMissingError or ModelDamagedError if the detector's network for far cannot be loaded; the next call tries again
   */
  recognize(source, {time = null, cropped = false, baseline = null, reach = null} = {}) {
    return this.#counted(async () => {
      const baselines = assigned(baseline, time);
      const pixels = await this.#pixels(source);
      const {faces, timings} = await this.#own.recognize(pixels, {time, cropped: Boolean(cropped), baselines, reach});
      return /** @type {Faces} */ (Object.defineProperty(faces, 'timings', {value: timings}));
    });
  }

  /**
   * Learns how a person's face at rest reads: later answers for it are better.
   * @param {any} source a picture, or a list of frames of about two seconds; each shows exactly one face
   * @param {{cropped?: boolean}} [options] as of `recognize`
   * @returns {Promise<Baseline>} for `recognize`; JSON.stringify keeps it, `Baseline.from` reads it
   * @throws {import('../../web/static/runtime/errors.js').BaselineError} if there are no frames, one shows no face or several, or the model cannot have a baseline
   * @throws {UnsupportedImageError} as `recognize`
   */
  learnNeutral(source, {cropped = false} = {}) {
    return this.#counted(async () => {
      const pictures = [];
      for (const one of Array.isArray(source) ? source : [source]) pictures.push(await this.#pixels(one));
      return this.#own.learnNeutral(pictures, Array.isArray(source) ? pictures.length : null, Boolean(cropped));
    });
  }

  /**
   * Cuts a face out as the network is given it: before its contrast is stretched.
   * @param {any} source as of `recognize`
   * @param {Pick<Face, 'crop'>} face that `recognize` found in that very picture
   * @returns {Promise<Uint8Array>} 48 rows of 48 grey levels
   */
  crop(source, face) {
    return this.#counted(async () => this.#own.crop(await this.#pixels(source), face));
  }

  /**
   * What the network says of crops, as `crop` gives them, each by itself.
   * @param {Uint8Array[]} crops
   * @param {{head?: Whose}} [options] default: that of `recognize`
   * @returns {Promise<Float32Array[]>} of each a number 0..1 for each label
   * @throws {RangeError} for a head that the model does not have, or a crop of another size
   */
  classify(crops, options) {
    return this.#counted(async () => (await this.#own.classify(crops, options)).answers);
  }

  /** @param {Baseline} baseline @throws if it was learnt with another model, head or other labels */
  checkBaseline(baseline) {
    checkBelongs(baseline, this.#own.owner);
  }

  /** Forgets every track: the next frame belongs to another video. */
  reset() {
    this.#own.reset();
  }

  /** Whether it was disposed of: whatever is asked from then on is refused. */
  get isOver() {
    return this.#isOver;
  }

  /** Frees what the networks hold, after the calls that still run; those that come later are refused with an AbortError. */
  dispose() {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.isBusy) this.#own.dispose();
  }

  /** @template Value @param {() => Promise<Value>} work @returns {Promise<Value>} */
  async #counted(work) {
    if (this.#isOver) throw Object.assign(new Error('The recognizer was disposed of.'), {name: 'AbortError'}); // as on the page
    this.#underway += 1;
    try {
      return await work();
    } finally {
      this.#underway -= 1;
      if (this.#isOver && !this.isBusy) this.#own.dispose(); // no network is freed while it runs on a thread of its own
    }
  }

  /** @param {any} source @returns {Promise<Pixels>} */
  async #pixels(source) {
    if (source?.data !== undefined && source.width !== undefined) return pixelsOf(source);
    if (this.#decode) return pixelsOf(await this.#decode(source));
    throw new UnsupportedImageError('This is no frame: {data, width, height} is expected, or a decode that makes one of it.');
  }
}
