/**
 * @file From the detector network's numbers to faces: steps 2 to 5 of face_emotion/detector.py's docstring.
 */
import {letterbox, unletterbox} from './letterbox.js';

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

/**
 * The anchors' centres x, y as fractions of the square's side, one after the other.
 * @param {import('./detector.js').DetectorSettings} settings
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
 * @param {import('./detector.js').DetectorSettings} settings
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
    /** @param {number} k */
    const mean = (k) => members.reduce((sum, {values, score}) => sum + score * values[k], 0) / total;
    faces.push({values: first.values.map((_, k) => mean(k)), score: first.score});
    left = left.filter((other) => !same.has(other));
  }
  return faces;
}

/**
 * The shared area of two boxes over their joint area.
 * @param {number[]} one
 * @param {number[]} other
 */
function overlap(one, other) {
  /** @param {number[]} box */
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
 * @param {import('./detector.js').DetectorSettings} settings
 * @returns {Detection[]}
 */
export function toDetections(faces, width, height, {inputSize, keypoints: names}) {
  const place = letterbox(width, height, inputSize);
  return faces.map(({values, score}) => {
    /** @param {number} k */
    const point = (k) => unletterbox(values[2 * k], values[2 * k + 1], place, inputSize);
    const keypoints = Object.fromEntries(names.map((name, k) => [name, point(k + 2)]));
    const {right_eye: one, left_eye: other} = keypoints;
    return {box: [...point(0), ...point(1)], score, keypoints, eyes: other[0] < one[0] ? [other, one] : [one, other]};
  });
}
