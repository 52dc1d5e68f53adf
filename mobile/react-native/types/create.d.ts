/** @typedef {(file: any) => Promise<import('./tflite.js').NativeModel>} Load */
/**
 * What models/NAME.js exports.
 * @typedef {object} Model
 * @property {any} manifest the model's manifest.json
 * @property {{int8: any}} files what `load` is given
 * @property {import('./check.js').Check} [check] of that file; left out, nobody notices another one
 * @property {{manifest: any, files: {tflite: any, tflite_far?: any}}} detector
 */
/**
 * @typedef {object} Settings
 * @property {Model} model
 * @property {Load} load `(file) => loadTensorflowModel(file, [])` of react-native-fast-tflite
 * @property {import('./recognizer.js').Decode} [decode] makes pixels of
 *   what else `recognize` is given, such as a file's address
 * @property {import('./recognizer.js').Whose} [head] whose answer: labels, votes or both (the default)
 * @property {number} [lookEvery] seconds between two looks at whole frames of a video, 0 or more; default 0.5
 * @property {boolean} [sync] whether the small network is run on this thread
 */
/**
 * Loads both networks and runs each once. The detector's network for far is loaded when it is first needed.
 * @param {Settings} settings
 * @returns {Promise<EmotionRecognizer>}
 * @throws {ModelMissingError} if a file does not load
 * @throws {import('./runtime/errors.js').ModelDamagedError} if one is not what its manifest names
 * @throws {RangeError} for a head that the model does not have, or an unusable lookEvery
 */
export function createRecognizer(settings: Settings): Promise<EmotionRecognizer>;
export type Load = (file: any) => Promise<import("./tflite.js").NativeModel>;
/**
 * What models/NAME.js exports.
 */
export type Model = {
    /**
     * the model's manifest.json
     */
    manifest: any;
    /**
     * what `load` is given
     */
    files: {
        int8: any;
    };
    /**
     * of that file; left out, nobody notices another one
     */
    check?: import("./check.js").Check | undefined;
    detector: {
        manifest: any;
        files: {
            tflite: any;
            tflite_far?: any;
        };
    };
};
export type Settings = {
    model: Model;
    /**
     * `(file) => loadTensorflowModel(file, [])` of react-native-fast-tflite
     */
    load: Load;
    /**
     * makes pixels of
     * what else `recognize` is given, such as a file's address
     */
    decode?: import("./recognizer.js").Decode | undefined;
    /**
     * whose answer: labels, votes or both (the default)
     */
    head?: import("./recognizer.js").Whose | undefined;
    /**
     * seconds between two looks at whole frames of a video, 0 or more; default 0.5
     */
    lookEvery?: number | undefined;
    /**
     * whether the small network is run on this thread
     */
    sync?: boolean | undefined;
};
import { EmotionRecognizer } from './recognizer.js';
