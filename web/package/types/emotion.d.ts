export { Baseline } from "./baseline.js";
export * from "./errors.js";
/** @typedef {import('./face.js').Face} Face */
/** @typedef {import('./loading.js').Progress} Progress */
/** @typedef {Face[] & {readonly timings: import('./recognizer.js').Timings}} Faces timings is not enumerable */
/** @typedef {Float32Array[] & {readonly times: number[]}} Answers times: milliseconds that each took; not enumerable */
/** Finds faces and reads their expressions, in a worker of its own. One object a video. */
export class EmotionRecognizer {
    /**
     * Loads a released model and the face detector, and runs both once.
     * @param {string | URL | import('./addresses.js').PlacedModel} model address of its manifest.json, relative to the page, or
     *   what the package's models/NAME.js exports for bundlers
     * @param {import('./addresses.js').Wanted} [options] engine, whose answer, where files are, progress
     * @returns {Promise<EmotionRecognizer>}
     * @throws {import('./errors.js').ModelMissingError | import('./errors.js').ModelDamagedError} a file does not load, or is not
     *   the one that its manifest names
     * @throws {import('./errors.js').SimdMissingError | import('./errors.js').InsecureContextError}
     * @throws {RangeError} for an engine or a head that does not exist, an unusable lookEvery, or assets of another origin
     * @throws {any} the signal's reason, once it is aborted
     */
    static load(model: string | URL | import("./addresses.js").PlacedModel, { engine, head, detector, lookEvery, assets, signal, onProgress }?: import("./addresses.js").Wanted): Promise<EmotionRecognizer>;
    /**
     * Use `EmotionRecognizer.load`.
     * @param {Bridge} bridge @param {import('./baseline.js').Owner} owner @param {any} manifest
     * @param {import('./checks.js').Reach} reach of still images
     * @private
     */
    private constructor();
    /** @type {string[]} class names in the order of the probabilities */
    labels: string[];
    /** @type {any} the model's manifest.json */
    manifest: any;
    /**
     * The faces that a source shows now, the detector's surest first.
     * @param {import('./frames.js').Source} source
     * @param {import('./checks.js').Wish} [options] a frame's time, whether it is a face already, a baseline, how far to look
     * @returns {Promise<Faces>}
     * @throws {UnsupportedImageError} for what cannot be read, has a side below 8 pixels, or too many (picture_limits.js)
     * @throws {RangeError} for a time that is no finite number, or another reach
     * @throws {BaselineError} for a baseline that was learnt with another model, head or other labels
     * @throws {ModelMissingError | ModelDamagedError} if the detector's network for far, which is loaded when it is first needed,
     *   cannot be; the next call tries again
     */
    recognize(source: import("./frames.js").Source, { time, cropped, baseline, reach: wanted }?: import("./checks.js").Wish): Promise<Faces>;
    /**
     * Learns how a person's face at rest reads, which many networks take for sad or angry: later answers for it are better.
     * @param {import('./frames.js').Source | import('./frames.js').Source[]} source a picture, or frames of about two
     *   seconds, of which the middle counts; each shows exactly one face, or none near and exactly one far
     * @param {Pick<import('./checks.js').Wish, 'cropped'>} [options] as of `recognize`
     * @returns {Promise<Baseline>} for `recognize`; JSON.stringify keeps it, `Baseline.from` reads it
     * @throws {BaselineError} if there are no frames, one shows no face or several, or the model cannot have a baseline
     * @throws {UnsupportedImageError} as `recognize`
     */
    learnNeutral(source: import("./frames.js").Source | import("./frames.js").Source[], { cropped }?: Pick<import("./checks.js").Wish, "cropped">): Promise<Baseline>;
    /**
     * Cuts a face out as the network is given it: before its contrast is stretched.
     * @param {import('./frames.js').Source} source
     * @param {Pick<Face, 'crop'>} face that `recognize` found in that very picture
     * @returns {Promise<Uint8Array<ArrayBuffer>>} 48 rows of 48 grey levels, those that `recognize` has read (of a picture with
     *   more than 2048 pixels a side: looking far)
     * @throws {UnsupportedImageError} as `recognize`
     */
    crop(source: import("./frames.js").Source, { crop: { centerX, centerY, side, angle } }: Pick<Face, "crop">): Promise<Uint8Array<ArrayBuffer>>;
    /**
     * What the network says of crops, as `crop` gives them, each by itself: neither tracks nor a person's neutral come in.
     * @param {Uint8Array[]} crops
     * @param {Pick<import('./addresses.js').Wanted, 'head'>} [options] whose answer; default: that of `recognize`
     * @returns {Promise<Answers>} of each a number 0..1 for each label
     * @throws {RangeError} for a head that the model does not have, or a crop of another size
     */
    classify(crops: Uint8Array[], { head }?: Pick<import("./addresses.js").Wanted, "head">): Promise<Answers>;
    /**
     * Tells whether a baseline can be used here, without an image.
     * @param {Baseline} baseline
     * @throws {BaselineError} if it was learnt with another model, head or other labels, or this model takes none
     */
    checkBaseline(baseline: Baseline): void;
    /** Forgets every track: the next frame belongs to another video. */
    reset(): Promise<void>;
    /** Whether the worker has ended, by itself or as it was disposed of: whatever is asked from then on is refused. */
    get isOver(): boolean;
    /** Ends the worker and frees its memory; calls that wait are refused with an AbortError. */
    dispose(): void;
    #private;
}
export type Face = import("./face.js").Face;
export type Progress = import("./loading.js").Progress;
/**
 * timings is not enumerable
 */
export type Faces = Face[] & {
    readonly timings: import("./recognizer.js").Timings;
};
/**
 * times: milliseconds that each took; not enumerable
 */
export type Answers = Float32Array[] & {
    readonly times: number[];
};
import { Baseline } from './baseline.js';
