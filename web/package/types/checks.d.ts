/**
 * @param {number} time in seconds
 * @throws {RangeError} unless it is a finite number
 */
export function checkTime(time: number): void;
/**
 * @param {number} width
 * @param {number} height in pixels
 * @throws {UnsupportedImageError} if the picture is too small for a face
 */
export function checkSides(width: number, height: number): void;
/** Pixels that a picture has a side, at least. */
export const LEAST_SIDE: 8;
