/**
 * @file Faces of a picture that are small, far away or turned: many looks at it with YuNet, each finding confirmed by a
 * closer one. Twin of face_emotion/far.py, whose docstring defines every step; the looks are in looks.js.
 */
import {lineOf, turnedBox} from './detection.js';
import {faceOfLook, partLooks, proposalOf, slantingLooks, wholeLooks} from './looks.js';
import {intersectionOverUnion} from './suppression.js';
import {radians, shown} from './views.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./pass.js').YuNetPass} YuNetPass */
/** @typedef {import('./looks.js').Proposal} Proposal */

const TURN = 45; // degrees
const ASLANT = 8;

/** The search of a whole picture. */
export class FarSearch {
  #near;
  #openFar;
  #settings;

  /**
   * @param {YuNetPass} near
   * @param {() => Promise<YuNetPass>} openFar gives the network for far, which is asked for when it is needed
   * @param {import('./yunet.js').YuNetSettings} settings
   */
  constructor(near, openFar, settings) {
    this.#near = near;
    this.#openFar = openFar;
    this.#settings = settings;
  }

  /** The faces of an image, highest score first. @param {Pixels} image @returns {Promise<Detection[]>} */
  search(image) {
    return this.#found(image, true);
  }

  /**
   * What a search without parts and without looks at 45 and 135 degrees finds, highest score first.
   * @param {Pixels} image
   * @returns {Promise<Detection[]>}
   */
  glance(image) {
    return this.#found(image, false);
  }

  /** The faces of one look at the whole image, highest score first. @param {Pixels} image */
  near(image) {
    return this.#near.detect(image, this.#settings.scoreThreshold);
  }

  /**
   * What near finds, faces of less than sureScore as a closer look sees them, highest score first: near takes a face that
   * lies on its side for an upright one, a closer look tells which way up it is.
   * @param {Pixels} image
   */
  async closely(image) {
    const {sureScore} = this.#settings.far;
    const first = await this.near(image);
    const faces = first.filter(({score}) => score >= sureScore);
    await this.#add(image, faces, first.filter(({score}) => score < sureScore).map(proposalOf));
    return this.#with(first, faces);
  }

  /**
   * A face of another image where it was, turned back by the whole degrees of its eyes' line; null where it is not.
   * @param {Pixels} image @param {Detection} face
   */
  lookAgain(image, face) {
    const turn = ((Math.floor(lineOf(face) + 0.5) % 360) + 360) % 360;
    return this.#confirmed(image, proposalOf(face), turn, this.#settings.scoreThreshold);
  }

  /** Whether a face's score is at least confirmThreshold. @param {Detection} face */
  isConfirmed({score}) {
    return score >= this.#settings.far.confirmThreshold;
  }

  /** Those faces whose boxes overlap with one's by more than iouThreshold. @param {Detection} face @param {Detection[]} faces */
  overlapping(face, faces) {
    return faces.filter((other) => this.#isTaken(face.box, [other]));
  }

  /** @param {Pixels} image @param {boolean} whole */
  async #found(image, whole) {
    const {far: rules} = this.#settings;
    const far = await this.#openFar();
    const first = await this.#near.detect(image, rules.proposalThreshold);
    const faces = first.filter(({score}) => score >= rules.sureScore);
    await this.#add(image, faces, [
      ...first.filter(({score}) => score < rules.sureScore).map(proposalOf),
      ...await wholeLooks(image, this.#near, far, rules.proposalThreshold, whole ? [0, 90] : [0]),
      ...whole ? await partLooks(image, far, this.#settings) : [],
    ]);
    if (whole && !faces.length) {
      await this.#add(image, faces, await slantingLooks(image, [this.#near, far], rules.proposalThreshold));
    }
    return this.#with(first, faces);
  }

  /** The faces, and those of the first look that overlap with none. @param {Detection[]} first @param {Detection[]} faces */
  #with(first, faces) {
    for (const face of first) {
      if (face.score >= this.#settings.scoreThreshold && !this.#isTaken(face.box, faces)) faces.push(face);
    }
    return faces.sort((one, other) => other.score - one.score);
  }

  /**
   * Adds the faces that proposals turn out to be.
   * @param {Pixels} image @param {Detection[]} faces @param {Proposal[]} proposals
   */
  async #add(image, faces, proposals) {
    const {confirmThreshold, sureScore, mostProposals, mostTurned} = this.#settings.far;
    let turned = 0;
    for (const proposal of proposals.sort((one, other) => other.score - one.score).slice(0, mostProposals)) {
      if (this.#isTaken(turnedBox(proposal.center, proposal.width, proposal.height, proposal.turn), faces)) continue;
      let face = await this.#confirmed(image, proposal, proposal.turn, confirmThreshold);
      if (!(face && face.score >= sureScore) && turned < mostTurned) {
        turned += 1;
        for (let turn = TURN; turn < 360; turn += TURN) {
          const other = await this.#confirmed(image, proposal, (proposal.turn + turn) % 360, confirmThreshold);
          if (other && !(face && face.score >= other.score)) face = other;
        }
      }
      if (face) face = await this.#straightened(image, face);
      if (face && !this.#isTaken(face.box, faces)) faces.push(face);
    }
  }

  /** A face whose eyes lie aslant, as a look finds it in which they do not. @param {Pixels} image @param {Detection} face */
  async #straightened(image, face) {
    const aslant = ((((lineOf(face) - face.turn + 180) % 360) + 360) % 360) - 180;
    return Math.abs(aslant) <= ASLANT ? face : await this.lookAgain(image, face) ?? face;
  }

  /**
   * What a closer look at a proposal finds, turned back by `turn` degrees.
   * @param {Pixels} image @param {Proposal} proposal @param {number} turn @param {number} threshold least score
   */
  async #confirmed(image, {center: [centerX, centerY], width, height}, turn, threshold) {
    const {size} = this.#near;
    const view = {centerX, centerY, side: this.#settings.far.zoom * Math.max(width, height), angle: radians(turn)};
    const found = await this.#near.look(shown(image, view, size), threshold);
    /** @param {number} low @param {number} high */
    const isInMiddle = (low, high) => Math.abs((low + high) / 2 - size / 2) <= size / 4;
    const face = found.find(({values: [xMin, yMin, xMax, yMax]}) => isInMiddle(xMin, xMax) && isInMiddle(yMin, yMax));
    return face ? faceOfLook(face, view, size, turn, this.#settings.keypoints) : null;
  }

  /** Whether a box is a face's that is there. @param {number[]} box @param {Detection[]} faces */
  #isTaken(box, faces) {
    return faces.some((face) => intersectionOverUnion(box, face.box) > this.#settings.iouThreshold);
  }
}
