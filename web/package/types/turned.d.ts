/** @file How what is drawn on a canvas is turned. Pure. */
/**
 * The transform of a canvas that turns what is drawn as EXIF's orientation says.
 * @param {number} turn 1..8
 * @param {number} width of the canvas, what comes of it
 * @param {number} height
 * @returns {[number, number, number, number, number, number]}
 */
export function turned(turn: number, width: number, height: number): [number, number, number, number, number, number];
