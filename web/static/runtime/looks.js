/**
 * @file Looks of a YuNet network at squares, and what those at a whole picture propose. Twin of `YuNetPass` and `_looks`
 * in face_emotion/far.py, whose docstring defines every step.
 */
import {detectionsOf} from './detection.js';
import {ModelDamagedError} from './errors.js';
import {letterbox, sampleSquare, unletterboxed} from './letterbox.js';
import {partsOf} from './parts.js';
import {weightedSuppression} from './suppression.js';
import {cellsOf, decodeYuNet} from './yunet.js';

/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./suppression.js').Candidate} Candidate */

/**
 * Where a look saw a face.
 * @typedef {object} Proposal
 * @property {import('./geometry.js').Point} center in source pixels
 * @property {number} width of the box as the look saw it, in source pixels
 * @property {number} height
 * @property {number} score 0..1
 * @property {number} turn in degrees
 */

/** One look of a YuNet network at a square. */
export class YuNetPass {
  #network;
  #settings;
  #cells;
  /** @type {Float32Array | undefined} */
  #square;

  /**
   * @param {Pick<import('./engines/tfjs.js').Network, 'run' | 'dispose'>} network of squares of `size`, one output
   * @param {import('./yunet.js').YuNetSettings} settings
   * @param {number} size in pixels
   */
  constructor(network, settings, size) {
    this.size = size;
    this.#network = network;
    this.#settings = settings;
    this.#cells = cellsOf(settings.strides, size);
  }

  /**
   * The faces of a square, highest score first, in its pixels.
   * @param {Float32Array} square R, G, B of each pixel, 0..255
   * @param {number} threshold least score, 0..1
   * @returns {Promise<Candidate[]>}
   * @throws {ModelDamagedError} if the network gives another number of rows than its manifest's settings
   */
  async look(square, threshold) {
    const [raw] = await this.#network.run(square);
    const count = this.#cells.length / 3 * (6 + 2 * this.#settings.keypoints.length);
    if (raw.length !== count) {
      throw new ModelDamagedError(`The detector's network gives ${raw.length} numbers where its manifest names ${count}.`);
    }
    return weightedSuppression(decodeYuNet(raw, this.#cells, threshold), this.#settings.iouThreshold);
  }

  /**
   * The upright faces of a whole image in one look, highest score first.
   * @param {Pixels} image
   * @param {number} threshold
   */
  async detect(image, threshold) {
    const place = letterbox(image.width, image.height, this.size);
    const found = await this.look(this.sample(image, place), threshold);
    return detectionsOf(unletterboxed(found, place), this.#settings.keypoints);
  }

  /**
   * An image, or a part of it, as `look` takes it; the numbers stay until the next call.
   * @param {Pixels} image
   * @param {import('./geometry.js').Letterbox} place
   */
  sample(image, place) {
    this.#square ??= new Float32Array(3 * this.size ** 2);
    return sampleSquare(image, this.size, place, this.#square);
  }

  /** Frees what the network holds. */
  dispose() {
    this.#network.dispose();
  }
}

/**
 * What each look but the first proposes: the whole picture turned back by 90 degrees, larger, and in parts.
 * @param {Pixels} image
 * @param {YuNetPass} near
 * @param {YuNetPass} far
 * @param {import('./yunet.js').YuNetSettings} settings
 * @returns {Promise<Proposal[]>}
 */
export async function proposalsOf(image, near, far, settings) {
  const {width, height} = image;
  const threshold = settings.far.proposalThreshold;
  const proposals = [];
  for (const [pass, turns] of /** @type {[YuNetPass, number[]][]} */ ([[near, [90]], [far, [0, 90]]])) {
    const place = letterbox(width, height, pass.size);
    const square = pass.sample(image, place);
    for (const turn of turns) {
      const found = await pass.look(turn === 0 ? square : turnedBack(square, pass.size), threshold);
      proposals.push(...found.map((face) => proposalOf(face, place, pass.size, turn)));
    }
  }
  for (const place of partsOf(width, height, settings)) {
    const found = await far.look(far.sample(image, place), threshold);
    proposals.push(...found.map((face) => proposalOf(face, place, far.size, 0)));
  }
  return proposals;
}

/**
 * A square turned back by 90 degrees: its pixel (column u, row v) is that of (size - 1 - v, u).
 * @param {Float32Array} square @param {number} size
 */
function turnedBack(square, size) {
  const turned = new Float32Array(square.length);
  for (let v = 0, to = 0; v < size; v++) {
    for (let u = 0, from = 3 * (size - 1 - v); u < size; u++, from += 3 * size, to += 3) {
      turned[to] = square[from];
      turned[to + 1] = square[from + 1];
      turned[to + 2] = square[from + 2];
    }
  }
  return turned;
}

/**
 * A look's face as a proposal.
 * @param {Candidate} face @param {import('./geometry.js').Letterbox} place @param {number} size
 * @param {number} turn 0 or 90 degrees by which the square had been turned back
 * @returns {Proposal}
 */
function proposalOf({values: [xMin, yMin, xMax, yMax], score}, {scale, left, top}, size, turn) {
  const [u, v] = [(xMin + xMax) / 2, (yMin + yMax) / 2];
  const [x, y] = turn === 90 ? [size - v, u] : [u, v];
  return {center: [(x - left) / scale, (y - top) / scale], width: (xMax - xMin) / scale, height: (yMax - yMin) / scale, score, turn};
}
