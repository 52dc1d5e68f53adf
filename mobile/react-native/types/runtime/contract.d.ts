/**
 * Reads the contract out of a manifest of format 1 or 2.
 * @param {any} manifest the parsed manifest.json of a classifier
 * @param {string} [where] what messages call the file
 * @returns {Contract}
 * @throws {ModelDamagedError} naming the entry that is missing or unusable
 */
export function readContract(manifest: any, where?: string): Contract;
/**
 * The weight of each head's logits in an answer.
 * @param {Contract} contract
 * @param {Head | 'both'} head that head alone, or the blend
 * @returns {number[]}
 * @throws {RangeError} for a head that the network does not have
 */
export function weightsOf({ heads, blend, sharpness }: Contract, head: Head | "both"): number[];
/**
 * labels: what FER2013's annotators said; votes: what ten people of FER+ said
 */
export type Head = "labels" | "votes";
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
     * class names in the order of a head's outputs
     */
    labels: string[];
    /**
     * what the network's logits are, head after head: one of them, or both
     */
    heads: Head[];
    /**
     * weight (0..100) of each head's logits in the default answer
     */
    blend: number[];
    /**
     * what (0..100) each head's logits are multiplied by in its own answer
     */
    sharpness: number[];
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
    normalization: import("./normalization.js").Normalization;
    /**
     * an answer whose largest probability (0..1) is less than this is unsure; 0: none is
     */
    unsureBelow: number;
    /**
     * how much (0..1) of a person's own neutral answer is taken off; 0: nothing
     */
    baselineStrength: number;
    /**
     * of the face detector in still pictures
     */
    reach: import("./checks.js").Reach;
};
