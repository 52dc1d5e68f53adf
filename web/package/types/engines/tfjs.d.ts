/**
 * Loads the runtime, once.
 * @returns {Promise<unknown>}
 * @throws {ModelMissingError} if a file of it cannot be loaded
 */
export function start(): Promise<unknown>;
/**
 * Prepares a network and runs it once.
 * @param {Map<string, Uint8Array>} files of the artifact: a model.json and its weight files
 * @param {number[]} shape of the input, batch of 1
 * @returns {Promise<Network>}
 * @throws {ModelDamagedError} if the files are no network for this engine
 */
export function load(files: Map<string, Uint8Array>, shape: number[]): Promise<Network>;
export namespace artifacts {
    let classifier: string;
    let detector: string;
    let farDetector: string;
}
/**
 * A loaded network.
 */
export type Network = {
    /**
     *   numbers of its one input in, those of each output out, the caller's own
     */
    run: (input: Uint8Array | Float32Array) => Promise<(Uint8Array | Float32Array)[]>;
    /**
     * the name of each output, in the order of `run`
     */
    outputs: string[];
    /**
     * frees its memory
     */
    dispose: () => void;
};
