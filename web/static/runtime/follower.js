/**
 * @file Where a face that was found has moved since, from the motion of its pixels: no network is asked. Twin of
 * face_emotion/follower.py, whose docstring defines every step; its `Template` is template.js and motion.js.
 */
import {detectionOf, turnedBox} from './detection.js';
import {sampleGrey} from './geometry.js';
import {motionOf, WINDOW} from './motion.js';
import {SIZE, templateOf} from './template.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./geometry.js').Transform} Transform */

/** @type {[number, number, number]} */
const LUMA = [0.299, 0.587, 0.114];
const SAMPLES = 2; // a side of a pixel, at most

/** A face as it was found, and where it has moved. */
export class Anchor {
  #found;
  #first;
  #place;
  #template;

  /**
   * `Anchor.of` makes one.
   * @param {Detection} found
   * @param {Transform} place of that face
   * @param {import('./template.js').Template} template
   * @private
   */
  constructor(found, place, template) {
    this.#found = found;
    this.#first = this.#place = place;
    this.#template = template;
  }

  /**
   * A face of an image to be followed; null where it is too flat.
   * @param {Pixels} image
   * @param {Detection} face
   * @returns {Anchor | null}
   */
  static of(image, face) {
    const place = placeOf(face);
    const template = templateOf(sampleGrey(image, place, SIZE, LUMA, SAMPLES));
    return template && new Anchor(face, place, template);
  }

  /** The square that `follow` looks at. @returns {Transform} */
  get view() {
    return {...this.#place, side: this.#place.side * WINDOW / SIZE};
  }

  /**
   * The face in the next image, or null where it is not seen any more.
   * @param {Pixels} image of the same size
   * @returns {Detection | null}
   */
  follow(image) {
    const {centerX, centerY, side, angle} = this.#place;
    const window = sampleGrey(image, this.view, WINDOW, LUMA, SAMPLES);
    const motion = motionOf(this.#template, window);
    if (!motion) return null;
    const {alpha: [re, im], tau: [x, y]} = motion;
    const [cosine, sine] = [Math.cos(angle) * side / SIZE, Math.sin(angle) * side / SIZE];
    this.#place = {
      centerX: centerX + x * cosine - y * sine, centerY: centerY + x * sine + y * cosine,
      side: side * Math.hypot(re, im), angle: angle + Math.atan2(im, re),
    };
    return moved(this.#found, this.#first, this.#place);
  }
}

/**
 * The square of a face that is followed.
 * @param {Pick<Detection, 'uprightBox' | 'eyes'>} face
 * @returns {Transform}
 */
export function placeOf({uprightBox: [left, top, right, bottom], eyes: [[firstX, firstY], [secondX, secondY]]}) {
  return {
    centerX: (left + right) / 2, centerY: (top + bottom) / 2, side: (right - left + bottom - top) / 2,
    angle: Math.atan2(secondY - firstY, secondX - firstX),
  };
}

/**
 * A face whose place was `before`, with its place `now`.
 * @param {Detection} face @param {Transform} before @param {Transform} now
 */
function moved({uprightBox: [left, top, right, bottom], score, keypoints, turn}, before, now) {
  const [zoom, turned] = [now.side / before.side, now.angle - before.angle];
  const [cosine, sine] = [zoom * Math.cos(turned), zoom * Math.sin(turned)];
  /** @type {(point: import('./geometry.js').Point) => import('./geometry.js').Point} */
  const of = ([x, y]) => {
    const [across, down] = [x - before.centerX, y - before.centerY];
    return [now.centerX + across * cosine - down * sine, now.centerY + across * sine + down * cosine];
  };
  const [width, height] = [(right - left) * zoom, (bottom - top) * zoom];
  /** @param {number} degrees */
  const box = (degrees) => turnedBox([now.centerX, now.centerY], width, height, degrees);
  const points = Object.fromEntries(Object.entries(keypoints).map(([name, point]) => [name, of(point)]));
  return detectionOf(box(turn), score, points, turn, box(0));
}
