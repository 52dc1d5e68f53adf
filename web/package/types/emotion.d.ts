export { Baseline } from "./baseline.js";
export * from "./errors.js";
/** @typedef {import('./face.js').Face} Face */
/** @typedef {import('./loading.js').Progress} Progress */
/** @typedef {Face[] & {readonly timings: import('./recognizer.js').Timings}} Faces timings is not enumerable */
/** Finds faces and reads their expressions, in a worker of its own. One object a video. */
export class EmotionRecognizer {
    /**
     * Loads a released model and the face detector, and runs both once.
     * @param {string | URL | import('./addresses.js').PlacedModel} model address of its manifest.json, relative to the page, or what
     *   the package's models/NAME.js exports for bundlers
     * @param {object} [options]
     * @param {'tfjs' | 'litert'} [options.engine] tfjs: light (the default); litert: answers equal Python's bit by bit
     * @param {import('./contract.js').Head | 'both'} [options.head] whose answer: labels (FER2013's annotators), votes (the
     *   ten people of FER+ that were asked about each image), or both (the default, the contract's blend of them)
     * @param {string | URL} [options.detector] address of the detector's manifest.json; default: in face_detector/
     *   beside the model's folder
     * @param {string | URL} [options.assets] address of a folder of the page's origin that holds the package as it is (runtime/,
     *   vendor/, models/), which worker and engine come from and a relative manifest is in; default: beside this module
     * @param {AbortSignal} [options.signal] gives up: ends the worker and with it what it fetches; without effect once it is loaded
     * @param {number} [options.lookEvery] seconds between two looks at whole frames of a video, >= 0; faces are followed between
     *   them, which is several times as quick; 0: each frame is looked at; default 0.5
     * @param {(progress: Progress) => void} [options.onProgress] told of each step, for a progress bar
     * @returns {Promise<EmotionRecognizer>}
     * @throws {import('./errors.js').ModelMissingError} a file does not load
     * @throws {import('./errors.js').ModelDamagedError} a file is not the one that its manifest names
     * @throws {import('./errors.js').SimdMissingError | import('./errors.js').InsecureContextError}
     * @throws {RangeError} for an engine that does not exist, a head that the model does not have, an unusable lookEvery, or
     *   assets of another origin
     * @throws {any} the signal's reason, once it is aborted
     */
    static load(model: string | URL | import("./addresses.js").PlacedModel, { engine, head, detector, lookEvery, assets, signal, onProgress }?: {
        engine?: "tfjs" | "litert" | undefined;
        head?: "both" | import("./contract.js").Head | undefined;
        detector?: string | URL | undefined;
        assets?: string | URL | undefined;
        signal?: AbortSignal | undefined;
        lookEvery?: number | undefined;
        onProgress?: ((progress: Progress) => void) | undefined;
    }): Promise<EmotionRecognizer>;
    /**
     * Use `EmotionRecognizer.load`.
     * @param {Bridge} bridge
     * @param {import('./baseline.js').Owner} owner
     * @param {any} manifest
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
     * @param {object} [options]
     * @param {number | null} [options.time] of a video's frame in seconds, from any clock that runs on: then faces have
     *   tracks and are smoothed; null for a still image, which neither uses nor changes tracks
     * @param {boolean} [options.cropped] the image is one face, cut as tightly as the training faces
     * @param {Baseline | Map<number, Baseline> | Record<number, Baseline> | null} [options.baseline] a person's own neutral,
     *   of which `learnNeutral` tells: of every face of the image, or of each track that is named (videos only)
     * @param {import('./checks.js').Reach | null} [options.reach] near: one look at the whole image, for faces of about a sixth
     *   of its longer side and more; far: small and turned ones as well, for tenths of a second and more; null: the contract's
     *   for still images; frames of a video are looked at near every `lookEvery` seconds, and far now and then, and faces are
     *   followed where they move in between
     * @returns {Promise<Faces>}
     * @throws {UnsupportedImageError} for what cannot be read, or has a side below 8 pixels
     * @throws {RangeError} for a time that is no finite number, or another reach
     * @throws {BaselineError} for a baseline that was learnt with another model, head or other labels
     * @throws {ModelMissingError | ModelDamagedError} if the detector's network for far, which is loaded when it is first needed,
     *   cannot be; the next call tries again
     */
    recognize(source: import("./frames.js").Source, { time, cropped, baseline, reach: wanted }?: {
        time?: number | null | undefined;
        cropped?: boolean | undefined;
        baseline?: Baseline | Map<number, Baseline> | Record<number, Baseline> | null | undefined;
        reach?: import("./checks.js").Reach | null | undefined;
    }): Promise<Faces>;
    /**
     * Learns how a person's face at rest reads, which many networks take for sad or angry; later answers for the same face
     * are better for it.
     * @param {import('./frames.js').Source | import('./frames.js').Source[]} source a picture, or frames of about two
     *   seconds, of which the middle counts; each shows exactly one face, or none near and exactly one far
     * @param {object} [options]
     * @param {boolean} [options.cropped] as of `recognize`
     * @returns {Promise<Baseline>} for `recognize`; JSON.stringify keeps it, `Baseline.from` reads it
     * @throws {BaselineError} if there are no frames, one shows no face or several, or the model cannot have a baseline
     * @throws {UnsupportedImageError} as `recognize`
     */
    learnNeutral(source: import("./frames.js").Source | import("./frames.js").Source[], { cropped }?: {
        cropped?: boolean | undefined;
    }): Promise<Baseline>;
    /**
     * Tells whether a baseline can be used here, without an image.
     * @param {Baseline} baseline
     * @throws {BaselineError} if it was learnt with another model, head or other labels, or this model takes none
     */
    checkBaseline(baseline: Baseline): void;
    /** Forgets every track: the next frame belongs to another video. */
    reset(): Promise<void>;
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
import { Baseline } from './baseline.js';
