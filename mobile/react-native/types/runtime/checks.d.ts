/**
 * @param {number} time in seconds
 * @throws {RangeError} unless it is a finite number
 */
export function checkTime(time: number): void;
/**
 * @param {number} lookEvery seconds between two looks at whole frames of a video
 * @throws {RangeError} unless it is a finite number, 0 or more
 */
export function checkLookEvery(lookEvery: number): void;
/** @typedef {'near' | 'far'} Reach near: one look at the whole picture; far: small and turned faces as well */
/** @typedef {import('./baseline.js').Baseline} Baseline */
/**
 * How a picture is to be looked at.
 * @typedef {object} Wish
 * @property {number | null} [time] of a video's frame in seconds, from any clock that runs on: then faces have tracks and are
 *   smoothed; null for a still image, which neither uses nor changes tracks
 * @property {boolean} [cropped] the image is one face, cut as tightly as the training faces
 * @property {Baseline | Map<number, Baseline> | Record<number, Baseline> | null} [baseline] a person's own neutral, of which
 *   `learnNeutral` tells: of every face of the image, or of each track that is named (videos only)
 * @property {Reach | null} [reach] near: one look at the whole image, for faces of about a sixth of its longer side and more;
 *   far: small and turned ones as well, for tenths of a second and more; null: the contract's for still images; frames of a
 *   video are looked at near every `lookEvery` seconds, and far now and then, and faces are followed where they move in between
 */
/**
 * How far a detector looks.
 * @param {Reach | null} reach what is wanted; null: the usual
 * @param {number | null} time of a frame; null of a still image
 * @param {Reach} still the usual of still images; of frames it is near
 * @returns {Reach}
 * @throws {RangeError} for another word
 */
export function reachOf(reach: Reach | null, time: number | null, still: Reach): Reach;
/**
 * @param {unknown} crop
 * @param {number} size its side in pixels
 * @throws {RangeError} unless it is that many grey levels
 */
export function checkCrop(crop: unknown, size: number): void;
/**
 * @param {number} width
 * @param {number} height in pixels
 * @throws {UnsupportedImageError} if the picture is too small for a face
 */
export function checkSides(width: number, height: number): void;
/** Pixels that a picture has a side, at least. */
export const LEAST_SIDE: 8;
/**
 * near: one look at the whole picture; far: small and turned faces as well
 */
export type Reach = "near" | "far";
export type Baseline = import("./baseline.js").Baseline;
/**
 * How a picture is to be looked at.
 */
export type Wish = {
    /**
     * of a video's frame in seconds, from any clock that runs on: then faces have tracks and are
     * smoothed; null for a still image, which neither uses nor changes tracks
     */
    time?: number | null | undefined;
    /**
     * the image is one face, cut as tightly as the training faces
     */
    cropped?: boolean | undefined;
    /**
     * a person's own neutral, of which
     * `learnNeutral` tells: of every face of the image, or of each track that is named (videos only)
     */
    baseline?: import("./baseline.js").Baseline | Map<number, import("./baseline.js").Baseline> | Record<number, import("./baseline.js").Baseline> | null | undefined;
    /**
     * near: one look at the whole image, for faces of about a sixth of its longer side and more;
     * far: small and turned ones as well, for tenths of a second and more; null: the contract's for still images; frames of a
     * video are looked at near every `lookEvery` seconds, and far now and then, and faces are followed where they move in between
     */
    reach?: Reach | null | undefined;
};
