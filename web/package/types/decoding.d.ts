/**
 * A face: box (x_min, y_min, x_max, y_max) and named points in source pixels, score 0..1; the eyes are the
 * one on the image's left and the one on its right.
 * @typedef {object} Detection
 * @property {[number, number, number, number]} box
 * @property {number} score
 * @property {Record<string, [number, number]>} keypoints
 * @property {[[number, number], [number, number]]} eyes
 */
/** @typedef {{values: number[], score: number}} Candidate box corners, then points, fractions of the square */
/**
 * The anchors' centres x, y as fractions of the square's side, one after the other.
 * @param {import('./detector.js').DetectorSettings} settings
 * @returns {Float64Array}
 */
export function anchorsOf({ inputSize, anchors }: import("./detector.js").DetectorSettings): Float64Array;
/**
 * The rows that count, in the order of the anchors.
 * @param {ArrayLike<number>} rawBoxes a row for each anchor: box centre and size, then points
 * @param {ArrayLike<number>} rawScores
 * @param {Float64Array} centers what `anchorsOf` returns
 * @param {import('./detector.js').DetectorSettings} settings
 * @returns {Candidate[]}
 */
export function decode(rawBoxes: ArrayLike<number>, rawScores: ArrayLike<number>, centers: Float64Array, { inputSize, keypoints, scoreClip, scoreThreshold }: import("./detector.js").DetectorSettings): Candidate[];
/**
 * One weighted mean for each group of overlapping rows, highest score first.
 * @param {Candidate[]} candidates
 * @param {number} iouThreshold
 * @returns {Candidate[]}
 */
export function weightedSuppression(candidates: Candidate[], iouThreshold: number): Candidate[];
/**
 * Faces of the square in pixels of the image, width x height, that was letterboxed into it.
 * @param {Candidate[]} faces
 * @param {number} width
 * @param {number} height
 * @param {import('./detector.js').DetectorSettings} settings
 * @returns {Detection[]}
 */
export function toDetections(faces: Candidate[], width: number, height: number, { inputSize, keypoints: names }: import("./detector.js").DetectorSettings): Detection[];
/**
 * A face: box (x_min, y_min, x_max, y_max) and named points in source pixels, score 0..1; the eyes are the
 * one on the image's left and the one on its right.
 */
export type Detection = {
    box: [number, number, number, number];
    score: number;
    keypoints: Record<string, [number, number]>;
    eyes: [[number, number], [number, number]];
};
/**
 * box corners, then points, fractions of the square
 */
export type Candidate = {
    values: number[];
    score: number;
};
