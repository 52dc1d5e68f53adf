/**
 * Where a face stands in the square crop that the network was trained on.
 * @typedef {object} Crop
 * @property {number} boxWidth width of the detector's box as a fraction of the crop's side, > 0
 * @property {[number, number]} boxCenter the box's centre in the crop, fractions of the side, y down
 * @property {number} maxSamples upper bound on the samples a side that are averaged into one grey level
 */
/**
 * Constants of the smoothing of a track's probabilities over time.
 * @typedef {object} Smoothing
 * @property {number} timeConstant seconds after which a new expression has 63 % of the weight, > 0
 * @property {number} switchMargin how far (0..1) a label must lead the shown one to replace it
 * @property {number} resetAfter seconds without a face after which a track's state is forgotten, > 0
 */
/**
 * @typedef {object} Contract
 * @property {string[]} labels class names in the order of the network's outputs
 * @property {number} inputSize side of the square grey input in pixels
 * @property {[number, number, number]} luma weights of red, green and blue in a grey level
 * @property {Crop} crop
 * @property {Smoothing} smoothing
 */
/**
 * Reads the contract out of a manifest.
 * @param {any} manifest the parsed manifest.json of a classifier
 * @param {string} [where] what messages call the file
 * @returns {Contract}
 * @throws {ModelDamagedError} naming the entry that is missing or unusable
 */
export function readContract(manifest: any, where?: string): Contract;
/**
 * Where a face stands in the square crop that the network was trained on.
 */
export type Crop = {
    /**
     * width of the detector's box as a fraction of the crop's side, > 0
     */
    boxWidth: number;
    /**
     * the box's centre in the crop, fractions of the side, y down
     */
    boxCenter: [number, number];
    /**
     * upper bound on the samples a side that are averaged into one grey level
     */
    maxSamples: number;
};
/**
 * Constants of the smoothing of a track's probabilities over time.
 */
export type Smoothing = {
    /**
     * seconds after which a new expression has 63 % of the weight, > 0
     */
    timeConstant: number;
    /**
     * how far (0..1) a label must lead the shown one to replace it
     */
    switchMargin: number;
    /**
     * seconds without a face after which a track's state is forgotten, > 0
     */
    resetAfter: number;
};
export type Contract = {
    /**
     * class names in the order of the network's outputs
     */
    labels: string[];
    /**
     * side of the square grey input in pixels
     */
    inputSize: number;
    /**
     * weights of red, green and blue in a grey level
     */
    luma: [number, number, number];
    crop: Crop;
    smoothing: Smoothing;
};
