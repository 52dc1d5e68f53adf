/**
 * The files of models/ as JSON: NAME/golden.json, face_detector/golden.json, golden_sequence.json, golden_baseline.json.
 * @typedef {{model: any, detector: any, sequence: any, baseline: any}} Golden
 */
/**
 * Answers every stage.
 * @param {{model: import('./create.js').Model, load: import('./create.js').Load, golden: Golden, runtime: string}} settings
 *   runtime: whatever names it, and the device
 * @returns {Promise<any>} to be written as JSON
 * @throws {ModelDamagedError} if a network is not what its manifest names, or the detector is of format 1
 */
export function answersOf({ model, load, golden, runtime }: {
    model: import("./create.js").Model;
    load: import("./create.js").Load;
    golden: Golden;
    runtime: string;
}): Promise<any>;
/**
 * The files of models/ as JSON: NAME/golden.json, face_detector/golden.json, golden_sequence.json, golden_baseline.json.
 */
export type Golden = {
    model: any;
    detector: any;
    sequence: any;
    baseline: any;
};
