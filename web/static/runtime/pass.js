/**
 * @file One look of a YuNet network at a square. Twin of `YuNetPass` in face_emotion/far.py.
 */
import {detectionsOf} from './detection.js';
import {ModelDamagedError} from './errors.js';
import {letterbox, sampleSquare, unletterboxed} from './letterbox.js';
import {weightedSuppression} from './suppression.js';
import {cellsOf, decodeYuNet} from './yunet.js';

/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./suppression.js').Candidate} Candidate */

/** One look of a YuNet network at a square. */
export class YuNetPass {
  #network;
  #settings;
  #cells;
  /** @type {Float32Array | undefined} */
  #square;

  /**
   * @param {Pick<import('./classifier.js').Network, 'run' | 'dispose'>} network of squares of `size`, one output
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
