/** @file Small pictures that are kept of a video: the surest frame of each expression, and one of each face. In memory only. */
import {contextOf} from '../elements.js';

const BEST_SIDE = 192; // pixels
const FACE_SIDE = 72;
const AROUND = 1.5; // sides of the picture that is cut out, in sides of the face
const BETTER = 1.1; // a face's picture is another one only if it shows clearly more of it
const MOST_FACES = 400;

/** @typedef {import('./samples.js').Face} Face */
/** @typedef {{label: number, share: number, seconds: number, face: number, canvas: HTMLCanvasElement}} Best */

/** The pictures of one video. */
export class Pictures {
  /** @type {Map<number, Best>} by the index of the label */
  best = new Map();
  /** @type {Map<number, {worth: number, canvas: HTMLCanvasElement}>} by the number of the face */
  faces = new Map();

  /** @param {string[]} labels */
  constructor(labels) {
    this.labels = labels;
  }

  /**
   * Keeps what is better than what there is.
   * @param {Face[]} faces
   * @param {CanvasImageSource} frame
   * @param {number} seconds
   */
  consider(faces, frame, seconds) {
    for (const face of faces) {
      const number = face.track ?? 0;
      const label = this.labels.indexOf(face.label);
      const share = (face.smoothed ?? face.probabilities)[label];
      if (face.certain && share > (this.best.get(label)?.share ?? 0)) {
        const canvas = cut(this.best.get(label)?.canvas, BEST_SIDE, frame, face.box);
        this.best.set(label, {label, share, seconds, face: number, canvas});
      }
      const known = this.faces.get(number);
      const worth = face.box.width * face.box.height;
      if (worth > (known?.worth ?? 0) * BETTER && (known || this.faces.size < MOST_FACES)) {
        this.faces.set(number, {worth, canvas: cut(known?.canvas, FACE_SIDE, frame, face.box)});
      }
    }
  }
}

/**
 * Cuts a face out, with something around it; what is outside the frame stays black.
 * @param {HTMLCanvasElement | undefined} canvas which it may be drawn over
 * @param {number} side
 * @param {CanvasImageSource} frame
 * @param {Face['box']} box
 */
function cut(canvas, side, frame, {x, y, width, height}) {
  const drawn = canvas ?? Object.assign(document.createElement('canvas'), {width: side, height: side});
  const context = contextOf(drawn);
  context.fillRect(0, 0, side, side);
  const whole = Math.max(width, height) * AROUND;
  const scale = side / whole;
  const [left, top] = [x + width / 2 - whole / 2, y + height / 2 - whole / 2];
  context.imageSmoothingQuality = 'high';
  context.setTransform(scale, 0, 0, scale, -left * scale, -top * scale);
  context.drawImage(frame, 0, 0);
  context.setTransform(1, 0, 0, 1, 0, 0);
  return drawn;
}
