/**
 * @file Faces and their expressions in a video, picture or canvas of a page. Nothing leaves the device.
 *
 *     import {EmotionRecognizer} from './emotion.js';
 *     const recognizer = await EmotionRecognizer.load('models/small/manifest.json');
 *     const faces = await recognizer.recognize(videoOrImageOrCanvasOrFile);
 */
import {folderOf, placesOf} from './addresses.js';
import {assigned, Baseline, checkBelongs} from './baseline.js';
import {Bridge} from './bridge.js';
import {checkLookEvery, checkTime, reachOf} from './checks.js';
import {BaselineError} from './errors.js';
import {afterFailure, enlarge, frameOf, framesOf, ownFrames} from './frames.js';

export {Baseline} from './baseline.js';
export * from './errors.js';

/** @typedef {import('./face.js').Face} Face */
/** @typedef {import('./loading.js').Progress} Progress */
/** @typedef {Face[] & {readonly timings: import('./recognizer.js').Timings}} Faces timings is not enumerable */
/** @typedef {Float32Array[] & {readonly times: number[]}} Answers times: milliseconds that each took; not enumerable */

/** Finds faces and reads their expressions, in a worker of its own. One object a video. */
export class EmotionRecognizer {
  #bridge;
  #owner;
  #reach;

  /**
   * Use `EmotionRecognizer.load`.
   * @param {Bridge} bridge @param {import('./baseline.js').Owner} owner @param {any} manifest
   * @param {import('./checks.js').Reach} reach of still images
   * @private
   */
  constructor(bridge, owner, manifest, reach) {
    this.#bridge = bridge;
    this.#owner = owner;
    this.#reach = reach;
    /** @type {string[]} class names in the order of the probabilities */
    this.labels = owner.labels;
    /** @type {any} the model's manifest.json */
    this.manifest = manifest;
  }

  /**
   * Loads a released model and the face detector, and runs both once.
   * @param {string | URL | import('./addresses.js').PlacedModel} model address of its manifest.json, relative to the page, or
   *   what the package's models/NAME.js exports for bundlers
   * @param {import('./addresses.js').Wanted} [options] engine, whose answer, where files are, progress
   * @returns {Promise<EmotionRecognizer>}
   * @throws {import('./errors.js').ModelMissingError | import('./errors.js').ModelDamagedError} a file does not load, or is not
   *   the one that its manifest names
   * @throws {import('./errors.js').SimdMissingError | import('./errors.js').InsecureContextError}
   * @throws {RangeError} for an engine or a head that does not exist, an unusable lookEvery, or assets of another origin
   * @throws {any} the signal's reason, once it is aborted
   */
  static async load(model, {engine = 'tfjs', head = 'both', detector, lookEvery, assets, signal, onProgress} = {}) {
    signal?.throwIfAborted();
    if (lookEvery !== undefined) checkLookEvery(lookEvery);
    const folder = folderOf(assets);
    const options = {...placesOf(model, detector, folder), engine, head, lookEvery};
    const bridge = new Bridge(folder);
    const {owner, manifest, reach} = await bridge.load(options, {signal, onProgress});
    return new EmotionRecognizer(bridge, owner, manifest, reach);
  }

