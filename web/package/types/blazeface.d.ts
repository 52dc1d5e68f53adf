/**
 * @typedef {object} BlazeFaceSettings
 * @property {number} inputSize side of the square input in pixels
 * @property {{stride: number, count: number}[]} anchors
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold 0..1
 * @property {number} scoreClip > 0
 * @property {number} iouThreshold 0..1
 */
/**
 * Reads the settings out of the detector's manifest.
 * @param {any} value its "detector"
 * @param {string} where what messages call the file
 * @returns {BlazeFaceSettings}
 * @throws {ModelDamagedError} if an entry is missing or unusable
 */
export function readBlazeFace(value: any, where: string): BlazeFaceSettings;
/**
 * The anchors' centres x, y as fractions of the square's side, one after the other.
 * @param {BlazeFaceSettings} settings
 * @returns {Float64Array}
 */
export function anchorsOf({ inputSize, anchors }: BlazeFaceSettings): Float64Array;
/**
 * The rows that count, in the order of the anchors, as fractions of the square's side.
 * @param {ArrayLike<number>} rawBoxes a row for each anchor: box centre and size, then points
 * @param {ArrayLike<number>} rawScores
 * @param {Float64Array} centers what `anchorsOf` returns
 * @param {BlazeFaceSettings} settings
 * @returns {import('./suppression.js').Candidate[]}
 */
export function decodeBlazeFace(rawBoxes: ArrayLike<number>, rawScores: ArrayLike<number>, centers: Float64Array, { inputSize, keypoints, scoreClip, scoreThreshold }: BlazeFaceSettings): import("./suppression.js").Candidate[];
export type BlazeFaceSettings = {
    /**
     * side of the square input in pixels
     */
    inputSize: number;
    anchors: {
        stride: number;
        count: number;
    }[];
    /**
     * names, right_eye and left_eye (the person's own) among them
     */
    keypoints: string[];
    /**
     * 0..1
     */
    scoreThreshold: number;
    /**
     * > 0
     */
    scoreClip: number;
    /**
     * 0..1
     */
    iouThreshold: number;
};
