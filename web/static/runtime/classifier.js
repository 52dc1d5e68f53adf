/**
 * @file The classifier: a network of grey faces, whatever engine runs it. Twin of face_emotion/classifier.py.
 *
 * A crop is normalised (normalization.js), the network gives the logits of its heads, and their blend becomes
 * probabilities (softmax.js). A network of format 1 gives probabilities.
 */
import {ModelDamagedError} from './errors.js';
import {normalized} from './normalization.js';
import {floatProbabilities, floatScores, logScores, probabilitiesOf, scores} from './softmax.js';

const LOGITS = 'logits';

/** @typedef {{name?: string, type?: string, scale?: number, zero_point?: number}} Tensor of a network, as the manifest states it */

/**
 * A loaded network.
 * @typedef {object} Network
 * @property {(input: Uint8Array | Float32Array) => Promise<(Uint8Array | Float32Array)[]>} run
 *   numbers of its one input in, those of each output out, the caller's own
 * @property {string[]} outputs the name of each output, in the order of `run`
 * @property {() => void} dispose frees its memory
 */

/** A classifier of square grey faces: one byte a pixel in, one probability a class out. */
export class Classifier {
  #network;
  #normalization;
  #weights;
  #stated;
  #levels;
  /** @type {number} of the output that answers are made from */
  #place;
  #count;
  /** @type {boolean} */
  #givesLogits;

  /**
   * @param {Pick<Network, 'run' | 'outputs'>} network
   * @param {import('./contract.js').Contract} contract
   * @param {number[]} [weights] of each head's logits, contract.js's `weightsOf`; default: the blend
   * @param {{input?: Tensor, outputs?: Tensor[], output?: Tensor}} [artifact] the manifest's entry of what the network was loaded from
   * @throws {ModelDamagedError} if the network gives no logits where its manifest names two heads
   */
  constructor(network, {labels, heads, blend, normalization}, weights = blend, artifact = {}) {
    this.#network = network;
    this.#normalization = normalization;
    this.#weights = weights;
    this.#givesLogits = network.outputs.includes(LOGITS);
    if (!this.#givesLogits && (network.outputs.length !== 1 || heads.length !== 1)) {
      throw new ModelDamagedError(`The network gives ${network.outputs.join(', ')} where logits are expected.`);
    }
    this.#place = Math.max(network.outputs.indexOf(LOGITS), 0);
    this.#count = labels.length * (this.#givesLogits ? heads.length : 1);
    this.#stated = artifact.outputs?.find(({name}) => name === LOGITS) ?? artifact.output;
    this.#levels = levelsOf(artifact.input);
  }

  /**
   * The numbers of the output that answers are made from: logits of all heads, head after head; of a network of
   * format 1 probabilities.
   * @param {Uint8Array} grey size * size grey levels, which are normalised first
   * @returns {Promise<Uint8Array | Float32Array>}
   * @throws {ModelDamagedError} if the network answers another number of classes than its manifest names
   */
  async raw(grey) {
    const levels = this.#levels;
    const seen = normalized(grey, this.#normalization);
    const values = (await this.#network.run(levels ? seen.map((level) => levels[level]) : seen))[this.#place];
    if (values.length !== this.#count) {
      throw new ModelDamagedError(`The network gives ${values.length} numbers where its manifest names ${this.#count}.`);
    }
    return values;
  }

  /**
   * The probabilities of each face.
   * @param {Uint8Array[]} greys size * size grey levels of each face
   * @returns {Promise<Float32Array[]>} one number 0..1 a class
   * @throws {ModelDamagedError} as `raw`, or if the manifest states no scale of a network that answers in bytes
   */
  async probabilities(greys) {
    const answers = [];
    for (const grey of greys) answers.push(this.answer(await this.raw(grey)));
    return answers;
  }

  /**
   * The probabilities of a face.
   * @param {Uint8Array | Float32Array} values what `raw` gave
   * @param {number[] | null} [taken] off each class's score, in 1 / 256: a person's baseline
   * @param {number[]} [weights] of each head's logits, instead of its own
   * @returns {Float32Array} one number 0..1 a class
   * @throws {ModelDamagedError} if the manifest states no scale of a network that answers in bytes
   */
  answer(values, taken = null, weights = this.#weights) {
    if (!this.#givesLogits && !taken) return this.#real(values);
    if (this.#givesLogits && values instanceof Float32Array) return floatProbabilities(values, weights, taken ?? []);
    return probabilitiesOf(this.scores(values, weights).map((score, place) => score - (taken?.[place] ?? 0)));
  }

  /**
   * The scores of a face, whole numbers in 1 / 256 of the natural logarithm, which differ from the logarithms of its
   * probabilities by one number.
   * @param {Uint8Array | Float32Array} values what `raw` gave
   * @param {number[]} [weights] as of `answer`
   * @returns {Float64Array} a number a class
   * @throws {ModelDamagedError} as `answer`
   */
  scores(values, weights = this.#weights) {
    if (!this.#givesLogits) return logScores(this.#real(values));
    if (values instanceof Float32Array) return floatScores(values, weights);
    const {scale, zero} = this.#quantization();
    return scores(values, scale, zero, weights);
  }

  /**
   * The real numbers that a network of format 1 gave.
   * @param {Uint8Array | Float32Array} values
   */
  #real(values) {
    if (values instanceof Float32Array) return values;
    const {scale, zero} = this.#quantization();
    return Float32Array.from(values, (value) => Math.fround(scale) * (value - zero));
  }

  #quantization() {
    const {scale, zero_point: zero} = this.#stated ?? {};
    if (!(typeof scale === 'number' && scale > 0 && typeof zero === 'number' && Number.isInteger(zero))) {
      throw new ModelDamagedError('The manifest states no scale and zero point of what the network answers in bytes.');
    }
    return {scale, zero};
  }
}

/**
 * The input's byte of each grey level 0..255, which stands for grey / 255; null where a byte is its own, as it usually is.
 * @param {Tensor} [input] none, or of another type than bytes: the engine takes grey levels
 */
function levelsOf({type, scale = 0, zero_point: zero = 0} = {}) {
  if (type !== 'uint8' || !(scale > 0)) return null;
  const levels = Uint8ClampedArray.from({length: 256}, (_, grey) => zero + halfToEven(grey / 255 / scale));
  return levels.every((level, grey) => level === grey) ? null : levels;
}

/** The nearest whole number; of two the even one, as in Python and Java. @param {number} value */
function halfToEven(value) {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below & 1) : Math.round(value);
}
