/**
 * @file The face detector: BlazeFace short range, decoded. Twin of face_emotion/detector.py, whose docstring
 * defines every step; every constant comes from the detector's manifest.json.
 */
import {anchorsOf, decode, toDetections, weightedSuppression} from './decoding.js';
import {ModelDamagedError} from './errors.js';
import {sampleLetterbox} from './letterbox.js';

/**
 * @typedef {object} DetectorSettings
 * @property {number} inputSize side of the square input in pixels
 * @property {{stride: number, count: number}[]} anchors
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold 0..1
 * @property {number} scoreClip > 0
 * @property {number} iouThreshold 0..1
 */

/** BlazeFace behind one interface. */
export class Detector {
  /**
   * @param {Pick<import('./engines/tfjs.js').Network, 'run'>} network the loaded network: both outputs
   * @param {DetectorSettings} settings
   */
  constructor(network, settings) {
    this.settings = settings;
    this.network = network;
    this.anchors = anchorsOf(settings);
    this.square = new Float32Array(settings.inputSize ** 2 * 3);
  }

  /**
   * The faces of an image, highest score first.
   * @param {import('./geometry.js').Pixels} image
   * @returns {Promise<import('./decoding.js').Detection[]>}
   */
  async detect(image) {
    const outputs = await this.network.run(sampleLetterbox(image, this.settings.inputSize, this.square));
    const [scores, boxes] = [...outputs].sort((one, other) => one.length - other.length);
    const found = decode(boxes, scores, this.anchors, this.settings);
    return toDetections(
      weightedSuppression(found, this.settings.iouThreshold), image.width, image.height, this.settings);
  }
}

/**
 * Reads the settings out of the detector's manifest.
 * @param {any} manifest
 * @param {string} [where] what messages call the file
 * @returns {DetectorSettings}
 * @throws {ModelDamagedError} if an entry is missing or unusable
 */
export function readSettings(manifest, where = 'manifest.json') {
  const value = manifest?.detector;
  /** @param {any} number */
  const isCount = (number) => Number.isInteger(number) && number > 0;
  /** @param {unknown} number */
  const isFraction = (number) => typeof number === 'number' && number >= 0 && number <= 1;
  const usable = isCount(value?.input_size) && Array.isArray(value.anchors) && value.anchors.length > 0 &&
    value.anchors.every((/** @type {any} */ grid) => isCount(grid?.stride) && isCount(grid.count)) &&
    ['right_eye', 'left_eye'].every((name) => Array.isArray(value.keypoints) && value.keypoints.includes(name)) &&
    isFraction(value.score_threshold) && isFraction(value.iou_threshold) && typeof value.score_clip === 'number' && value.score_clip > 0;
  if (!usable) throw new ModelDamagedError(`${where}: detector: an entry is missing or unusable.`);
  return {
    inputSize: value.input_size, anchors: value.anchors, keypoints: value.keypoints,
    scoreThreshold: value.score_threshold, scoreClip: value.score_clip, iouThreshold: value.iou_threshold,
  };
}
