/**
 * @file The faces of a video, frame by frame: near in each, far now and then, and what near does not see is held on to.
 * Twin of face_emotion/live.py, whose docstring defines every step.
 */

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {{faces: (image: Pixels, time: number) => Promise<Detection[]>}} Live a detector's state of one video */

const GLANCE_EVERY = 2; // seconds
const GLANCE_EMPTY = 1;

/** The state of one video. */
export class LiveSearch {
  #search;
  #canGlance;
  /** @type {Detection[]} */
  #known = [];
  #glanced = -Infinity;
  #size = '';

  /**
   * @param {import('./far.js').FarSearch} search of the detector
   * @param {() => boolean} canGlance whether its network for far is there; asked before each glance, no frame waits for it
   */
  constructor(search, canGlance) {
    this.#search = search;
    this.#canGlance = canGlance;
  }

  /**
   * The faces of the next frame, highest score first.
   * @param {Pixels} image
   * @param {number} time in seconds
   * @returns {Promise<Detection[]>}
   */
  async faces(image, time) {
    const size = `${image.width} × ${image.height}`;
    if (size !== this.#size) [this.#size, this.#known] = [size, []];
    const known = this.#known;
    let found = await this.#search.near(image);
    const since = time - this.#glanced;
    let glances = !(since >= 0 && since < (found.length ? GLANCE_EVERY : GLANCE_EMPTY)) && this.#canGlance();
    if (glances) found = await this.#search.glance(image);
    for (const old of known) {
      if (old.turn !== 0 || !this.#search.overlapping(old, found).length) found = await this.#held(image, old, found);
    }
    if (known.length && !found.length && !glances && this.#canGlance()) {
      glances = true;
      found = await this.#search.glance(image);
    }
    if (glances) this.#glanced = time;
    this.#known = [...found].sort((one, other) => other.score - one.score);
    return this.#known;
  }

  /**
   * The faces with one of the frame before, where it is still there.
   * @param {Pixels} image @param {Detection} old @param {Detection[]} found
   */
  async #held(image, old, found) {
    const face = await this.#search.lookAgain(image, old);
    if (!face) return found;
    const others = this.#search.overlapping(face, found);
    if (others.some(({score}) => score >= face.score)) return found;
    return [...found.filter((other) => !others.includes(other)), face];
  }
}
