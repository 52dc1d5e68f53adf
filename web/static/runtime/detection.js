/**
 * @file A face that a detector found: what every kind of detector gives. Twin of face_emotion/detection.py.
 */

/** @typedef {import('./tracker.js').Box} Box x_min, y_min, x_max, y_max in source pixels */
/** @typedef {import('./geometry.js').Point} Point */

/**
 * A face: box and named key points in source pixels, score 0..1.
 * @typedef {object} Detection
 * @property {Box} box
 * @property {number} score
 * @property {Record<string, Point>} keypoints
 * @property {number} turn degrees (0 to 359, clockwise on the screen) that the face was turned back by before the
 *   network saw it
 * @property {Box} uprightBox the box of the face turned upright about the box's centre, as `cropTransform` takes it
 * @property {[Point, Point]} eyes the one that stood on the left where the network saw the face, and the other, as
 *   `cropTransform` takes them
 */

/**
 * A face as every detector gives it.
 * @param {Box} box
 * @param {number} score
 * @param {Record<string, Point>} keypoints right_eye and left_eye among them
 * @param {number} [turn]
 * @param {Box} [uprightBox] default: the box, of a face that was not turned
 * @returns {Detection}
 */
export function detectionOf(box, score, keypoints, turn = 0, uprightBox = box) {
  const {right_eye: one, left_eye: other} = keypoints;
  const [cosine, sine] = directionOf(turn);
  /** @param {Point} eye */
  const along = ([x, y]) => x * cosine + y * sine;
  return {box, score, keypoints, turn, uprightBox, eyes: along(other) < along(one) ? [other, one] : [one, other]};
}

/** The angle of a face's eye line in degrees, -180 to 180. @param {Detection} face */
export function lineOf({eyes: [[leftX, leftY], [rightX, rightY]]}) {
  return Math.atan2(rightY - leftY, rightX - leftX) * (180 / Math.PI);
}

/**
 * Upright faces of source pixels.
 * @param {import('./suppression.js').Candidate[]} faces in source pixels
 * @param {string[]} names of the key points
 * @returns {Detection[]}
 */
export function detectionsOf(faces, names) {
  return faces.map(({values, score}) => {
    const [xMin, yMin, xMax, yMax, ...marks] = values;
    return detectionOf([xMin, yMin, xMax, yMax], score, keypointsOf(marks, names));
  });
}

/**
 * Points by their names.
 * @param {number[]} marks x, y, x, y, …
 * @param {string[]} names
 * @returns {Record<string, Point>}
 */
export function keypointsOf(marks, names) {
  return Object.fromEntries(names.map((name, k) => [name, [marks[2 * k], marks[2 * k + 1]]]));
}

/**
 * The smallest upright rectangle around a box that is turned.
 * @param {Point} center
 * @param {number} width of the box in pixels
 * @param {number} height
 * @param {number} turn in degrees
 * @returns {Box}
 */
export function turnedBox([x, y], width, height, turn) {
  const [cosine, sine] = directionOf(turn).map(Math.abs);
  const across = (width * cosine + height * sine) / 2;
  const down = (width * sine + height * cosine) / 2;
  return [x - across, y - down, x + across, y + down];
}

/** @param {number} turn in degrees */
function directionOf(turn) {
  const angle = turn * (Math.PI / 180);
  return [Math.cos(angle), Math.sin(angle)];
}
