/** @typedef {{name?: string, type?: string, scale?: number, zero_point?: number}} Tensor of a network, as the manifest states it */
/**
 * A loaded network.
 * @typedef {object} Network
 * @property {(input: Uint8Array | Float32Array) => Promise<(Uint8Array | Float32Array)[]>} run
 *   numbers of its one input in, those of each output out, the caller's own
 * @property {string[]} outputs the name of each output, in the order of `run`
 * @property {() => void} dispose frees its memory
 */
/** A classifier of square grey faces: one byte a pixel in, one probability a class out. */
export class Classifier {
    /**
     * @param {Pick<Network, 'run' | 'outputs'>} network
     * @param {import('./contract.js').Contract} contract
     * @param {number[]} [weights] of each head's logits, contract.js's `weightsOf`; default: the blend
     * @param {{input?: Tensor, outputs?: Tensor[], output?: Tensor}} [artifact] the manifest's entry of what the network was loaded from
     * @throws {ModelDamagedError} if the network gives no logits where its manifest names two heads
     */
    constructor(network: Pick<Network, "run" | "outputs">, { labels, heads, blend, normalization }: import("./contract.js").Contract, weights?: number[], artifact?: {
        input?: Tensor;
        outputs?: Tensor[];
        output?: Tensor;
    });
    /**
     * The numbers of the output that answers are made from: logits of all heads, head after head; of a network of
     * format 1 probabilities.
     * @param {Uint8Array} grey size * size grey levels, which are normalised first
     * @returns {Promise<Uint8Array | Float32Array>}
     * @throws {ModelDamagedError} if the network answers another number of classes than its manifest names
     */
    raw(grey: Uint8Array): Promise<Uint8Array | Float32Array>;
    /**
     * The probabilities of each face.
     * @param {Uint8Array[]} greys size * size grey levels of each face
     * @returns {Promise<Float32Array[]>} one number 0..1 a class
     * @throws {ModelDamagedError} as `raw`, or if the manifest states no scale of a network that answers in bytes
     */
    probabilities(greys: Uint8Array[]): Promise<Float32Array[]>;
    /**
     * The probabilities of a face.
     * @param {Uint8Array | Float32Array} values what `raw` gave
     * @param {number[] | null} [taken] off each class's score, in 1 / 256: a person's baseline
     * @param {number[]} [weights] of each head's logits, instead of its own
     * @returns {Float32Array} one number 0..1 a class
     * @throws {ModelDamagedError} if the manifest states no scale of a network that answers in bytes
     */
    answer(values: Uint8Array | Float32Array, taken?: number[] | null, weights?: number[]): Float32Array;
    /**
     * The scores of a face, whole numbers in 1 / 256 of the natural logarithm, which differ from the logarithms of its
     * probabilities by one number.
     * @param {Uint8Array | Float32Array} values what `raw` gave
     * @param {number[]} [weights] as of `answer`
     * @returns {Float64Array} a number a class
     * @throws {ModelDamagedError} as `answer`
     */
    scores(values: Uint8Array | Float32Array, weights?: number[]): Float64Array;
    #private;
}
/**
 * of a network, as the manifest states it
 */
export type Tensor = {
    name?: string;
    type?: string;
    scale?: number;
    zero_point?: number;
};
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
