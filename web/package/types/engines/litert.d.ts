/**
 * Loads the runtime, once.
 * @returns {Promise<unknown>}
 * @throws {ModelMissingError} if a file of it cannot be loaded
 */
export function start(): Promise<unknown>;
/**
 * Prepares a network and runs it once.
 * @param {Map<string, Uint8Array>} files of the artifact: one .tflite file
 * @param {number[]} shape of the input, batch of 1
 * @returns {Promise<import('../classifier.js').Network>}
 * @throws {ModelDamagedError} if the file is no network for this engine
 */
export function load(files: Map<string, Uint8Array>, shape: number[]): Promise<import("../classifier.js").Network>;
export namespace artifacts {
    let classifier: string;
    let detector: string;
    let farDetector: string;
}
