/**
 * @file What was read of a video: numbers only, packed, so that an hour of many faces stays small. Pure.
 *
 * @typedef {Pick<import('../../runtime/face.js').Face, 'box' | 'track' | 'label' | 'certain' | 'probabilities' | 'smoothed'>} Face
 * @typedef {{seconds: number, face: number, label: string, certain: boolean, probabilities: number[], box: number[]}} Sample
 */

/** Faces that are kept at most: about a hundred megabytes with seven expressions. */
export const MOST_SAMPLES = 1_500_000;
const FIRST = 4096;

/** The samples of a video, in the order of time. */
export class Samples {
  count = 0;
  #room = 0;
  #seconds = new Float64Array(0);
  #face = new Uint32Array(0);
  /** Index of the label; -1 - index where it is not certain. */
  #label = new Int16Array(0);
  #shares = new Float32Array(0);
  #box = new Float32Array(0);
  /** @type {Map<number, number[]>} places of the samples of each face, in the order in which they came */
  #places = new Map();

  /**
   * @param {string[]} labels
   * @param {number} [most] samples
   */
  constructor(labels, most = MOST_SAMPLES) {
    this.labels = labels;
    this.most = most;
  }

  get isFull() {
    return this.count >= this.most;
  }

  /** The numbers of the faces. */
  get faces() {
    return [...this.#places.keys()];
  }

  /**
   * Takes the faces of a frame, as many as there is room for.
   * @param {Face[]} faces
   * @param {number} seconds
   */
  add(faces, seconds) {
    for (const face of faces.slice(0, this.most - this.count)) {
      if (this.count === this.#room) this.#grow();
      const place = this.count++;
      const number = face.track ?? 0;
      const index = this.labels.indexOf(face.label);
      this.#seconds[place] = seconds;
      this.#face[place] = number;
      this.#label[place] = face.certain ? index : -1 - index;
      this.#shares.set(face.smoothed ?? face.probabilities, place * this.labels.length);
      this.#box.set([face.box.x, face.box.y, face.box.width, face.box.height], place * 4);
      const places = this.#places.get(number);
      if (places) places.push(place);
      else this.#places.set(number, [place]);
    }
  }

  /** Forgets what is later than a time. @param {number} seconds */
  cutOff(seconds) {
    for (; this.count > 0 && this.#seconds[this.count - 1] > seconds; this.count -= 1) {
      const face = this.#face[this.count - 1];
      const places = this.placesOf(face);
      places.pop();
      if (places.length === 0) this.#places.delete(face);
    }
  }

  /** @param {number} place @returns {Sample} */
  at(place) {
    const label = this.#label[place];
    const many = this.labels.length;
    return {
      seconds: this.#seconds[place], face: this.#face[place],
      label: this.labels[label < 0 ? -1 - label : label], certain: label >= 0,
      probabilities: Array.from(this.#shares.subarray(place * many, (place + 1) * many)),
      box: Array.from(this.#box.subarray(place * 4, place * 4 + 4)),
    };
  }

  /** Places of a face's samples. @param {number} face */
  placesOf(face) {
    return this.#places.get(face) ?? [];
  }

  /**
   * When a face was seen, and what was read: the index of the label, or -1 for unclear.
   * @param {number} face
   * @returns {{seconds: number, label: number}[]}
   */
  marksOf(face) {
    return this.placesOf(face).map((place) => ({seconds: this.#seconds[place], label: Math.max(-1, this.#label[place])}));
  }

  /** All samples. @returns {Generator<Sample>} */
  * [Symbol.iterator]() {
    for (let place = 0; place < this.count; place += 1) yield this.at(place);
  }

  #grow() {
    this.#room = Math.min(this.most, Math.max(FIRST, this.#room * 2));
    /** @template {Float64Array | Float32Array | Uint32Array | Int16Array} Numbers @param {Numbers} old @param {number} each */
    const larger = (old, each) => {
      const made = new /** @type {new (size: number) => Numbers} */ (old.constructor)(this.#room * each);
      made.set(old);
      return made;
    };
    this.#seconds = larger(this.#seconds, 1);
    this.#face = larger(this.#face, 1);
    this.#label = larger(this.#label, 1);
    this.#shares = larger(this.#shares, this.labels.length);
    this.#box = larger(this.#box, 4);
  }
}
