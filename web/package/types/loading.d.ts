/**
 * Loads engine, classifier and detector, checks every model file and runs each network once.
 * @param {LoadOptions} options
 * @returns {Promise<Recognizer>}
 * @throws any of errors.js but UnsupportedImageError
 */
export function loadRecognizer(options: LoadOptions): Promise<Recognizer>;
/**
 * Loads engine, classifier and detector, and checks every model file. The detector's network for far is left until it is
 * needed.
 * @param {LoadOptions} options
 * @returns {Promise<Parts>}
 * @throws {InsecureContextError | SimdMissingError | import('./errors.js').ModelMissingError |
 *   import('./errors.js').ModelDamagedError | import('./errors.js').PolicyError}
 * @throws {RangeError} for an engine that does not exist, or a head that the model does not have
 */
export function loadParts({ engine: engineName, head, onProgress, ...places }: LoadOptions): Promise<Parts>;
/**
 * done: 0..1
 */
export type Progress = {
    done: number;
    step: "engine" | "models" | "warm-up" | "ready";
};
export type LoadOptions = {
    /**
     * absolute address of the classifier's manifest.json
     */
    manifestUrl: string;
    /**
     * addresses of its files; default: beside it
     */
    files?: Record<string, string> | undefined;
    /**
     * of the detector's; default: ../face_detector/manifest.json beside it
     */
    detectorUrl?: string | undefined;
    /**
     * addresses of its files; default: beside it
     */
    detectorFiles?: Record<string, string> | undefined;
    engine?: "tfjs" | "litert" | undefined;
    /**
     * whose answer; default: both together
     */
    head?: "both" | import("./contract.js").Head | undefined;
    /**
     * seconds between two looks at whole frames of a video
     */
    lookEvery?: number | undefined;
    onProgress?: ((progress: Progress) => void) | undefined;
};
/**
 * ready reports that everything has run once
 */
export type Parts = import("./recognizer.js").Parts & {
    ready: () => void;
};
import { Recognizer } from './recognizer.js';
