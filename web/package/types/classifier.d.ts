/** A classifier of square grey faces: one byte a pixel in, one probability a class out. */
export class Classifier {
    /**
     * @param {Pick<import('./engines/tfjs.js').Network, 'run'>} network
     * @param {number} classCount number of the contract's labels
     * @param {{scale?: number, zero_point?: number}} [output] of a network that answers in bytes, from the manifest
     */
    constructor(network: Pick<import("./engines/tfjs.js").Network, "run">, classCount: number, output?: {
        scale?: number;
        zero_point?: number;
    });
    classCount: number;
    /**
     * The probabilities of each face.
     * @param {Uint8Array[]} greys size * size grey levels of each face
     * @returns {Promise<Float32Array[]>} one number 0..1 a class
     * @throws {ModelDamagedError} if the network answers another number of classes
     */
    probabilities(greys: Uint8Array[]): Promise<Float32Array[]>;
    #private;
}
