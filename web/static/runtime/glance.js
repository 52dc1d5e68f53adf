/**
 * @file A glance at a video: a search for the faces that near does not see, a step a frame so that no frame waits for it. Twin
 * of face_emotion/glance.py, whose docstring defines every step.
 */
import {boxOf, GLANCES, surest} from './looks.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./looks.js').Proposal} Proposal */
/** @typedef {Pick<import('./far.js').FarSearch, 'glance' | 'closer' | 'isSure' | 'overlapping' | 'mostTurned'>} GlanceSearch */

const MOST_PROPOSALS = 32;

/** How many steps a glance has at most. */
export const MOST_STEPS = GLANCES.length + MOST_PROPOSALS;

/** The state of one glance. */
export class Glance {
  #search;
  #looks = 0;
  /** @type {Proposal[]} */
  #proposals = [];
  #turnsLeft;

  /** @param {GlanceSearch} search of the detector */
  constructor(search) {
    this.#search = search;
    this.#turnsLeft = search.mostTurned;
  }

  /** Whether there is no step left. */
  get isDone() {
    return this.#looks === GLANCES.length && !this.#proposals.length;
  }

  /**
   * The faces of a frame with those that the next steps find; `faces` itself if they find none.
   * @param {Pixels} image
   * @param {Detection[]} faces of the frame, as far as they are known
   * @param {number} steps 1 or more
   * @returns {Promise<Detection[]>}
   */
  async goOn(image, faces, steps) {
    let known = faces;
    for (let step = 0; step < steps && !this.isDone; step++) {
      if (this.#looks < GLANCES.length) {
        const proposals = await this.#search.glance(image, this.#looks);
        this.#proposals = surest([...this.#proposals, ...proposals], MOST_PROPOSALS);
        this.#looks += 1;
        continue;
      }
      const proposal = this.#next(known);
      if (!proposal) break;
      const {face, turned} = await this.#search.closer(image, proposal, this.#turnsLeft > 0);
      this.#turnsLeft -= Number(turned);
      if (face) known = withSurer(this.#search, known, face);
    }
    return known;
  }

  /** The next proposal that is not a face that is known. @param {Detection[]} faces */
  #next(faces) {
    for (;;) {
      const proposal = this.#proposals.shift();
      if (!proposal || !this.#search.overlapping(boxOf(proposal), faces).some((face) => this.#search.isSure(face))) return proposal;
    }
  }
}

/**
 * Faces with one more in the place of those that it overlaps with, if it is the surest; else `faces`.
 * @param {Pick<GlanceSearch, 'overlapping'>} search
 * @param {Detection[]} faces
 * @param {Detection} face
 * @returns {Detection[]}
 */
export function withSurer(search, faces, face) {
  const others = search.overlapping(face.box, faces);
  if (others.some(({score}) => score >= face.score)) return faces;
  return [...faces.filter((other) => !others.includes(other)), face];
}
