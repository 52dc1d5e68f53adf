/**
 * How pictures are searched for small and turned faces; far.js does it, far.py says what each is for.
 * @typedef {object} FarSettings
 * @property {number} proposalThreshold score, 0..1
 * @property {number} confirmThreshold score, 0..1
 * @property {number} sureScore score, 0..1
 * @property {number} zoom > 1
 * @property {number} fineSide longer side up to which small pictures are enlarged (at most twice), in pixels
 * @property {number} overlap of two parts, in pixels of the parts, less than their side
 * @property {number} mostParts how many parts are looked at
 * @property {number} mostProposals
 * @property {number} mostTurned of these, how many at every angle
 */
/**
 * @typedef {object} YuNetSettings
 * @property {number} nearSize side of the near network's square in pixels, a multiple of each stride
 * @property {number} farSize of the far network's
 * @property {number[]} strides of the grids, in the order of the output's rows
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold of a face that one look alone finds, 0..1
 * @property {number} iouThreshold of the suppression, 0..1
 * @property {FarSettings} far
 */
/**
 * Reads the settings out of the detector's manifest.
 * @param {any} value its "detector"
 * @param {string} where what messages call the file
 * @returns {YuNetSettings}
 * @throws {ModelDamagedError} if an entry is missing or unusable
 */
export function readYuNet(value: any, where: string): YuNetSettings;
/**
 * Column, row and stride of each row of the output for a square, one after the other.
 * @param {number[]} strides
 * @param {number} size of the square in pixels
 * @returns {Float64Array} 3 numbers a row
 */
export function cellsOf(strides: number[], size: number): Float64Array;
/**
 * The rows that count, in their order, in pixels of the square.
 * @param {ArrayLike<number>} raw a row for each cell: class, objectness, box, key points
 * @param {Float64Array} cells what `cellsOf` returns
 * @param {number} threshold 0..1
 * @returns {import('./suppression.js').Candidate[]}
 */
export function decodeYuNet(raw: ArrayLike<number>, cells: Float64Array, threshold: number): import("./suppression.js").Candidate[];
export const KIND: "yunet";
/**
 * How pictures are searched for small and turned faces; far.js does it, far.py says what each is for.
 */
export type FarSettings = {
    /**
     * score, 0..1
     */
    proposalThreshold: number;
    /**
     * score, 0..1
     */
    confirmThreshold: number;
    /**
     * score, 0..1
     */
    sureScore: number;
    /**
     * > 1
     */
    zoom: number;
    /**
     * longer side up to which small pictures are enlarged (at most twice), in pixels
     */
    fineSide: number;
    /**
     * of two parts, in pixels of the parts, less than their side
     */
    overlap: number;
    /**
     * how many parts are looked at
     */
    mostParts: number;
    mostProposals: number;
    /**
     * of these, how many at every angle
     */
    mostTurned: number;
};
export type YuNetSettings = {
    /**
     * side of the near network's square in pixels, a multiple of each stride
     */
    nearSize: number;
    /**
     * of the far network's
     */
    farSize: number;
    /**
     * of the grids, in the order of the output's rows
     */
    strides: number[];
    /**
     * names, right_eye and left_eye (the person's own) among them
     */
    keypoints: string[];
    /**
     * of a face that one look alone finds, 0..1
     */
    scoreThreshold: number;
    /**
     * of the suppression, 0..1
     */
    iouThreshold: number;
    far: FarSettings;
};
