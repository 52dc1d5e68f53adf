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
/** BlazeFace short range. */
export class BlazeFace {
    /**
     * @param {import('./detector.js').Network} network the loaded network: both outputs
     * @param {BlazeFaceSettings} settings
     */
    constructor(network: import("./detector.js").Network, settings: BlazeFaceSettings);
    settings: BlazeFaceSettings;
    network: Pick<import("./classifier.js").Network, "dispose" | "run">;
    anchors: Float64Array<ArrayBufferLike>;
    square: Float32Array<ArrayBuffer>;
    /**
     * The faces of an image, highest score first; far as near.
     * @param {import('./geometry.js').Pixels} image
     * @returns {Promise<import('./detection.js').Detection[]>}
     */
    detect(image: import("./geometry.js").Pixels): Promise<import("./detection.js").Detection[]>;
    /** The state of one more video: each frame for itself. @returns {import('./live.js').Live} */
    live(): import("./live.js").Live;
    /** The faces of a picture of one person: what its one pass finds. @param {import('./geometry.js').Pixels} image */
    portrait(image: import("./geometry.js").Pixels): Promise<import("./detection.js").Detection[]>;
    /** A contract's crop with what belongs to this detector's boxes. @param {import('./contract.js').Crop} crop @returns {import('./contract.js').Crop} */
    crop(crop: import("./contract.js").Crop): import("./contract.js").Crop;
    /** Frees what the network holds. */
    dispose(): void;
}
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
