/**
 * @file Faces and their expressions in a frame: detector, crop, classifier, tracker and smoother in one call.
 * Twin of face_emotion/recognizer.py. Runs where it is created, on what it is made of: loading.js
 * loads that in a browser, and emotion.js runs it in a worker.
 */
import {checkBelongs} from './baseline.js';
import {checkLookEvery, checkSides, checkTime, reachOf} from './checks.js';
import {faceOf} from './face.js';
import {learnFrom, offsets, ownerOf} from './learning.js';
import {LOOK_EVERY} from './live.js';
import {FaceReader} from './reader.js';
import {Smoother} from './smoother.js';
import {Tracker} from './tracker.js';
import {makeQueue} from './turns.js';

/** @typedef {import('./face.js').Face} Face */
/** @typedef {{detect: number, classify: number}} Timings milliseconds */
/** @typedef {{faces: Face[], timings: Timings}} Result */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./baseline.js').Known} Known */
/** @typedef {{time?: number | null, cropped?: boolean, baselines?: Map<number | null, Known>,
 *   reach?: import('./checks.js').Reach | null}} Options */

/**
 * What a recognizer is made of, beside what reads a face.
 * @typedef {import('./reader.js').Parts & {manifest: any, head: import('./contract.js').Head | 'both',
 *   owned: {dispose: () => void}[]}} Parts
 *   manifest: the classifier's, as it was read; head: whose answer it is; owned: what is to be disposed of
 */

/** Finds faces and reads their expressions. One object a video. */
export class Recognizer {
  #classifier;
  #reader;
  #owned;
  #head;
  #lookEvery;
  #tracker;
  #smoother;
  /** @type {import('./live.js').Live | null} */
  #live = null;
  #inTurn = makeQueue();

  /**
   * @param {Parts} parts
   * @param {number} [lookEvery] seconds between two looks at whole frames of a video, 0 or more
   * @throws {RangeError} for any other
   */
  constructor({contract, manifest, head, classifier, detector, owned}, lookEvery = LOOK_EVERY) {
    checkLookEvery(lookEvery);
    this.contract = contract;
    this.manifest = manifest;
    this.owner = ownerOf(manifest, contract, head);
    this.#head = head;
    this.#lookEvery = lookEvery;
    this.#classifier = classifier;
    this.#reader = new FaceReader({contract, classifier, detector});
    this.#owned = owned;
    this.#tracker = new Tracker(contract.smoothing.resetAfter);
    this.#smoother = new Smoother(contract.smoothing);
  }

  /**
   * The faces of a frame, the detector's surest first. Calls are answered one after the other.
   * @param {Pixels} pixels
   * @param {Options} [options]
   *   time: of a video's frame in seconds, null for a still image, which neither uses nor changes the state of tracks;
   *   cropped: the image is one face, cut tightly; baselines: by track, or null for every face; reach: null: the
   *   contract's for still images; frames are followed, looked at near, and far now and then (live.js)
   * @returns {Promise<Result>}
   * @throws {UnsupportedImageError} for an image with a side below 8 pixels
   * @throws {RangeError} for a time that is no finite number, or another reach
   * @throws {BaselineError} for one that was learnt with another model, head or other labels
   * @throws {ModelMissingError | ModelDamagedError} if the detector's network for far does not load; the next call tries again
   */
  recognize(pixels, options = {}) {
    return this.#inTurn(() => this.#recognize(pixels, options));
  }

  /**
   * Learns what the network says of a face at rest. Tracks are neither used nor changed. Looks far only where near finds
   * nobody: a bystander far away is no second face of the picture.
   * @param {Iterable<Pixels> | AsyncIterable<Pixels>} pictures each shows that one face
   * @param {number | null} count of the pictures, which errors name; null: there is only one
   * @param {boolean} [cropped] as of `recognize`
   * @returns {Promise<import('./baseline.js').Baseline>}
   * @throws {BaselineError} if there are none, one shows no face or several, or the model knows no neutral
   */
  learnNeutral(pictures, count, cropped = false) {
    return this.#inTurn(() => learnFrom(pictures, count, this.owner, async (pixels) => {
      checkSides(pixels.width, pixels.height);
      const found = cropped ? await this.#reader.find(pixels, cropped, 'near') : await this.#reader.findPortrait(pixels);
      const values = await this.#reader.read(pixels, found);
      return values.map((face) => this.#classifier.scores(face));
    }));
  }

  /**
   * Cuts a face out as the network is given it, before its contrast is stretched.
   * @param {Pixels} pixels
   * @param {Pick<Face, 'crop'>} face of that image
   * @returns {Promise<Uint8Array<ArrayBuffer>>} contract.inputSize ** 2 grey levels, row by row
   */
  crop(pixels, {crop}) {
    return this.#inTurn(async () => (await this.#reader.cut(pixels, [crop]))[0]);
  }

  /**
   * Reads crops, each by itself: neither tracks nor a person's neutral come in.
   * @param {Uint8Array[]} crops as `crop` gives them
   * @param {{head?: import('./contract.js').Head | 'both'}} [options] whose answer; default: that of `recognize`
   * @returns {Promise<import('./reader.js').Classified>}
   * @throws {RangeError} for a head that the model does not have, or a crop of another size
   */
  classify(crops, {head = this.#head} = {}) {
    return this.#inTurn(() => this.#reader.classify(crops, head));
  }

  /** Forgets every track: the next frame belongs to another video. */
  reset() {
    this.#tracker = new Tracker(this.contract.smoothing.resetAfter);
    this.#smoother = new Smoother(this.contract.smoothing);
    this.#live = null;
  }

  /** Frees what the networks hold; the recognizer cannot be used afterwards. */
  dispose() {
    this.#owned.forEach((part) => part.dispose());
  }

  /** @param {Pixels} pixels @param {Options} options @returns {Promise<Result>} */
  async #recognize(pixels, {time = null, cropped = false, baselines = new Map(), reach: wanted = null}) {
    checkSides(pixels.width, pixels.height);
    if (time !== null) checkTime(time);
    const reach = reachOf(wanted, time, this.contract.reach);
    for (const baseline of baselines.values()) checkBelongs(baseline, this.owner);
    const start = performance.now();
    const found = time === null || wanted !== null || cropped ? await this.#reader.find(pixels, cropped, reach) :
      await this.#reader.findLive(pixels, this.#live ??= this.#reader.live(this.#lookEvery), time);
    const middle = performance.now();
    const raw = await this.#reader.read(pixels, found);
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
