/**
 * @file What looks at a picture propose: the whole of it, as it is and turned back, and its parts. Twin of the looks in
 * face_emotion/far.py, whose docstring defines every step.
 */
import {detectionOf, keypointsOf, turnedBox} from './detection.js';
import {letterbox} from './letterbox.js';
import {partsOf} from './parts.js';
import {placed, shown, viewOf, wholeView} from './views.js';

/** @typedef {import('./pass.js').YuNetPass} YuNetPass */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./suppression.js').Candidate} Candidate */

/**
 * Where a look saw a face.
 * @typedef {object} Proposal
 * @property {import('./geometry.js').Point} center in source pixels
 * @property {number} width of the box as the look saw it, in source pixels
 * @property {number} height
 * @property {number} score 0..1
 * @property {number} turn in degrees
 */

/** Degrees by which a glance's looks at a whole frame are turned back; the last is of the network for far. */
export const GLANCES = [0, 90, 180, 270, 0];

/** At most `most` proposals, highest score first, equal ones in their order. @param {Proposal[]} proposals @param {number} most */
export function surest(proposals, most) {
  return [...proposals].sort((one, other) => other.score - one.score).slice(0, most);
}

/** Where a face is, as a proposal. @param {import('./detection.js').Detection} face @returns {Proposal} */
export function proposalOf({uprightBox: [xMin, yMin, xMax, yMax], score, turn}) {
  return {center: [(xMin + xMax) / 2, (yMin + yMax) / 2], width: xMax - xMin, height: yMax - yMin, score, turn};
}

/** A proposal's box in source pixels. @param {Proposal} proposal */
export function boxOf({center, width, height, turn}) {
  return turnedBox(center, width, height, turn);
}

/**
 * A face of a closer look's square in source pixels.
 * @param {Candidate} face in pixels of the square
 * @param {import('./geometry.js').Transform} view the square
 * @param {number} size of the square in its own pixels
 * @param {number} turn by which it is turned back, in degrees
 * @param {string[]} names of the key points
 */
export function faceOfLook({values: [xMin, yMin, xMax, yMax, ...marks], score}, view, size, turn, names) {
  const scale = view.side / size;
  const middle = placed((xMin + xMax) / 2, (yMin + yMax) / 2, view, size);
  const [width, height] = [(xMax - xMin) * scale, (yMax - yMin) * scale];
  const points = marks.flatMap((u, k) => (k & 1 ? [] : placed(u, marks[k + 1], view, size)));
  return detectionOf(turnedBox(middle, width, height, turn), score, keypointsOf(points, names), turn,
    turnedBox(middle, width, height, 0));
}

/**
 * What looks of a network at a whole picture propose.
 * @param {Pixels} image
 * @param {YuNetPass} pass
 * @param {number[]} turns degrees by which it sees it turned back
 * @param {number} threshold least score, 0..1
 * @returns {Promise<Proposal[]>}
 */
export async function wholeLooks(image, pass, turns, threshold) {
  const {width, height} = image;
  const proposals = [];
  const square = pass.sample(image, letterbox(width, height, pass.size));
  for (const turn of turns) {
    const found = await pass.look(turnedBack(square, pass.size, turn / 90), threshold);
    proposals.push(...proposalsOf(found, wholeView(width, height, Math.max(width, height), turn), pass.size, turn));
  }
  return proposals;
}

/**
 * What looks at a picture's parts propose.
 * @param {Pixels} image
 * @param {YuNetPass} far
 * @param {import('./yunet.js').YuNetSettings} settings
 * @returns {Promise<Proposal[]>}
 */
export async function partLooks(image, far, settings) {
  const proposals = [];
  for (const place of partsOf(image.width, image.height, settings)) {
    const found = await far.look(far.sample(image, place), settings.far.proposalThreshold);
    proposals.push(...proposalsOf(found, viewOf(place, far.size), far.size, 0));
  }
  return proposals;
}

/**
 * What looks at a whole picture turned back by 45 and by 135 degrees propose.
 * @param {Pixels} image
 * @param {YuNetPass[]} passes
 * @param {number} threshold least score, 0..1
 * @returns {Promise<Proposal[]>}
 */
export async function slantingLooks(image, passes, threshold) {
  const {width, height} = image;
  const proposals = [];
  for (const pass of passes) {
    for (const turn of [45, 135]) {
      const view = wholeView(width, height, (width + height) / Math.SQRT2, turn);
      const found = await pass.look(shown(image, view, pass.size), threshold);
      proposals.push(...proposalsOf(found, view, pass.size, turn));
    }
  }
  return proposals;
}

/**
 * A square turned back by quarters, in each of which its pixel (column u, row v) is that of (size - 1 - v, u).
 * @param {Float32Array} square @param {number} size @param {number} quarters
 */
function turnedBack(square, size, quarters) {
  let from = square;
  for (let quarter = 0; quarter < quarters; quarter++) {
    const turned = new Float32Array(from.length);
    for (let v = 0, to = 0; v < size; v++) {
      for (let u = 0, place = 3 * (size - 1 - v); u < size; u++, place += 3 * size, to += 3) {
        turned[to] = from[place];
        turned[to + 1] = from[place + 1];
        turned[to + 2] = from[place + 2];
      }
    }
    from = turned;
  }
  return from;
}

/**
 * A look's faces as proposals.
 * @param {Candidate[]} found in pixels of the square
 * @param {import('./geometry.js').Transform} view the square in source pixels
 * @param {number} size of the square in its own pixels
 * @param {number} turn in degrees
 * @returns {Proposal[]}
 */
function proposalsOf(found, view, size, turn) {
  const scale = view.side / size;
  return found.map(({values: [xMin, yMin, xMax, yMax], score}) => ({
    center: placed((xMin + xMax) / 2, (yMin + yMax) / 2, view, size),
    width: (xMax - xMin) * scale, height: (yMax - yMin) * scale, score, turn,
  }));
}
