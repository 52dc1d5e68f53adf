/**
 * @file From one image to what the networks say of each of its faces, before tracks and time come in. Twin of
 * face_emotion/reader.py.
 */
import {checkCrop} from './checks.js';
import {weightsOf} from './contract.js';
import {cropTransform, sampleGrey, wholeImage} from './geometry.js';

/** @typedef {import('./checks.js').Reach} Reach */
/** @typedef {import('./face.js').Found} Found */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/**
 * What a face is read with.
 * @typedef {object} Parts
 * @property {import('./contract.js').Contract} contract
 * @property {Pick<import('./classifier.js').Classifier, 'raw' | 'answer' | 'scores'>} classifier
 * @property {Pick<import('./detector.js').Detector, 'detect' | 'live' | 'crop' | 'portrait'>} detector
 */

/** @typedef {{answers: Float32Array[], times: number[]}} Classified of each crop one number 0..1 a class, and milliseconds */

/** Detector, crop and classifier. */
export class FaceReader {
  #contract;
  #classifier;
  #detector;

  /** @param {Parts} parts */
  constructor({contract, classifier, detector}) {
    this.#contract = contract;
    this.#classifier = classifier;
    this.#detector = detector;
  }

  /**
   * The faces of an image and where each is cut out, the detector's surest first.
   * @param {Pixels} pixels
   * @param {boolean} cropped the image is one face, cut out already
   * @param {Reach} reach the detector's
   * @returns {Promise<Found[]>}
   */
  async find(pixels, cropped, reach) {
    const {width, height} = pixels;
    if (cropped) return [{box: [0, 0, width, height], score: 1, keypoints: null, place: wholeImage(width, height)}];
    await pixels.need?.();
    return this.#placed(await this.#detector.detect(pixels, reach));
  }

  /**
   * The same of a picture of one person (the detector's `portrait`).
   * @param {Pixels} pixels
   * @returns {Promise<Found[]>}
   */
  async findPortrait(pixels) {
    return this.#placed(await this.#detector.portrait(pixels));
  }

  /**
   * The same of a video's next frame.
   * @param {Pixels} pixels
   * @param {import('./live.js').Live} live the detector's state of the video
   * @param {number} time of the frame in seconds
   * @returns {Promise<Found[]>}
   */
  async findLive(pixels, live, time) {
    return this.#placed(await live.faces(pixels, time));
  }

  /** The detector's state of one more video. @param {number} lookEvery seconds between two looks at whole frames, 0 or more */
  live(lookEvery) {
    return this.#detector.live(lookEvery);
  }

  /**
   * What the classifier's network gives for each face.
   * @param {Pixels} pixels
   * @param {Found[]} found
   * @returns {Promise<(Uint8Array | Float32Array)[]>} the classifier's `raw`
   */
  async read(pixels, found) {
    const values = [];
    for (const grey of await this.cut(pixels, found.map(({place}) => place))) values.push(await this.#classifier.raw(grey));
    return values;
  }

  /**
   * Cuts faces out of an image: grey levels, row by row, which are not normalised yet.
   * @param {Pixels} pixels
   * @param {import('./geometry.js').Transform[]} places
   */
  async cut(pixels, places) {
    const {crop, inputSize, luma} = this.#contract;
    await pixels.need?.(places);
    return places.map((place) => sampleGrey(pixels, place, inputSize, luma, crop.maxSamples));
  }

  /**
   * What a head says of each crop.
   * @param {Uint8Array[]} crops as `cut` gives them
   * @param {import('./contract.js').Head | 'both'} head
   * @returns {Promise<Classified>}
   * @throws {RangeError} for a head that the network does not have, or a crop of another size
   */
  async classify(crops, head) {
    const weights = weightsOf(this.#contract, head);
    for (const crop of crops) checkCrop(crop, this.#contract.inputSize);
    /** @type {Classified} */
    const read = {answers: [], times: []};
    for (const crop of crops) {
      const start = performance.now();
      read.answers.push(this.#classifier.answer(await this.#classifier.raw(crop), null, weights));
      read.times.push(performance.now() - start);
    }
    return read;
  }

  /** @param {import('./detection.js').Detection[]} found @returns {Found[]} */
  #placed(found) {
    const crop = this.#detector.crop(this.#contract.crop);
    return found.map(({box, score, keypoints, uprightBox, eyes}) =>
      ({box, score, keypoints, place: cropTransform(uprightBox, eyes, crop)}));
  }
}
