/**
 * @file The classifier: a network of grey faces, whatever engine runs it. Twin of face_emotion/classifier.py.
 */
import {ModelDamagedError} from './errors.js';

/** A classifier of square grey faces: one byte a pixel in, one probability a class out. */
export class Classifier {
  #network;
  #scale;
  #zeroPoint;

  /**
   * @param {Pick<import('./engines/tfjs.js').Network, 'run'>} network
   * @param {number} classCount number of the contract's labels
   * @param {{scale?: number, zero_point?: number}} [output] of a network that answers in bytes, from the manifest
   */
  constructor(network, classCount, output = {}) {
    this.#network = network;
    this.#scale = Math.fround(output.scale ?? 1);
    this.#zeroPoint = output.zero_point ?? 0;
    this.classCount = classCount;
  }

  /**
   * The probabilities of each face.
   * @param {Uint8Array[]} greys size * size grey levels of each face
   * @returns {Promise<Float32Array[]>} one number 0..1 a class
   * @throws {ModelDamagedError} if the network answers another number of classes
   */
  async probabilities(greys) {
    const answers = [];
    for (const grey of greys) {
      const [values] = await this.#network.run(grey);
      if (values.length !== this.classCount) {
        throw new ModelDamagedError(`The network gives ${values.length} classes where its manifest names ${this.classCount}.`);
      }
      answers.push(values instanceof Uint8Array ?
        Float32Array.from(values, (value) => this.#scale * (value - this.#zeroPoint)) : values);
    }
    return answers;
  }
}
