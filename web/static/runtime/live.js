/**
 * @file The faces of a video, frame by frame: followed from frame to frame, looked for twice a second, far now and then. Twin of
 * face_emotion/live.py, whose docstring defines every step.
 */
import {Anchor} from './follower.js';
import {Glance, MOST_STEPS, withSurer} from './glance.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {{faces: (image: Pixels, time: number) => Promise<Detection[]>}} Live a detector's state of one video */

/** Seconds between two looks at whole frames, where nothing is said. */
export const LOOK_EVERY = 0.5;
const GLANCE_EVERY = 2; // seconds
const GLANCE_EMPTY = 1;
const STEP_EVERY = 0.1;
const MOST_FOLLOWED = 16; // faces
const MOST_HELD = 32;

/** The state of one video. */
export class LiveSearch {
  #search;
  #canGlance;
  #lookEvery;
  #size = '';
  /** @type {Detection[]} */
  #known = [];
  /** @type {Anchor[]} of all known faces, or of none */
  #anchors = [];
  #time = -Infinity;
  #looked = -Infinity;
  #glanced = -Infinity;
  /** @type {Glance | null} */
  #glance = null;

  /**
   * @param {import('./glance.js').GlanceSearch & Pick<import('./far.js').FarSearch, 'near' | 'lookAgain' | 'isConfirmed'>} search of
   *   the detector
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
    if (size !== this.#size || time < this.#time) this.#begin(size);
    const pause = time - this.#time;
    this.#time = time;
    if (pause >= GLANCE_EMPTY) this.#glance = null;
    const isTime = time - this.#looked >= this.#lookEvery;
    await image.need?.(isTime ? undefined : this.#anchors.map((anchor) => anchor.view));
    const moved = this.#anchors.map((anchor) => anchor.follow(image));
    const followed = moved.filter((face) => face !== null);
    const isFollowed = !isTime && followed.length > 0 && followed.length === this.#known.length && this.#areApart(followed);
    const before = this.#known.map((old, place) => moved[place] ?? old);
    const faces = isFollowed ? followed : await this.#look(image, before);
    const known = await this.#glanceOn(image, faces, pause);
    if (known !== faces || !isFollowed) {
      known.sort((one, other) => other.score - one.score);
      this.#anchor(image, known, new Map(isFollowed ? followed.map((face, place) => [face, this.#anchors[place]]) : []));
    }
    this.#known = known;
    return known;
  }

  /** Begins another video. @param {string} size of its frames */
  #begin(size) {
    this.#size = size;
    [this.#known, this.#anchors, this.#glance] = [[], [], null];
    this.#time = this.#looked = this.#glanced = -Infinity;
  }

  /** The faces of a frame that is looked at. @param {Pixels} image @param {Detection[]} before */
  async #look(image, before) {
    await image.need?.();
    let found = await this.#search.near(image);
    for (const old of before.slice(0, MOST_HELD)) {
      if (old.turn === 0 && this.#search.overlapping(old.box, found).length) continue;
      const face = await this.#search.lookAgain(image, old);
      if (face) found = withSurer(this.#search, found, face);
    }
    this.#looked = this.#time;
    const isLost = before.length > 0 && !found.length;
    const isDue = !this.#glance && this.#time - this.#glanced >= (found.length ? GLANCE_EVERY : GLANCE_EMPTY);
    if ((isLost || isDue) && this.#canGlance()) [this.#glance, this.#glanced] = [new Glance(this.#search), this.#time];
    return found;
  }

  /**
   * The faces of a frame with those that a glance under way finds in it.
   * @param {Pixels} image @param {Detection[]} faces @param {number} pause since the frame before, in seconds
   */
  async #glanceOn(image, faces, pause) {
    if (!this.#glance) return faces;
    await image.need?.();
    const steps = Math.max(1, Math.floor(Math.min(pause / STEP_EVERY, MOST_STEPS)));
    const known = await this.#glance.goOn(image, faces, steps);
    if (this.#glance.isDone) this.#glance = null;
    return known;
  }

  /**
   * Follows the faces of a frame, if they are not too many, and all sure enough and not too flat.
   * @param {Pixels} image
   * @param {Detection[]} faces
   * @param {Map<Detection, Anchor>} kept what follows some of them already
   */
  #anchor(image, faces, kept) {
    this.#anchors = [];
    if (!this.#lookEvery || faces.length > MOST_FOLLOWED || !faces.every((face) => this.#search.isConfirmed(face))) return;
    const anchors = faces.map((face) => kept.get(face) ?? Anchor.of(image, face)).filter((anchor) => anchor !== null);
    if (anchors.length === faces.length) this.#anchors = anchors;
  }

  /** Whether no two faces overlap. @param {Detection[]} faces */
  #areApart(faces) {
    return !faces.some((face, place) => this.#search.overlapping(face.box, faces.slice(0, place)).length);
  }
}
