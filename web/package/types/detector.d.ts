/**
 * Reads the settings out of the detector's manifest.
 * @param {any} manifest
 * @param {string} [where] what messages call the file
 * @returns {DetectorSettings}
 * @throws {ModelDamagedError} if an entry is missing or unusable
 */
export function readSettings(manifest: any, where?: string): DetectorSettings;
/**
 * @typedef {object} DetectorSettings
 * @property {number} inputSize side of the square input in pixels
 * @property {{stride: number, count: number}[]} anchors
 * @property {string[]} keypoints names, right_eye and left_eye (the person's own) among them
 * @property {number} scoreThreshold 0..1
 * @property {number} scoreClip > 0
 * @property {number} iouThreshold 0..1
 */
/** BlazeFace behind one interface. */
export class Detector {
    /**
     * @param {Pick<import('./engines/tfjs.js').Network, 'run'>} network the loaded network: both outputs
     * @param {DetectorSettings} settings
     */
    constructor(network: Pick<import("./engines/tfjs.js").Network, "run">, settings: DetectorSettings);
    settings: DetectorSettings;
    network: Pick<import("./engines/tfjs.js").Network, "run">;
    anchors: Float64Array<ArrayBufferLike>;
    square: Float32Array<ArrayBuffer>;
    /**
     * The faces of an image, highest score first.
     * @param {import('./geometry.js').Pixels} image
     * @returns {Promise<import('./decoding.js').Detection[]>}
     */
    detect(image: import("./geometry.js").Pixels): Promise<import("./decoding.js").Detection[]>;
}
export type DetectorSettings = {
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