  /**
   * The faces that a source shows now, the detector's surest first.
   * @param {import('./frames.js').Source} source
   * @param {import('./checks.js').Wish} [options] a frame's time, whether it is a face already, a baseline, how far to look
   * @returns {Promise<Faces>}
   * @throws {UnsupportedImageError} for what cannot be read, has a side below 8 pixels, or too many (picture_limits.js)
   * @throws {RangeError} for a time that is no finite number, or another reach
   * @throws {BaselineError} for a baseline that was learnt with another model, head or other labels
   * @throws {ModelMissingError | ModelDamagedError} if the detector's network for far, which is loaded when it is first needed,
   *   cannot be; the next call tries again
   */
  async recognize(source, {time = null, cropped = false, baseline = null, reach: wanted = null} = {}) {
    if (time !== null) checkTime(time);
    const reach = reachOf(wanted, time, this.#reach); // a video's usual, faces followed, is the worker's to keep
    const baselines = assigned(baseline, time);
    baselines.forEach((one) => this.checkBaseline(one));
    const {frame, scale} = await frameOf(source, reach);
    const transfer = ownFrames([frame], [source]);
    const options = {frame, time, cropped: Boolean(cropped), baselines, reach: time === null ? reach : wanted};
    const {faces, timings} = await this.#bridge.call('recognize', options, {transfer})
      .catch((error) => { throw afterFailure(error, transfer); });
    if (scale !== 1) faces.forEach((face) => enlarge(face, scale));
    return /** @type {Faces} */ (Object.defineProperty(faces, 'timings', {value: timings}));
  }

  /**
   * Learns how a person's face at rest reads, which many networks take for sad or angry: later answers for it are better.
   * @param {import('./frames.js').Source | import('./frames.js').Source[]} source a picture, or frames of about two
   *   seconds, of which the middle counts; each shows exactly one face, or none near and exactly one far
   * @param {Pick<import('./checks.js').Wish, 'cropped'>} [options] as of `recognize`
   * @returns {Promise<Baseline>} for `recognize`; JSON.stringify keeps it, `Baseline.from` reads it
   * @throws {BaselineError} if there are no frames, one shows no face or several, or the model cannot have a baseline
   * @throws {UnsupportedImageError} as `recognize`
   */
  async learnNeutral(source, {cropped = false} = {}) {
    const sources = Array.isArray(source) ? source : [source];
    if (sources.length === 0) throw new BaselineError('no frames: at least one that shows the face at rest is expected');
    const frames = await framesOf(sources);
    const transfer = ownFrames(frames, sources);
    const count = Array.isArray(source) ? sources.length : null;
    const {model, head, labels, values} = await this.#bridge.call('learnNeutral', {frames, count, cropped: Boolean(cropped)}, {transfer})
      .catch((error) => { throw afterFailure(error, transfer); });
    return new Baseline(model, head, labels, values);
  }

  /**
   * Cuts a face out as the network is given it: before its contrast is stretched.
   * @param {import('./frames.js').Source} source
   * @param {Pick<Face, 'crop'>} face that `recognize` found in that very picture
   * @returns {Promise<Uint8Array<ArrayBuffer>>} 48 rows of 48 grey levels, those that `recognize` has read (of a picture with
   *   more than 2048 pixels a side: looking far)
   * @throws {UnsupportedImageError} as `recognize`
   */
  async crop(source, {crop: {centerX, centerY, side, angle}}) {
    const {frame, scale} = await frameOf(source, 'far');
    const transfer = ownFrames([frame], [source]);
    const place = {centerX: centerX / scale, centerY: centerY / scale, side: side / scale, angle};
    return this.#bridge.call('crop', {frame, place}, {transfer}).catch((error) => { throw afterFailure(error, transfer); });
  }

  /**
   * What the network says of crops, as `crop` gives them, each by itself: neither tracks nor a person's neutral come in.
   * @param {Uint8Array[]} crops
   * @param {Pick<import('./addresses.js').Wanted, 'head'>} [options] whose answer; default: that of `recognize`
   * @returns {Promise<Answers>} of each a number 0..1 for each label
   * @throws {RangeError} for a head that the model does not have, or a crop of another size
   */
  async classify(crops, {head} = {}) {
    const {answers, times} = await this.#bridge.call('classify', {crops, head});
    return /** @type {Answers} */ (Object.defineProperty(answers, 'times', {value: times}));
  }

  /**
   * Tells whether a baseline can be used here, without an image.
   * @param {Baseline} baseline
   * @throws {BaselineError} if it was learnt with another model, head or other labels, or this model takes none
   */
  checkBaseline(baseline) {
    checkBelongs(baseline, this.#owner);
  }

  /** Forgets every track: the next frame belongs to another video. */
  async reset() {
    await this.#bridge.call('reset', {});
  }

  /** Whether the worker has ended, by itself or as it was disposed of: whatever is asked from then on is refused. */
  get isOver() { return this.#bridge.isOver; }

  /** Ends the worker and frees its memory; calls that wait are refused with an AbortError. */
  dispose() {
    this.#bridge.close();
  }
}
