/**
 * @file The face detector: BlazeFace short range, decoded. Twin of face_emotion/detector.py, whose docstring
 * defines every step; every constant comes from the detector's manifest.json.
 */
import {ModelDamagedError} from './errors.js';
import {letterbox, sampleLetterbox, unletterbox} from './letterbox.js';

/**
 * @typedef {object} DetectorSettings
 * @property {number} inputSize side of the square input in pixels
 * @property {{stride: number, count: number}[]} anchors
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold 0..1
 * @property {number} scoreClip > 0
 * @property {number} iouThreshold 0..1
 */

/**
 * A face: box (x_min, y_min, x_max, y_max) and named points in source pixels, score 0..1; the eyes are the
 * one on the image's left and the one on its right.
 * @typedef {object} Detection
 * @property {[number, number, number, number]} box
 * @property {number} score
 * @property {Record<string, [number, number]>} keypoints
 * @property {[[number, number], [number, number]]} eyes
 */

/** @typedef {{values: number[], score: number}} Candidate box corners, then points, fractions of the square */

/** BlazeFace behind one interface. */
export class Detector {
  /**
   * @param {{run: (input: Float32Array) => Promise<Float32Array[]>}} network the loaded network: both outputs
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
   * @returns {Promise<Detection[]>}
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
  const isCount = (number) => Number.isInteger(number) && number > 0;
  const isFraction = (number) => typeof number === 'number' && number >= 0 && number <= 1;
  const usable = isCount(value?.input_size) && Array.isArray(value.anchors) && value.anchors.length > 0 &&
    value.anchors.every((grid) => isCount(grid?.stride) && isCount(grid.count)) &&
    ['right_eye', 'left_eye'].every((name) => Array.isArray(value.keypoints) && value.keypoints.includes(name)) &&
    isFraction(value.score_threshold) && isFraction(value.iou_threshold) && value.score_clip > 0;
  if (!usable) throw new ModelDamagedError(`${where}: detector: an entry is missing or unusable.`);
  return {
    inputSize: value.input_size, anchors: value.anchors, keypoints: value.keypoints,
    scoreThreshold: value.score_threshold, scoreClip: value.score_clip, iouThreshold: value.iou_threshold,
  };
}

/**
 * The anchors' centres x, y as fractions of the square's side, one after the other.
 * @param {DetectorSettings} settings
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
 * The rows that count, in the order of the anchors.
 * @param {ArrayLike<number>} rawBoxes a row for each anchor: box centre and size, then points
 * @param {ArrayLike<number>} rawScores
 * @param {Float64Array} centers what `anchorsOf` returns
 * @param {DetectorSettings} settings
 * @returns {Candidate[]}
 */
export function decode(rawBoxes, rawScores, centers, {inputSize, keypoints, scoreClip, scoreThreshold}) {
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

/**
 * One weighted mean for each group of overlapping rows, highest score first.
 * @param {Candidate[]} candidates
 * @param {number} iouThreshold
 * @returns {Candidate[]}
 */
export function weightedSuppression(candidates, iouThreshold) {
  let left = [...candidates].sort((one, other) => other.score - one.score);
  const faces = [];
  while (left.length) {
    const [first] = left;
    const same = new Set(left.filter((other) => other === first || overlap(first.values, other.values) > iouThreshold));
    const members = [...same];
    const total = members.reduce((sum, {score}) => sum + score, 0);
    const mean = (k) => members.reduce((sum, {values, score}) => sum + score * values[k], 0) / total;
    faces.push({values: first.values.map((_, k) => mean(k)), score: first.score});
    left = left.filter((other) => !same.has(other));
  }
  return faces;
}

/** The shared area of two boxes over their joint area. */
function overlap(one, other) {
  const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
  const shared = Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0])) *
    Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
  return shared / (area(one) + area(other) - shared);
}

/**
 * Faces of the square in pixels of the image, width x height, that was letterboxed into it.
 * @param {Candidate[]} faces
 * @param {number} width
 * @param {number} height
 * @param {DetectorSettings} settings
 * @returns {Detection[]}
 */
export function toDetections(faces, width, height, {inputSize, keypoints: names}) {
  const place = letterbox(width, height, inputSize);
  return faces.map(({values, score}) => {
    const point = (k) => unletterbox(values[2 * k], values[2 * k + 1], place, inputSize);
    const keypoints = Object.fromEntries(names.map((name, k) => [name, point(k + 2)]));
    const eyes = [keypoints.right_eye, keypoints.left_eye].sort((one, other) => one[0] - other[0]);
    return {box: [...point(0), ...point(1)], score, keypoints, eyes};
  });
}
