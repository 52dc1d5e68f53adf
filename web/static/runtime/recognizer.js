/**
 * @file Faces and their expressions in a frame: detector, crop, classifier, tracker and smoother in one call.
 * Twin of face_emotion/recognizer.py. Runs where it is created; emotion.js runs it in a worker.
 */
import {UnsupportedImageError} from './errors.js';
import {cropTransform, sampleGrey, wholeImage} from './geometry.js';
import {loadParts} from './loading.js';
import {largest, Smoother} from './smoother.js';
import {Tracker} from './tracker.js';

const LEAST_SIDE = 8;

/**
 * One face of a frame. Boxes and points are in pixels of the source.
 * @typedef {object} Face
 * @property {{x: number, y: number, width: number, height: number}} box may reach outside the frame
 * @property {number} score the detector's, 0..1
 * @property {number | null} track a number that stays with this face; null for a still image
 * @property {Float32Array} probabilities of this frame, in the order of the labels
 * @property {Float32Array | null} smoothed the same over time; null for a still image
 * @property {string} label the expression to show
 * @property {[[number, number], [number, number]] | null} eyes left and right in the image; null if cropped
 */

/** @typedef {{detect: number, classify: number}} Timings milliseconds */
/** @typedef {{faces: Face[], timings: Timings}} Result */
/** @typedef {{box: import('./tracker.js').Box, score: number, eyes: Face['eyes']}} Found a face before its crop */

/** Finds faces and reads their expressions. One object a video. */
export class Recognizer {
  #classifier;
  #detector;
  #networks;
  #tracker;
  #smoother;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {Omit<import('./loading.js').Parts, 'ready'>} parts */
  constructor({contract, manifest, classifier, detector, networks}) {
    this.contract = contract;
    this.manifest = manifest;
    this.#classifier = classifier;
    this.#detector = detector;
    this.#networks = networks;
    this.#tracker = new Tracker(contract.smoothing.resetAfter);
    this.#smoother = new Smoother(contract.smoothing);
  }

  /**
   * Loads engine, classifier and detector, checks every model file and runs each network once.
   * @param {import('./loading.js').LoadOptions} options
   * @returns {Promise<Recognizer>}
   * @throws any of errors.js but UnsupportedImageError
   */
  static async load(options) {
    const parts = await loadParts(options);
    const recognizer = new Recognizer(parts);
    const grey = new Uint8ClampedArray(4 * 16 * 16).fill(128);
    await recognizer.recognize({data: grey, width: 16, height: 16});
    parts.ready();
    return recognizer;
  }

  /**
   * The faces of a frame, the detector's surest first. Calls are answered one after the other.
   * @param {import('./geometry.js').Pixels} pixels
   * @param {{time?: number | null, cropped?: boolean}} [options] time: of a video's frame in seconds, null for a
   *   still image, which neither uses nor changes the state of tracks; cropped: the image is one face, cut tightly
   * @returns {Promise<Result>}
   * @throws {UnsupportedImageError} for an image with a side below 8 pixels
   */
  recognize(pixels, {time = null, cropped = false} = {}) {
    const answer = this.#last.then(() => this.#recognize(pixels, time, cropped));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Forgets every track: the next frame belongs to another video. */
  reset() {
    this.#tracker = new Tracker(this.contract.smoothing.resetAfter);
    this.#smoother = new Smoother(this.contract.smoothing);
  }

  /** Frees what the networks hold; the recognizer cannot be used afterwards. */
  dispose() {
    this.#networks.forEach((network) => network.dispose());
  }

  /**
   * @param {import('./geometry.js').Pixels} pixels
   * @param {number | null} time
   * @param {boolean} cropped
   * @returns {Promise<Result>}
   */
  async #recognize(pixels, time, cropped) {
    const {width, height} = pixels;
    if (!(width >= LEAST_SIDE && height >= LEAST_SIDE)) {
      throw new UnsupportedImageError(`The picture has ${width} × ${height} pixels; at least ${LEAST_SIDE} × ${LEAST_SIDE} are needed.`);
    }
    const start = performance.now();
    /** @type {Found[]} */
    const found = cropped ? [{box: [0, 0, width, height], score: 1, eyes: null}] : await this.#detector.detect(pixels);
    const middle = performance.now();
    const {crop, inputSize, labels, luma} = this.contract;
    const greys = found.map(({box, eyes}) => sampleGrey(
      pixels, eyes ? cropTransform(box, eyes, crop) : wholeImage(width, height), inputSize, luma, crop.maxSamples));
    const answers = await this.#classifier.probabilities(greys);
    const tracks = time === null ? [] : this.#tracker.update(found.map(({box}) => box), time);
    const faces = found.map(({box: [xMin, yMin, xMax, yMax], score, eyes}, index) => {
      const probabilities = answers[index];
      const state = time === null ? null : this.#smoother.update(tracks[index], probabilities, time);
      return {
        box: {x: xMin, y: yMin, width: xMax - xMin, height: yMax - yMin}, score, track: tracks[index] ?? null,
        probabilities, smoothed: state && Float32Array.from(state.probabilities),
        label: labels[state ? state.label : largest(probabilities)], eyes,
      };
    });
    return {faces, timings: {detect: middle - start, classify: performance.now() - middle}};
  }
}
