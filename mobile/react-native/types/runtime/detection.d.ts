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
export function detectionOf(box: Box, score: number, keypoints: Record<string, Point>, turn?: number, uprightBox?: Box): Detection;
/** The angle of a face's eye line in degrees, -180 to 180. @param {Detection} face */
export function lineOf({ eyes: [[leftX, leftY], [rightX, rightY]] }: Detection): number;
/**
 * Upright faces of source pixels.
 * @param {import('./suppression.js').Candidate[]} faces in source pixels
 * @param {string[]} names of the key points
 * @returns {Detection[]}
 */
export function detectionsOf(faces: import("./suppression.js").Candidate[], names: string[]): Detection[];
/**
 * Points by their names.
 * @param {number[]} marks x, y, x, y, …
 * @param {string[]} names
 * @returns {Record<string, Point>}
 */
export function keypointsOf(marks: number[], names: string[]): Record<string, Point>;
/**
 * The smallest upright rectangle around a box that is turned.
 * @param {Point} center
 * @param {number} width of the box in pixels
 * @param {number} height
 * @param {number} turn in degrees
 * @returns {Box}
 */
export function turnedBox([x, y]: Point, width: number, height: number, turn: number): Box;
/**
 * x_min, y_min, x_max, y_max in source pixels
 */
export type Box = import("./tracker.js").Box;
export type Point = import("./geometry.js").Point;
/**
 * A face: box and named key points in source pixels, score 0..1.
 */
export type Detection = {
    box: Box;
    score: number;
    keypoints: Record<string, Point>;
    /**
     * degrees (0 to 359, clockwise on the screen) that the face was turned back by before the
     * network saw it
     */
    turn: number;
    /**
     * the box of the face turned upright about the box's centre, as `cropTransform` takes it
     */
    uprightBox: Box;
    /**
     * the one that stood on the left where the network saw the face, and the other, as
     * `cropTransform` takes them
     */
    eyes: [Point, Point];
};
