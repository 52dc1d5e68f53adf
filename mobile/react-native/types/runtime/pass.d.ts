/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./suppression.js').Candidate} Candidate */
/** One look of a YuNet network at a square. */
export class YuNetPass {
    /**
     * @param {Pick<import('./classifier.js').Network, 'run' | 'dispose'>} network of squares of `size`, one output
     * @param {import('./yunet.js').YuNetSettings} settings
     * @param {number} size in pixels
     */
    constructor(network: Pick<import("./classifier.js").Network, "run" | "dispose">, settings: import("./yunet.js").YuNetSettings, size: number);
    size: number;
    /**
     * The faces of a square, highest score first, in its pixels.
     * @param {Float32Array} square R, G, B of each pixel, 0..255
     * @param {number} threshold least score, 0..1
     * @returns {Promise<Candidate[]>}
     * @throws {ModelDamagedError} if the network gives another number of rows than its manifest's settings
     */
    look(square: Float32Array, threshold: number): Promise<Candidate[]>;
    /**
     * The upright faces of a whole image in one look, highest score first.
     * @param {Pixels} image
     * @param {number} threshold
     */
    detect(image: Pixels, threshold: number): Promise<import("./detection.js").Detection[]>;
    /**
     * An image, or a part of it, as `look` takes it; the numbers stay until the next call.
     * @param {Pixels} image
     * @param {import('./geometry.js').Letterbox} place
     */
    sample(image: Pixels, place: import("./geometry.js").Letterbox): Float32Array<ArrayBufferLike>;
    /** Frees what the network holds. */
    dispose(): void;
    #private;
}
export type Pixels = import("./geometry.js").Pixels;
export type Candidate = import("./suppression.js").Candidate;
