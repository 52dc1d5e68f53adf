/**
 * @file The parts of a face in its crop, and which of them an answer hangs on most.
 *
 * They are boxes around the detector's key points, measured in the distance of the eyes: no outline of this very face. A pixel
 * belongs to the first of eyes, mouth, nose and cheeks that it is in; all others (forehead, hair, chin, what is behind) are
 * the edge.
 */
import {SIDE} from './occlusion.js';

/** @typedef {'eyes' | 'nose' | 'mouth' | 'cheeks' | 'edge'} Region */
/** @typedef {[number, number]} Point */
/** @typedef {{eyes: [Point, Point], nose: Point, mouth: [Point, Point]}} Marks key points in pixels of the crop */

/**
 * Where a point of the picture is in a crop.
 * @param {Point} point
 * @param {import('../../runtime/geometry.js').Transform} crop
 * @returns {Point} in pixels of the crop
 */
export function placeIn([x, y], {centerX, centerY, side, angle}) {
  const [across, down] = [x - centerX, y - centerY];
  return [
    (across * Math.cos(angle) + down * Math.sin(angle)) * SIDE / side + SIDE / 2,
    (down * Math.cos(angle) - across * Math.sin(angle)) * SIDE / side + SIDE / 2,
  ];
}

// Where they stand in the training faces: for a detector that gives no mouth or nose.
/** @type {Marks} */
const USUAL = {eyes: [[15, 19], [33, 19]], nose: [24, 28], mouth: [[17, 37], [31, 37]]};

/**
 * The marks of a face in its crop.
 * @param {Pick<import('../../runtime/emotion.js').Face, 'keypoints' | 'crop'>} face
 * @returns {Marks}
 */
export function marksOf({keypoints, crop}) {
  const {right_eye: eye, left_eye: otherEye, nose_tip: nose, right_mouth_corner: corner, left_mouth_corner: otherCorner} =
    keypoints ?? {};
  /** @param {Point[]} points @returns {any} */
  const placed = (...points) => points.every(Boolean) && points.map((point) => placeIn(point, crop));
  return {
    eyes: placed(eye, otherEye) || USUAL.eyes,
    nose: (placed(nose) || [USUAL.nose])[0],
    mouth: placed(corner, otherCorner) || USUAL.mouth,
  };
}

/**
 * The region of a pixel.
 * @param {Point} pixel its centre
 * @param {Marks} marks
 * @returns {Region}
 */
export function regionOf([x, y], {eyes, nose, mouth}) {
  const unit = Math.max(Math.hypot(eyes[0][0] - eyes[1][0], eyes[0][1] - eyes[1][1]), 1);
  /** @param {Point} at @param {number} left @param {number} up @param {number} [down] */
  const isAround = (at, left, up, down = up) => (
    Math.abs(x - at[0]) <= left * unit && y >= at[1] - up * unit && y <= at[1] + down * unit);
  const lips = middleOf(mouth);
  const width = Math.abs(mouth[0][0] - mouth[1][0]) / unit;
  if (eyes.some((eye) => isAround(eye, 0.45, 0.55, 0.25))) return 'eyes'; // with the brows
  if (isAround(lips, Math.max(0.65 * width, 0.4), 0.3, 0.4)) return 'mouth';
  const brows = middleOf(eyes);
  if (Math.abs(x - (brows[0] + nose[0]) / 2) <= 0.3 * unit && y >= brows[1] && y <= nose[1] + 0.2 * unit) return 'nose';
  return Math.abs(x - brows[0]) <= 1.05 * unit && y > brows[1] && y <= lips[1] + 0.3 * unit ? 'cheeks' : 'edge';
}

/** @param {[Point, Point]} ends @returns {Point} */
const middleOf = ([[x, y], [otherX, otherY]]) => [(x + otherX) / 2, (y + otherY) / 2];

/**
 * What covering each region takes off and adds, on average over its pixels; what takes most off first.
 * @param {ArrayLike<number>} map a number a pixel, as of `mapOf`
 * @param {Marks} marks
 * @returns {{region: Region, drop: number, gain: number}[]} both 0 or more; regions that the crop shows
 */
export function ranked(map, marks) {
  /** @type {Map<Region, {drop: number, gain: number, count: number}>} */
  const sums = new Map();
  Array.from(map).forEach((change, place) => {
    const region = regionOf([place % SIDE + 0.5, Math.floor(place / SIDE) + 0.5], marks);
    const {drop, gain, count} = sums.get(region) ?? {drop: 0, gain: 0, count: 0};
    sums.set(region, {drop: drop + Math.max(change, 0), gain: gain + Math.max(-change, 0), count: count + 1});
  });
  return [...sums].map(([region, {drop, gain, count}]) => ({region, drop: drop / count, gain: gain / count}))
    .sort((one, other) => other.drop - one.drop);
}
