/**
 * One face of a frame. Boxes and points are in pixels of the source.
 * @typedef {object} Face
 * @property {{x: number, y: number, width: number, height: number}} box may reach outside the frame
 * @property {number} score the detector's, 0..1
 * @property {number | null} track a number that stays with this face; null for a still image
 * @property {Float32Array} probabilities of this frame, in the order of the labels
 * @property {Float32Array | null} smoothed the same over time; null for a still image
 * @property {string} label the expression to show
 * @property {[[number, number], [number, number]] | null} eyes left and right in the image; null if cropped
 */
/** @typedef {{detect: number, classify: number}} Timings milliseconds */
/** @typedef {{faces: Face[], timings: Timings}} Result */
/** @typedef {{box: import('./tracker.js').Box, score: number, eyes: Face['eyes']}} Found a face before its crop */
/** Finds faces and reads their expressions. One object a video. */
export class Recognizer {
    /**
     * Loads engine, classifier and detector, checks every model file and runs each network once.
     * @param {import('./loading.js').LoadOptions} options
     * @returns {Promise<Recognizer>}
     * @throws any of errors.js but UnsupportedImageError
     */
    static load(options: import("./loading.js").LoadOptions): Promise<Recognizer>;
    /** @param {Omit<import('./loading.js').Parts, 'ready'>} parts */
    constructor({ contract, manifest, classifier, detector, networks }: Omit<import("./loading.js").Parts, "ready">);
    contract: import("./contract.js").Contract;
    manifest: any;
    /**
     * The faces of a frame, the detector's surest first. Calls are answered one after the other.
     * @param {import('./geometry.js').Pixels} pixels
     * @param {{time?: number | null, cropped?: boolean}} [options] time: of a video's frame in seconds, null for a
     *   still image, which neither uses nor changes the state of tracks; cropped: the image is one face, cut tightly
     * @returns {Promise<Result>}
     * @throws {UnsupportedImageError} for an image with a side below 8 pixels
     */
    recognize(pixels: import("./geometry.js").Pixels, { time, cropped }?: {
        time?: number | null;
        cropped?: boolean;
    }): Promise<Result>;
    /** Forgets every track: the next frame belongs to another video. */
    reset(): void;
    /** Frees what the networks hold; the recognizer cannot be used afterwards. */
    dispose(): void;
    #private;
}
/**
 * One face of a frame. Boxes and points are in pixels of the source.
 */
export type Face = {
    /**
     * may reach outside the frame
     */
    box: {
        x: number;
        y: number;
        width: number;
        height: number;
    };
    /**
     * the detector's, 0..1
     */
    score: number;
    /**
     * a number that stays with this face; null for a still image
     */
    track: number | null;
    /**
     * of this frame, in the order of the labels
     */
    probabilities: Float32Array;
    /**
     * the same over time; null for a still image
     */
    smoothed: Float32Array | null;
    /**
     * the expression to show
     */
    label: string;
    /**
     * left and right in the image; null if cropped
     */
    eyes: [[number, number], [number, number]] | null;
};
/**
 * milliseconds
 */
export type Timings = {
    detect: number;
    classify: number;
};
export type Result = {
    faces: Face[];
    timings: Timings;
};
/**
 * a face before its crop
 */
export type Found = {
    box: import("./tracker.js").Box;
    score: number;
    eyes: Face["eyes"];
};
