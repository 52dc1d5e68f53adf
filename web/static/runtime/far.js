/**
 * @file Faces of a picture that are small, far away or turned: many looks at it with YuNet, each finding confirmed by a
 * closer one. Twin of face_emotion/far.py, whose docstring defines every step; the looks are in looks.js.
 */
import {detectionOf, keypointsOf, turnedBox} from './detection.js';
import {sampleGrey} from './geometry.js';
import {proposalsOf} from './looks.js';
import {intersectionOverUnion} from './suppression.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./geometry.js').Transform} Transform */
/** @typedef {import('./looks.js').YuNetPass} YuNetPass */
/** @typedef {import('./looks.js').Proposal} Proposal */

/** @type {[number, number, number]} */
const LUMA = [0.299, 0.587, 0.114];
const CONFIRM_SAMPLES = 4;
const TURN = 45;

/** The search of a whole picture. */
export class FarSearch {
  #near;
  #far;
  #settings;
  #square;

  /**
   * @param {YuNetPass} near @param {YuNetPass} far
   * @param {import('./yunet.js').YuNetSettings} settings
   */
  constructor(near, far, settings) {
    this.#near = near;
    this.#far = far;
    this.#settings = settings;
    this.#square = new Float32Array(3 * near.size ** 2);
  }

  /**
   * The faces of an image, highest score first.
   * @param {Pixels} image
   * @returns {Promise<Detection[]>}
   */
  async search(image) {
    const {far: rules, scoreThreshold} = this.#settings;
    const first = await this.#near.detect(image, rules.proposalThreshold);
    const faces = first.filter(({score}) => score >= rules.sureScore);
    const proposals = [
      ...first.filter(({score}) => score < rules.sureScore).map(proposalOf),
      ...await proposalsOf(image, this.#near, this.#far, this.#settings),
    ].sort((one, other) => other.score - one.score);
    let turned = 0;
    for (const proposal of proposals.slice(0, rules.mostProposals)) {
      if (this.#isTaken(turnedBox(proposal.center, proposal.width, proposal.height, proposal.turn), faces)) continue;
      let face = await this.#confirmed(image, proposal, proposal.turn);
      if (!(face && face.score >= rules.sureScore) && turned < rules.mostTurned) {
        turned += 1;
        for (let turn = TURN; turn < 360; turn += TURN) {
          const other = await this.#confirmed(image, proposal, (proposal.turn + turn) % 360);
          if (other && !(face && face.score >= other.score)) face = other;
        }
      }
      if (face && !this.#isTaken(face.box, faces)) faces.push(face);
    }
    for (const face of first) {
      if (face.score >= scoreThreshold && !this.#isTaken(face.box, faces)) faces.push(face);
    }
    return faces.sort((one, other) => other.score - one.score);
  }

  /** Frees what the network for far holds. */
  dispose() {
    this.#far.dispose();
  }

  /**
   * What a closer look at a proposal finds, turned back by `turn` degrees.
   * @param {Pixels} image @param {Proposal} proposal @param {number} turn
   */
  async #confirmed(image, {center: [centerX, centerY], width, height}, turn) {
    const {size} = this.#near;
    const {far: rules} = this.#settings;
    const view = {centerX, centerY, side: rules.zoom * Math.max(width, height), angle: turn * (Math.PI / 180)};
    const grey = sampleGrey(image, view, size, LUMA, CONFIRM_SAMPLES);
    for (let place = 0, to = 0; place < grey.length; place++) {
      for (let k = 0; k < 3; k++) this.#square[to++] = grey[place];
    }
    const found = await this.#near.look(this.#square, rules.confirmThreshold);
    /** @param {number} low @param {number} high */
    const isInMiddle = (low, high) => Math.abs((low + high) / 2 - size / 2) <= size / 4;
    const face = found.find(({values: [xMin, yMin, xMax, yMax]}) => isInMiddle(xMin, xMax) && isInMiddle(yMin, yMax));
    return face ? this.#seen(face, view, turn) : null;
  }

  /**
   * A face of a closer look's square in source pixels.
   * @param {import('./suppression.js').Candidate} face @param {Transform} view @param {number} turn
   */
  #seen({values: [xMin, yMin, xMax, yMax, ...marks], score}, {centerX, centerY, side, angle}, turn) {
    const {size} = this.#near;
    const scale = side / size;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    /** @param {number} u @param {number} v @returns {[number, number]} */
    const placed = (u, v) => {
      const [x, y] = [(u - size / 2) * scale, (v - size / 2) * scale];
      return [centerX + x * cosine - y * sine, centerY + x * sine + y * cosine];
    };
    const middle = placed((xMin + xMax) / 2, (yMin + yMax) / 2);
    const [width, height] = [(xMax - xMin) * scale, (yMax - yMin) * scale];
    const points = marks.flatMap((u, k) => (k & 1 ? [] : placed(u, marks[k + 1])));
    return detectionOf(turnedBox(middle, width, height, turn), score, keypointsOf(points, this.#settings.keypoints), turn,
      turnedBox(middle, width, height, 0));
  }

  /** Whether a box is a face's that is there. @param {number[]} box @param {Detection[]} faces */
  #isTaken(box, faces) {
    return faces.some((face) => intersectionOverUnion(box, face.box) > this.#settings.iouThreshold);
  }
}

/** @param {Detection} face @returns {Proposal} */
function proposalOf({box: [xMin, yMin, xMax, yMax], score}) {
  return {center: [(xMin + xMax) / 2, (yMin + yMax) / 2], width: xMax - xMin, height: yMax - yMin, score, turn: 0};
}
