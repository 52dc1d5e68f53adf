/** @typedef {(squares?: Transform[]) => Promise<void>} Need has the pixels read that squares cover, or all of them */
/** @typedef {{data: Uint8Array | Uint8ClampedArray, width: number, height: number, need?: Need}} Pixels no need: all are read */
/** @typedef {[number, number]} Point x, y in source pixels; the centre of the first pixel is (0.5, 0.5) */
/**
 * A square crop: its centre and side in source pixels, its angle in radians (clockwise on the screen).
 * @typedef {{centerX: number, centerY: number, side: number, angle: number}} Transform
 */
/**
 * Where an image lies in a detector's square: its scale and its top left corner, in the square's pixels; samples: how many
 * a side are averaged into one pixel of the square.
 * @typedef {{scale: number, left: number, top: number, samples: number}} Letterbox
 */
/**
 * The crop that puts a detected face where the network's training faces stand.
 * @param {[number, number, number, number]} box x_min, y_min, x_max, y_max in source pixels, of the face turned upright
 * @param {[Point, Point]} eyes the eye on the left of the face that is upright, the eye on its right
 * @param {import('./contract.js').Crop} crop
 * @returns {Transform}
 * @throws {RangeError} if a number is not finite or the box is empty
 */
export function cropTransform(box: [number, number, number, number], eyes: [Point, Point], crop: import("./contract.js").Crop): Transform;
/**
 * The upright crop that holds a whole image of an already cropped face, centred.
 * @param {number} width
 * @param {number} height in pixels, both at least 1
 * @returns {Transform}
 */
export function wholeImage(width: number, height: number): Transform;
/**
 * Samples a square of an image as grey levels.
 * @param {Pixels} image
 * @param {Transform} transform
 * @param {number} size the output's side in pixels
 * @param {[number, number, number]} luma weights of R, G and B
 * @param {number} maxSamples upper bound on the samples a side of an output pixel
 * @returns {Uint8Array<ArrayBuffer>} size * size grey levels, row by row
 * @throws {UnsupportedImageError} for an image without pixels
 * @throws {RangeError} for a transform that is not finite or has no extent
 */
export function sampleGrey(image: Pixels, transform: Transform, size: number, luma: [number, number, number], maxSamples: number): Uint8Array<ArrayBuffer>;
/** @param {Pixels} image */
export function checkImage({ data, width, height }: Pixels): void;
/**
 * has the pixels read that squares cover, or all of them
 */
export type Need = (squares?: Transform[]) => Promise<void>;
/**
 * no need: all are read
 */
export type Pixels = {
    data: Uint8Array | Uint8ClampedArray;
    width: number;
    height: number;
    need?: Need;
};
/**
 * x, y in source pixels; the centre of the first pixel is (0.5, 0.5)
 */
export type Point = [number, number];
/**
 * A square crop: its centre and side in source pixels, its angle in radians (clockwise on the screen).
 */
export type Transform = {
    centerX: number;
    centerY: number;
    side: number;
    angle: number;
};
/**
 * Where an image lies in a detector's square: its scale and its top left corner, in the square's pixels; samples: how many
 * a side are averaged into one pixel of the square.
 */
export type Letterbox = {
    scale: number;
    left: number;
    top: number;
    samples: number;
};
