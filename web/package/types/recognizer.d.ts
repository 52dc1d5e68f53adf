/** @typedef {import('./face.js').Face} Face */
/** @typedef {{detect: number, classify: number}} Timings milliseconds */
/** @typedef {{faces: Face[], timings: Timings}} Result */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./baseline.js').Known} Known */
/** @typedef {{time?: number | null, cropped?: boolean, baselines?: Map<number | null, Known>,
 *   reach?: import('./checks.js').Reach | null}} Options */
/**
 * What a recognizer is made of, beside what reads a face.
 * @typedef {import('./reader.js').Parts & {manifest: any, head: import('./contract.js').Head | 'both',
 *   owned: {dispose: () => void}[]}} Parts
 *   manifest: the classifier's, as it was read; head: whose answer it is; owned: what is to be disposed of
 */
/** Finds faces and reads their expressions. One object a video. */
export class Recognizer {
    /**
     * @param {Parts} parts
     * @param {number} [lookEvery] seconds between two looks at whole frames of a video, 0 or more
     * @throws {RangeError} for any other
     */
    constructor({ contract, manifest, head, classifier, detector, owned }: Parts, lookEvery?: number);
    contract: import("./contract.js").Contract;
    manifest: any;
    owner: import("./baseline.js").Owner;
    /**
     * The faces of a frame, the detector's surest first. Calls are answered one after the other.
     * @param {Pixels} pixels
     * @param {Options} [options]
     *   time: of a video's frame in seconds, null for a still image, which neither uses nor changes the state of tracks;
     *   cropped: the image is one face, cut tightly; baselines: by track, or null for every face; reach: null: the
     *   contract's for still images; frames are followed, looked at near, and far now and then (live.js)
     * @returns {Promise<Result>}
     * @throws {UnsupportedImageError} for an image with a side below 8 pixels
     * @throws {RangeError} for a time that is no finite number, or another reach
     * @throws {BaselineError} for one that was learnt with another model, head or other labels
     * @throws {ModelMissingError | ModelDamagedError} if the detector's network for far does not load; the next call tries again
     */
    recognize(pixels: Pixels, options?: Options): Promise<Result>;
    /**
     * Learns what the network says of a face at rest. Tracks are neither used nor changed. Looks far only where near finds
     * nobody: a bystander far away is no second face of the picture.
     * @param {Iterable<Pixels> | AsyncIterable<Pixels>} pictures each shows that one face
     * @param {number | null} count of the pictures, which errors name; null: there is only one
     * @param {boolean} [cropped] as of `recognize`
     * @returns {Promise<import('./baseline.js').Baseline>}
     * @throws {BaselineError} if there are none, one shows no face or several, or the model knows no neutral
     */
    learnNeutral(pictures: Iterable<Pixels> | AsyncIterable<Pixels>, count: number | null, cropped?: boolean): Promise<import("./baseline.js").Baseline>;
    /**
     * Cuts a face out as the network is given it, before its contrast is stretched.
     * @param {Pixels} pixels
     * @param {Pick<Face, 'crop'>} face of that image
     * @returns {Promise<Uint8Array<ArrayBuffer>>} contract.inputSize ** 2 grey levels, row by row
     */
    crop(pixels: Pixels, { crop }: Pick<Face, "crop">): Promise<Uint8Array<ArrayBuffer>>;
    /**
     * Reads crops, each by itself: neither tracks nor a person's neutral come in.
     * @param {Uint8Array[]} crops as `crop` gives them
     * @param {{head?: import('./contract.js').Head | 'both'}} [options] whose answer; default: that of `recognize`
     * @returns {Promise<import('./reader.js').Classified>}
     * @throws {RangeError} for a head that the model does not have, or a crop of another size
     */
    classify(crops: Uint8Array[], { head }?: {
        head?: import("./contract.js").Head | "both";
    }): Promise<import("./reader.js").Classified>;
    /** Forgets every track: the next frame belongs to another video. */
    reset(): void;
    /** Frees what the networks hold; the recognizer cannot be used afterwards. */
    dispose(): void;
    #private;
}
export type Face = import("./face.js").Face;
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
export type Pixels = import("./geometry.js").Pixels;
export type Known = import("./baseline.js").Known;
export type Options = {
    time?: number | null;
    cropped?: boolean;
    baselines?: Map<number | null, Known>;
    reach?: import("./checks.js").Reach | null;
};
/**
 * manifest: the classifier's, as it was read; head: whose answer it is; owned: what is to be disposed of
 */
export type Parts = import("./reader.js").Parts & {
    manifest: any;
    head: import("./contract.js").Head | "both";
    owned: {
        dispose: () => void;
    }[];
};
