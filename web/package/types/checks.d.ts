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
