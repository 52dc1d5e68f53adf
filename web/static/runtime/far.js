/**
 * @file Faces of a picture that are small, far away or turned: many looks at it with YuNet, each finding confirmed by a
 * closer one. Twin of face_emotion/far.py, whose docstring defines every step; the looks are in looks.js.
 */
import {lineOf} from './detection.js';
import {boxOf, faceOfLook, GLANCES, partLooks, proposalOf, slantingLooks, surest, wholeLooks} from './looks.js';
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

  /** How many proposals of a search are looked at at every angle. */
  get mostTurned() {
    return this.#settings.far.mostTurned;
  }

  /** The faces of an image, highest score first. @param {Pixels} image @returns {Promise<Detection[]>} */
  async search(image) {
    const {proposalThreshold} = this.#settings.far;
    const far = await this.#openFar();
    const first = await this.#near.detect(image, proposalThreshold);
    const faces = first.filter((face) => this.isSure(face));
    await this.#add(image, faces, [
      ...first.filter((face) => !this.isSure(face)).map(proposalOf),
      ...await wholeLooks(image, this.#near, [90, 180, 270], proposalThreshold),
      ...await wholeLooks(image, far, [0, 90], proposalThreshold),
      ...await partLooks(image, far, this.#settings),
    ]);
    if (!faces.length) await this.#add(image, faces, await slantingLooks(image, [this.#near, far], proposalThreshold));
    return this.#with(first, faces);
  }

  /** The faces of one look at the whole image, highest score first. @param {Pixels} image */
  near(image) {
    return this.#near.detect(image, this.#settings.scoreThreshold);
  }

  /** What near finds, and which way up it is, as a closer look at what is not sure tells, highest score first. @param {Pixels} image */
  async closely(image) {
    const first = await this.near(image);
    const faces = first.filter((face) => this.isSure(face));
    await this.#add(image, faces, first.filter((face) => !this.isSure(face)).map(proposalOf));
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

  /**
   * What a look at the whole image proposes: GLANCES[number], the network for far in its last.
   * @param {Pixels} image @param {number} number
   */
  async glance(image, number) {
    const pass = number < GLANCES.length - 1 ? this.#near : await this.#openFar();
    return wholeLooks(image, pass, [GLANCES[number]], this.#settings.far.proposalThreshold);
  }

  /**
   * The face that a proposal turns out to be (steps 3 and 4), or null, and whether it was turned further.
   * @param {Pixels} image @param {Proposal} proposal @param {boolean} mayTurn
   */
  async closer(image, proposal, mayTurn) {
    const {confirmThreshold} = this.#settings.far;
    let face = await this.#confirmed(image, proposal, proposal.turn, confirmThreshold);
    const turned = mayTurn && !(face && this.isSure(face));
    for (let turn = TURN; turned && turn < 360; turn += TURN) {
      const other = await this.#confirmed(image, proposal, (proposal.turn + turn) % 360, confirmThreshold);
      if (other && !(face && face.score >= other.score)) face = other;
    }
    return {face: face && await this.#straightened(image, face), turned};
  }

  /** Whether a face's score is at least sureScore. @param {Detection} face */
  isSure({score}) {
    return score >= this.#settings.far.sureScore;
  }

  /** Whether a face's score is at least confirmThreshold. @param {Detection} face */
  isConfirmed({score}) {
    return score >= this.#settings.far.confirmThreshold;
  }

  /** Those faces whose boxes overlap with a box by more than iouThreshold. @param {number[]} box @param {Detection[]} faces */
  overlapping(box, faces) {
    return faces.filter((other) => intersectionOverUnion(box, other.box) > this.#settings.iouThreshold);
  }

  /** The faces, and those of the first look that overlap with none. @param {Detection[]} first @param {Detection[]} faces */
  #with(first, faces) {
    for (const face of first) {
      if (face.score >= this.#settings.scoreThreshold && !this.overlapping(face.box, faces).length) faces.push(face);
    }
    return faces.sort((one, other) => other.score - one.score);
  }

  /**
   * Adds the faces that proposals turn out to be.
   * @param {Pixels} image @param {Detection[]} faces @param {Proposal[]} proposals
   */
  async #add(image, faces, proposals) {
    let left = this.mostTurned;
    for (const proposal of surest(proposals, this.#settings.far.mostProposals)) {
      if (this.overlapping(boxOf(proposal), faces).length) continue;
      const {face, turned} = await this.closer(image, proposal, left > 0);
      left -= Number(turned);
      if (face && !this.overlapping(face.box, faces).length) faces.push(face);
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
}
