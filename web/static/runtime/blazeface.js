/**
 * @file The decoder of BlazeFace short range, the detector of manifests of format 1. Twin of face_emotion/blazeface.py,
 * whose docstring defines every step; every constant comes from the detector's manifest.json.
 */
import {detectionsOf} from './detection.js';
import {hasEyes, isCount, isShare} from './entries.js';
import {ModelDamagedError} from './errors.js';
import {letterbox, sampleLetterbox, unletterboxed} from './letterbox.js';
import {weightedSuppression} from './suppression.js';

/**
 * @typedef {object} BlazeFaceSettings
 * @property {number} inputSize side of the square input in pixels
 * @property {{stride: number, count: number}[]} anchors
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold 0..1
 * @property {number} scoreClip > 0
 * @property {number} iouThreshold 0..1
 */

/**
 * Reads the settings out of the detector's manifest.
 * @param {any} value its "detector"
 * @param {string} where what messages call the file
 * @returns {BlazeFaceSettings}
 * @throws {ModelDamagedError} if an entry is missing or unusable
 */
export function readBlazeFace(value, where) {
  const usable = isCount(value?.input_size) && Array.isArray(value.anchors) && value.anchors.length > 0 &&
    value.anchors.every((/** @type {any} */ grid) => isCount(grid?.stride) && isCount(grid.count)) &&
    hasEyes(value.keypoints) && isShare(value.score_threshold) && isShare(value.iou_threshold) &&
    typeof value.score_clip === 'number' && value.score_clip > 0;
  if (!usable) throw new ModelDamagedError(`${where}: detector: an entry is missing or unusable.`);
  return {
    inputSize: value.input_size, anchors: value.anchors, keypoints: value.keypoints,
    scoreThreshold: value.score_threshold, scoreClip: value.score_clip, iouThreshold: value.iou_threshold,
  };
}

/**
 * The anchors' centres x, y as fractions of the square's side, one after the other.
 * @param {BlazeFaceSettings} settings
 * @returns {Float64Array}
 */
export function anchorsOf({inputSize, anchors}) {
  const centers = [];
  for (const {stride, count} of anchors) {
    const cells = Math.ceil(inputSize / stride);
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        for (let k = 0; k < count; k++) centers.push((column + 0.5) / cells, (row + 0.5) / cells);
      }
    }
  }
  return Float64Array.from(centers);
}

/**
 * The rows that count, in the order of the anchors, as fractions of the square's side.
 * @param {ArrayLike<number>} rawBoxes a row for each anchor: box centre and size, then points
 * @param {ArrayLike<number>} rawScores
 * @param {Float64Array} centers what `anchorsOf` returns
 * @param {BlazeFaceSettings} settings
 * @returns {import('./suppression.js').Candidate[]}
 */
export function decodeBlazeFace(rawBoxes, rawScores, centers, {inputSize, keypoints, scoreClip, scoreThreshold}) {
  const length = 4 + 2 * keypoints.length;
  const found = [];
  for (let row = 0; row < rawScores.length; row++) {
    const score = 1 / (1 + Math.exp(-Math.min(Math.max(rawScores[row], -scoreClip), scoreClip)));
    if (!(score >= scoreThreshold)) continue;
    const raw = Array.from({length}, (_, k) => rawBoxes[row * length + k] / inputSize);
    const [x, y, width, height] = raw;
    if (!(raw.every(Number.isFinite) && width > 0 && height > 0)) continue;
    const [centerX, centerY] = [x + centers[2 * row], y + centers[2 * row + 1]];
    const points = raw.slice(4).map((value, k) => value + centers[2 * row + (k & 1)]);
    const corners = [centerX - width / 2, centerY - height / 2, centerX + width / 2, centerY + height / 2];
    found.push({values: [...corners, ...points], score});
  }
  return found;
}

/** BlazeFace short range. */
export class BlazeFace {
  /**
   * @param {import('./detector.js').Network} network the loaded network: both outputs
   * @param {BlazeFaceSettings} settings
   */
  constructor(network, settings) {
    this.settings = settings;
    this.network = network;
    this.anchors = anchorsOf(settings);
    this.square = new Float32Array(settings.inputSize ** 2 * 3);
  }

  /**
   * The faces of an image, highest score first; far as near.
   * @param {import('./geometry.js').Pixels} image
   * @returns {Promise<import('./detection.js').Detection[]>}
   */
  async detect(image) {
    const {inputSize, keypoints, iouThreshold} = this.settings;
    const outputs = await this.network.run(sampleLetterbox(image, inputSize, this.square));
    const [scores, boxes] = [...outputs].sort((one, other) => one.length - other.length);
    const found = weightedSuppression(decodeBlazeFace(boxes, scores, this.anchors, this.settings), iouThreshold)
      .map(({values, score}) => ({values: values.map((value) => value * inputSize), score}));
    return detectionsOf(unletterboxed(found, letterbox(image.width, image.height, inputSize)), keypoints);
  }

  /** The state of one more video: each frame for itself. @returns {import('./live.js').Live} */
  live() {
    const faces = async (/** @type {import('./geometry.js').Pixels} */ image) => {
      await image.need?.();
      return this.detect(image);
    };
    return {faces};
  }

  /** The faces of a picture of one person: what its one pass finds. @param {import('./geometry.js').Pixels} image */
  portrait(image) {
    return this.detect(image);
  }

  /** A contract's crop with what belongs to this detector's boxes. @param {import('./contract.js').Crop} crop @returns {import('./contract.js').Crop} */
  crop(crop) {
    return crop;
  }

  /** Frees what the network holds. */
  dispose() {
    this.network.dispose();
  }
}
