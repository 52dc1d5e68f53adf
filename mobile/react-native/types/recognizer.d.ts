/** @typedef {import('./runtime/face.js').Face} Face */
/** @typedef {import('./runtime/baseline.js').Baseline} Baseline */
/** @typedef {import('./runtime/geometry.js').Pixels} Pixels */
/** @typedef {import('./runtime/contract.js').Head | 'both'} Whose answer */
/** @typedef {(source: any) => import('./pixels.js').Frame | Promise<import('./pixels.js').Frame>} Decode */
/** @typedef {Face[] & {readonly timings: import('./runtime/recognizer.js').Timings}} Faces timings is not enumerable */
/** Finds faces and reads their expressions. One object a video. */
export class EmotionRecognizer {
    /**
     * Use `createRecognizer`.
     * @param {import('./runtime/recognizer.js').Recognizer} own
     * @param {Decode | undefined} decode
     * @param {boolean | null} exact
     */
    constructor(own: import("./runtime/recognizer.js").Recognizer, decode: Decode | undefined, exact: boolean | null);
    /** @type {string[]} class names in the order of the probabilities */
    labels: string[];
    /** @type {any} the model's manifest.json */
    manifest: any;
    /** @type {boolean | null} whether the network's answers are Python's to the bit on this phone; null: the model has no check */
    isExact: boolean | null;
    /** Whether it looks at something: a frame that comes now would wait, and may be left out. */
    get isBusy(): boolean;
    /**
     * The faces that a frame or picture shows, the detector's surest first.
     * @param {any} source a Frame (pixels.js), or what `decode` takes
     * @param {import('./runtime/checks.js').Wish} [options] as on the page
     * @returns {Promise<Faces>}
     * @throws {UnsupportedImageError} for what cannot be read, or has a side below 8 pixels
     * @throws {RangeError} for a time that is no finite number, or another reach
     * @throws {import('./runtime/errors.js').BaselineError} for a baseline that was learnt with another model, head or other labels
     * @throws ModelMissingError or ModelDamagedError if the detector's network for far cannot be loaded; the next call tries again
     */
    recognize(source: any, { time, cropped, baseline, reach }?: import("./runtime/checks.js").Wish): Promise<Faces>;
    /**
     * Learns how a person's face at rest reads: later answers for it are better.
     * @param {any} source a picture, or a list of frames of about two seconds; each shows exactly one face
     * @param {{cropped?: boolean}} [options] as of `recognize`
     * @returns {Promise<Baseline>} for `recognize`; JSON.stringify keeps it, `Baseline.from` reads it
     * @throws {import('./runtime/errors.js').BaselineError} if there are no frames, one shows no face or several, or the model cannot have a baseline
     * @throws {UnsupportedImageError} as `recognize`
     */
    learnNeutral(source: any, { cropped }?: {
        cropped?: boolean;
    }): Promise<Baseline>;
    /**
     * Cuts a face out as the network is given it: before its contrast is stretched.
     * @param {any} source as of `recognize`
     * @param {Pick<Face, 'crop'>} face that `recognize` found in that very picture
     * @returns {Promise<Uint8Array>} 48 rows of 48 grey levels
     */
    crop(source: any, face: Pick<Face, "crop">): Promise<Uint8Array>;
    /**
     * What the network says of crops, as `crop` gives them, each by itself.
     * @param {Uint8Array[]} crops
     * @param {{head?: Whose}} [options] default: that of `recognize`
     * @returns {Promise<Float32Array[]>} of each a number 0..1 for each label
     * @throws {RangeError} for a head that the model does not have, or a crop of another size
     */
    classify(crops: Uint8Array[], options?: {
        head?: Whose;
    }): Promise<Float32Array[]>;
    /** @param {Baseline} baseline @throws if it was learnt with another model, head or other labels */
    checkBaseline(baseline: Baseline): void;
    /** Forgets every track: the next frame belongs to another video. */
    reset(): void;
    /** Whether it was disposed of: whatever is asked from then on is refused. */
    get isOver(): boolean;
    /** Frees what the networks hold, after the calls that still run; those that come later are refused with an AbortError. */
    dispose(): void;
    #private;
}
export type Face = import("./runtime/face.js").Face;
export type Baseline = import("./runtime/baseline.js").Baseline;
export type Pixels = import("./runtime/geometry.js").Pixels;
/**
 * answer
 */
export type Whose = import("./runtime/contract.js").Head | "both";
export type Decode = (source: any) => import("./pixels.js").Frame | Promise<import("./pixels.js").Frame>;
/**
 * timings is not enumerable
 */
export type Faces = Face[] & {
    readonly timings: import("./runtime/recognizer.js").Timings;
};
