/**
 * @file Faces and their expressions in a frame: detector, crop, classifier, tracker and smoother in one call.
 * Twin of face_emotion/recognizer.py. Runs where it is created; emotion.js runs it in a worker.
 */
import {checkBelongs} from './baseline.js';
import {checkSides, checkTime} from './checks.js';
import {faceOf} from './face.js';
import {cropTransform, sampleGrey, wholeImage} from './geometry.js';
import {learnFrom, offsets} from './learning.js';
import {loadParts} from './loading.js';
import {Smoother} from './smoother.js';
import {Tracker} from './tracker.js';

/** @typedef {import('./face.js').Face} Face */
/** @typedef {{detect: number, classify: number}} Timings milliseconds */
/** @typedef {{faces: Face[], timings: Timings}} Result */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./baseline.js').Known} Known */
/** @typedef {import('./face.js').Found} Found */

/** Finds faces and reads their expressions. One object a video. */
export class Recognizer {
  #classifier;
  #detector;
  #networks;
  #head;
  #tracker;
  #smoother;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {Omit<import('./loading.js').Parts, 'ready'>} parts */
  constructor({contract, manifest, head, classifier, detector, networks}) {
    this.contract = contract;
    this.manifest = manifest;
    this.#head = head;
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
   * @param {Pixels} pixels
   * @param {{time?: number | null, cropped?: boolean, baselines?: Map<number | null, Known>}} [options] time: of a video's
   *   frame in seconds, null for a still image, which neither uses nor changes the state of tracks; cropped: the image is
   *   one face, cut tightly; baselines: by track, or null for every face
   * @returns {Promise<Result>}
   * @throws {UnsupportedImageError} for an image with a side below 8 pixels
   * @throws {RangeError} for a time that is no finite number
   * @throws {BaselineError} for one that was learnt with another model, head or other labels
   */
  recognize(pixels, {time = null, cropped = false, baselines = new Map()} = {}) {
    return this.#inTurn(() => this.#recognize(pixels, time, cropped, baselines));
  }

  /**
   * Learns what the network says of a face at rest. Tracks are neither used nor changed.
   * @param {Iterable<Pixels> | AsyncIterable<Pixels>} pictures each shows that one face
   * @param {number | null} count of the pictures, which errors name; null: there is only one
   * @param {boolean} [cropped] as of `recognize`
   * @returns {Promise<import('./baseline.js').Baseline>}
   * @throws {BaselineError} if there are none, one shows no face or several, or the model knows no neutral
   */
  learnNeutral(pictures, count, cropped = false) {
    return this.#inTurn(() => learnFrom(pictures, count, this.owner, async (pixels) => {
      checkSides(pixels.width, pixels.height);
      const values = await this.#raw(pixels, await this.#found(pixels, cropped));
      return values.map((face) => this.#classifier.scores(face));
    }));
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

  /** @template Value @param {() => Promise<Value>} work @returns {Promise<Value>} */
  #inTurn(work) {
    const answer = this.#last.then(work);
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** What a baseline belongs to. @returns {import('./baseline.js').Owner} */
  get owner() {
    const [file] = this.manifest.artifacts?.int8?.files ?? [];
    const {labels, baselineStrength: strength} = this.contract;
    return {model: file?.sha256 ?? '', head: this.#head, labels, strength};
  }

  /** @param {Pixels} pixels @param {boolean} cropped @returns {Found[] | Promise<Found[]>} */
  #found(pixels, cropped) {
    if (!cropped) return this.#detector.detect(pixels);
    return [{box: [0, 0, pixels.width, pixels.height], score: 1, eyes: null, keypoints: null}];
  }

  /** What the network says of each face. @param {Pixels} pixels @param {Found[]} found */
  async #raw(pixels, found) {
    const {crop, inputSize, luma} = this.contract;
    const greys = found.map(({box, eyes}) => sampleGrey(
      pixels, eyes ? cropTransform(box, eyes, crop) : wholeImage(pixels.width, pixels.height), inputSize, luma, crop.maxSamples));
    const values = [];
    for (const grey of greys) values.push(await this.#classifier.raw(grey));
    return values;
  }

  /**
   * @param {Pixels} pixels
   * @param {number | null} time
   * @param {boolean} cropped
   * @param {Map<number | null, Known>} baselines
   * @returns {Promise<Result>}
   */
  async #recognize(pixels, time, cropped, baselines) {
    const {width, height} = pixels;
    checkSides(width, height);
    if (time !== null) checkTime(time);
    for (const baseline of baselines.values()) checkBelongs(baseline, this.owner);
    const start = performance.now();
    const found = await this.#found(pixels, cropped);
    const middle = performance.now();
    const raw = await this.#raw(pixels, found);
    const tracks = time === null ? [] : this.#tracker.update(found.map(({box}) => box), time);
    const faces = found.map((face, index) => {
      const baseline = baselines.get(null) ?? baselines.get(tracks[index]);
      const taken = baseline ? offsets(baseline.values, this.contract.baselineStrength) : null;
      const probabilities = this.#classifier.answer(raw[index], taken);
      const state = time === null ? null : this.#smoother.update(tracks[index], probabilities, time);
      return faceOf(face, probabilities, tracks[index] ?? null, state, this.contract);
    });
    return {faces, timings: {detect: middle - start, classify: performance.now() - middle}};
  }
}
