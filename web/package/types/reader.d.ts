/** @typedef {import('./checks.js').Reach} Reach */
/** @typedef {import('./face.js').Found} Found */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/**
 * What a face is read with.
 * @typedef {object} Parts
 * @property {import('./contract.js').Contract} contract
 * @property {Pick<import('./classifier.js').Classifier, 'raw' | 'answer' | 'scores'>} classifier
 * @property {Pick<import('./detector.js').Detector, 'detect' | 'live' | 'crop' | 'portrait'>} detector
 */
/** @typedef {{answers: Float32Array[], times: number[]}} Classified of each crop one number 0..1 a class, and milliseconds */
/** Detector, crop and classifier. */
export class FaceReader {
    /** @param {Parts} parts */
    constructor({ contract, classifier, detector }: Parts);
    /**
     * The faces of an image and where each is cut out, the detector's surest first.
     * @param {Pixels} pixels
     * @param {boolean} cropped the image is one face, cut out already
     * @param {Reach} reach the detector's
     * @returns {Promise<Found[]>}
     */
    find(pixels: Pixels, cropped: boolean, reach: Reach): Promise<Found[]>;
    /**
     * The same of a picture of one person (the detector's `portrait`).
     * @param {Pixels} pixels
     * @returns {Promise<Found[]>}
     */
    findPortrait(pixels: Pixels): Promise<Found[]>;
    /**
     * The same of a video's next frame.
     * @param {Pixels} pixels
     * @param {import('./live.js').Live} live the detector's state of the video
     * @param {number} time of the frame in seconds
     * @returns {Promise<Found[]>}
     */
    findLive(pixels: Pixels, live: import("./live.js").Live, time: number): Promise<Found[]>;
    /** The detector's state of one more video. @param {number} lookEvery seconds between two looks at whole frames, 0 or more */
    live(lookEvery: number): import("./live.js").Live;
    /**
     * What the classifier's network gives for each face.
     * @param {Pixels} pixels
     * @param {Found[]} found
     * @returns {Promise<(Uint8Array | Float32Array)[]>} the classifier's `raw`
     */
    read(pixels: Pixels, found: Found[]): Promise<(Uint8Array | Float32Array)[]>;
    /**
     * Cuts faces out of an image: grey levels, row by row, which are not normalised yet.
     * @param {Pixels} pixels
     * @param {import('./geometry.js').Transform[]} places
     */
    cut(pixels: Pixels, places: import("./geometry.js").Transform[]): Promise<Uint8Array<ArrayBuffer>[]>;
    /**
     * What a head says of each crop.
     * @param {Uint8Array[]} crops as `cut` gives them
     * @param {import('./contract.js').Head | 'both'} head
     * @returns {Promise<Classified>}
     * @throws {RangeError} for a head that the network does not have, or a crop of another size
     */
    classify(crops: Uint8Array[], head: import("./contract.js").Head | "both"): Promise<Classified>;
    #private;
}
export type Reach = import("./checks.js").Reach;
export type Found = import("./face.js").Found;
export type Pixels = import("./geometry.js").Pixels;
/**
 * What a face is read with.
 */
export type Parts = {
    contract: import("./contract.js").Contract;
    classifier: Pick<import("./classifier.js").Classifier, "raw" | "answer" | "scores">;
    detector: Pick<import("./detector.js").Detector, "detect" | "live" | "crop" | "portrait">;
};
/**
 * of each crop one number 0..1 a class, and milliseconds
 */
export type Classified = {
    answers: Float32Array[];
    times: number[];
};
