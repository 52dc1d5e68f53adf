/**
 * @file Occlusion sensitivity: how much of a class's probability goes when a part of the face is covered.
 *
 * As in Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014), section 4.2: a square of
 * PATCH × PATCH pixels slides over the 48 × 48 crop in steps of STRIDE pixels, never beyond its edge: 11 × 11 positions. What
 * it covers becomes the mean grey level of the whole crop, which is a number of that crop and no new edge to black or white.
 * Each covered crop goes the way of every other one, contrast stretch included, so what is measured is the whole answer's:
 *
 *     drop = p(class | crop) − p(class | crop with that square covered)
 *
 * A pixel of the map has the mean drop of all positions that cover it. Above 0: the answer needs that place. Below 0: it
 * speaks against the class, and covering it made the answer surer; the map shows that as 0.
 */

export const PATCH = 8;
export const STRIDE = 4;
export const SIDE = 48; // of a crop, as every contract has it

/** @typedef {{x: number, y: number}} Position of a square's top left pixel */

/**
 * Where the square stands, row by row.
 * @param {number} [side] of the crop
 * @param {number} [patch]
 * @param {number} [stride]
 * @returns {Position[]}
 */
export function positionsOf(side = SIDE, patch = PATCH, stride = STRIDE) {
  const count = Math.floor((side - patch) / stride) + 1;
  return Array.from({length: count * count}, (_, place) => ({
    x: stride * (place % count), y: stride * Math.floor(place / count),
  }));
}

/**
 * The mean grey level of a crop, rounded to a whole one.
 * @param {Uint8Array} crop
 */
export function meanOf(crop) {
  return Math.round(crop.reduce((sum, level) => sum + level, 0) / crop.length);
}

/**
 * A crop with one square covered.
 * @param {Uint8Array} crop
 * @param {Position} position
 * @param {number} fill grey level
 * @param {number} [patch]
 * @param {number} [side]
 * @returns {Uint8Array} a new one
 */
export function covered(crop, {x, y}, fill, patch = PATCH, side = SIDE) {
  const result = crop.slice();
  for (let row = y; row < y + patch; row++) result.fill(fill, row * side + x, row * side + x + patch);
  return result;
}

/**
 * The map of all positions' drops.
 * @param {Position[]} positions which cover every pixel
 * @param {ArrayLike<number>} drops one a position
 * @param {number} [patch]
 * @param {number} [side]
 * @returns {Float32Array} a number a pixel, row by row
 */
export function mapOf(positions, drops, patch = PATCH, side = SIDE) {
  const sums = new Float64Array(side * side);
  const counts = new Uint16Array(side * side);
  positions.forEach(({x, y}, index) => {
    for (let row = y; row < y + patch; row++) {
      for (let place = row * side + x; place < row * side + x + patch; place++) {
        sums[place] += drops[index];
        counts[place]++;
      }
    }
  });
  return Float32Array.from(sums, (sum, place) => (counts[place] ? sum / counts[place] : 0));
}

/**
 * Covers a crop everywhere, one row of positions after the other, and asks what is said of each.
 * @param {Uint8Array} crop
 * @param {(crops: Uint8Array[]) => Promise<ArrayLike<number>[]>} classify
 * @param {(share: number) => void} [onProgress] told of 0..1
 * @param {AbortSignal} [signal] ends it between two rows
 * @returns {Promise<{positions: Position[], whole: ArrayLike<number>, answers: ArrayLike<number>[]}>} whole: of the crop as it
 *   is; answers: one a position
 */
export async function occlude(crop, classify, onProgress = () => {}, signal) {
  const positions = positionsOf();
  const fill = meanOf(crop);
  const [whole] = await classify([crop]);
  /** @type {ArrayLike<number>[]} */
  const answers = [];
  const row = Math.sqrt(positions.length);
  while (answers.length < positions.length) {
    signal?.throwIfAborted();
    const next = positions.slice(answers.length, answers.length + row);
    answers.push(...await classify(next.map((position) => covered(crop, position, fill))));
    onProgress(answers.length / positions.length);
  }
  return {positions, whole, answers};
}

/**
 * The map of a class.
 * @param {Awaited<ReturnType<typeof occlude>>} occluded
 * @param {number} index of the class
 */
export function sensitivity({positions, whole, answers}, index) {
  return mapOf(positions, answers.map((answer) => whole[index] - answer[index]));
}
