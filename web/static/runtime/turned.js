/** @file How what is drawn on a canvas is turned. Pure. */

/**
 * The transform of a canvas that turns what is drawn as EXIF's orientation says.
 * @param {number} turn 1..8
 * @param {number} width of the canvas, what comes of it
 * @param {number} height
 * @returns {[number, number, number, number, number, number]}
 */
export function turned(turn, width, height) {
  /** @type {[number, number, number, number, number, number][]} */
  const transforms = [
    [1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, width, 0], [-1, 0, 0, -1, width, height], [1, 0, 0, -1, 0, height],
    [0, 1, 1, 0, 0, 0], [0, 1, -1, 0, width, 0], [0, -1, -1, 0, width, height], [0, -1, 1, 0, 0, height],
  ];
  return transforms[turn - 1];
}
