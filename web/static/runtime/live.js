/**
 * @file The faces of a video, frame by frame: followed from frame to frame, looked for twice a second, far now and then. Twin of
 * face_emotion/live.py, whose docstring defines every step.
 */
import {Anchor} from './follower.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {{faces: (image: Pixels, time: number) => Promise<Detection[]>}} Live a detector's state of one video */

/** Seconds between two looks at whole frames, where nothing is said. */
export const LOOK_EVERY = 0.5;
const GLANCE_EVERY = 2; // seconds
const GLANCE_EMPTY = 1;
const MOST_FOLLOWED = 16; // faces
const MOST_HELD = 32;

/** The state of one video. */
export class LiveSearch {
  #search;
  #canGlance;
  #lookEvery;
  /** @type {Detection[]} */
  #known = [];
  /** @type {Anchor[]} of all known faces, or of none */
  #anchors = [];
  #looked = -Infinity;
  #glanced = -Infinity;
  #size = '';

  /**
   * @param {Pick<import('./far.js').FarSearch, 'near' | 'glance' | 'lookAgain' | 'overlapping' | 'isConfirmed'>} search of the detector
   * @param {() => boolean} canGlance whether its network for far is there; asked before each glance, no frame waits for it
   * @param {number} [lookEvery] seconds; 0: each frame is looked at
   */
  constructor(search, canGlance, lookEvery = LOOK_EVERY) {
    this.#search = search;
    this.#canGlance = canGlance;
    this.#lookEvery = lookEvery;
  }

  /**
   * The faces of the next frame, highest score first.
   * @param {Pixels} image
   * @param {number} time in seconds
   * @returns {Promise<Detection[]>}
   */
  async faces(image, time) {
    const size = `${image.width} × ${image.height}`;
    if (size !== this.#size || time < this.#looked) [this.#size, this.#known, this.#anchors] = [size, [], []];
    const isTime = time - this.#looked >= this.#lookEvery;
    await image.need?.(isTime ? undefined : this.#anchors.map((anchor) => anchor.view));
    const moved = this.#anchors.map((anchor) => anchor.follow(image));
    const followed = moved.filter((face) => face !== null);
    if (isTime || !followed.length || followed.length < this.#known.length || !this.#areApart(followed)) {
      const before = this.#known.map((old, place) => moved[place] ?? old);
      this.#known = await this.#look(image, time, before);
      this.#anchor(image);
      this.#looked = time;
    } else {
      this.#known = followed;
    }
    return this.#known;
  }

  /**
   * The faces of a frame that is looked at.
   * @param {Pixels} image @param {number} time @param {Detection[]} before
   */
  async #look(image, time, before) {
    await image.need?.();
    let found = await this.#search.near(image);
    const since = time - this.#glanced;
    let glances = !(since >= 0 && since < (found.length ? GLANCE_EVERY : GLANCE_EMPTY)) && this.#canGlance();
    if (glances) found = await this.#search.glance(image);
    for (const old of before.slice(0, MOST_HELD)) {
      if (old.turn !== 0 || !this.#search.overlapping(old, found).length) found = await this.#held(image, old, found);
    }
    if (before.length && !found.length && !glances && this.#canGlance()) {
      glances = true;
      found = await this.#search.glance(image);
    }
    if (glances) this.#glanced = time;
    return [...found].sort((one, other) => other.score - one.score);
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

  /** Begins to follow the known faces, if they are not too many, and all sure enough and not too flat. @param {Pixels} image */
  #anchor(image) {
    this.#anchors = [];
    if (this.#known.length > MOST_FOLLOWED || !this.#known.every((face) => this.#search.isConfirmed(face))) return;
    const anchors = this.#known.map((face) => Anchor.of(image, face)).filter((anchor) => anchor !== null);
    if (anchors.length === this.#known.length) this.#anchors = anchors;
  }

  /** Whether no two faces overlap. @param {Detection[]} faces */
  #areApart(faces) {
    return !faces.some((face, place) => this.#search.overlapping(face, faces.slice(0, place)).length);
  }
}
