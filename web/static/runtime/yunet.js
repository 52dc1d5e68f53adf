/**
 * @file The decoder of YuNet, the detector of manifests of format 2. Twin of face_emotion/yunet.py, whose docstring
 * defines every step; every constant comes from the detector's manifest.json.
 */
import {hasEyes, isCount, isShare} from './entries.js';
import {ModelDamagedError} from './errors.js';

export const KIND = 'yunet';
const CLIP = 100;
const LARGEST_EXPONENT = 20;

/**
 * How pictures are searched for small and turned faces; far.js does it, far.py says what each is for.
 * @typedef {object} FarSettings
 * @property {number} proposalThreshold score, 0..1
 * @property {number} confirmThreshold score, 0..1
 * @property {number} sureScore score, 0..1
 * @property {number} zoom > 1
 * @property {number} fineSide longer side up to which small pictures are enlarged (at most twice), in pixels
 * @property {number} overlap of two parts, in pixels of the parts, less than their side
 * @property {number} mostParts how many parts are looked at
 * @property {number} mostProposals
 * @property {number} mostTurned of these, how many at every angle
 */

/**
 * @typedef {object} YuNetSettings
 * @property {number} nearSize side of the near network's square in pixels, a multiple of each stride
 * @property {number} farSize of the far network's
 * @property {number[]} strides of the grids, in the order of the output's rows
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold of a face that one look alone finds, 0..1
 * @property {number} iouThreshold of the suppression, 0..1
 * @property {FarSettings} far
 */

/**
 * Reads the settings out of the detector's manifest.
 * @param {any} value its "detector"
 * @param {string} where what messages call the file
 * @returns {YuNetSettings}
 * @throws {ModelDamagedError} if an entry is missing or unusable
 */
export function readYuNet(value, where) {
  /** @param {string} path @param {(value: any) => boolean} usable */
  const read = (path, usable) => {
    const entry = path.split('.').reduce((/** @type {any} */ inside, key) => inside?.[key], value);
    if (!usable(entry)) throw new ModelDamagedError(`${where}: detector.${path}: missing or unusable.`);
    return entry;
  };
  const strides = read('strides', (list) => Array.isArray(list) && list.length > 0 && list.every(isCount));
  /** @param {any} size */
  const isSide = (size) => isCount(size) && strides.every((/** @type {number} */ stride) => size % stride === 0);
  const farSize = read('far_size', isSide);
  return {
    nearSize: read('near_size', isSide), farSize, strides,
    keypoints: read('keypoints', hasEyes),
    scoreThreshold: read('score_threshold', isShare), iouThreshold: read('iou_threshold', isShare),
    far: {
      proposalThreshold: read('far.proposal_threshold', isShare),
      confirmThreshold: read('far.confirm_threshold', isShare),
      sureScore: read('far.sure_score', isShare),
      zoom: read('far.zoom', (zoom) => Number.isFinite(zoom) && zoom > 1),
      fineSide: read('far.fine_side', isCount),
      overlap: read('far.overlap', (overlap) => isCount(overlap) && overlap < farSize),
      mostParts: read('far.most_parts', isCount),
      mostProposals: read('far.most_proposals', isCount),
      mostTurned: read('far.most_turned', isCount),
    },
  };
}

/**
 * Column, row and stride of each row of the output for a square, one after the other.
 * @param {number[]} strides
 * @param {number} size of the square in pixels
 * @returns {Float64Array} 3 numbers a row
 */
export function cellsOf(strides, size) {
  const cells = [];
  for (const stride of strides) {
    const side = size / stride;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) cells.push(column, row, stride);
    }
  }
  return Float64Array.from(cells);
}

/**
 * The rows that count, in their order, in pixels of the square.
 * @param {ArrayLike<number>} raw a row for each cell: class, objectness, box, key points
 * @param {Float64Array} cells what `cellsOf` returns
 * @param {number} threshold 0..1
 * @returns {import('./suppression.js').Candidate[]}
 */
export function decodeYuNet(raw, cells, threshold) {
  const length = 3 * raw.length / cells.length;
  const found = [];
  for (let start = 0, cell = 0; start < raw.length; start += length, cell += 3) {
    const score = Math.sqrt(chance(raw[start]) * chance(raw[start + 1]));
    if (!(score >= threshold)) continue;
    const row = Array.from({length}, (_, k) => raw[start + k]);
    if (!row.every(Number.isFinite)) continue;
    const corner = [cells[cell], cells[cell + 1]];
    const stride = cells[cell + 2];
    const [x, y, ...marks] = [...row.slice(2, 4), ...row.slice(6)].map((value, k) => (value + corner[k & 1]) * stride);
    const [across, down] = [row[4], row[5]].map((value) => Math.exp(Math.min(value, LARGEST_EXPONENT)) * stride / 2);
    found.push({values: [x - across, y - down, x + across, y + down, ...marks], score});
  }
  return found;
}

/** @param {number} logit */
function chance(logit) {
  return 1 / (1 + Math.exp(-Math.min(Math.max(logit, -CLIP), CLIP)));
}
