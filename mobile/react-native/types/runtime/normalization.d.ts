/**
 * @file Normalisation of a grey crop: its contrast is stretched to the range of a well-lit face before the network sees
 * it. Twin of face_emotion/normalization.py; whole numbers only, so that the bytes are the same.
 */
/**
 * How a crop's grey levels become the network's.
 * @typedef {object} Normalization
 * @property {'none' | 'stretch'} kind stretch: the grey levels of two of its pixels, ranked by grey level, are mapped to
 *   `low` and `high`, those between and beyond them linearly, cut off at 0 and 255
 * @property {number} tailPermille those two are the pixels with this share of a thousand (0..499) below and above them
 * @property {number} low grey level 0..255
 * @property {number} high grey level 0..255, above `low`
 * @property {number} smallestRange a crop whose two levels are less than this apart (1..255) is flat, and stays as it is:
 *   there is nothing in it but noise to stretch
 */
/**
 * A grey crop as the network is to see it.
 *
 * A level g of a crop whose two levels are d = darkest and b = brightest becomes
 * floor((2 (g - d) (high - low) + 2 low (b - d) + (b - d)) / (2 (b - d))), cut off at 0 and 255.
 * @param {Uint8Array} grey levels of all pixels, in any order
 * @param {Normalization} normalization
 * @returns {Uint8Array} as many, new ones, or `grey` itself where it stays as it is
 */
export function normalized(grey: Uint8Array, { kind, tailPermille, low, high, smallestRange }: Normalization): Uint8Array;
/**
 * The two levels of a crop that a stretch starts from.
 * @param {Uint8Array} grey
 * @param {number} tailPermille 0..499
 * @returns {[number, number]} darkest, brightest
 */
export function rangeOf(grey: Uint8Array, tailPermille: number): [number, number];
/**
 * How a crop's grey levels become the network's.
 */
export type Normalization = {
    /**
     * stretch: the grey levels of two of its pixels, ranked by grey level, are mapped to
     * `low` and `high`, those between and beyond them linearly, cut off at 0 and 255
     */
    kind: "none" | "stretch";
    /**
     * those two are the pixels with this share of a thousand (0..499) below and above them
     */
    tailPermille: number;
    /**
     * grey level 0..255
     */
    low: number;
    /**
     * grey level 0..255, above `low`
     */
    high: number;
    /**
     * a crop whose two levels are less than this apart (1..255) is flat, and stays as it is:
     * there is nothing in it but noise to stretch
     */
    smallestRange: number;
};
