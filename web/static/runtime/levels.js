/**
 * @file Squares of levels in float64 for template.js and motion.js: the pixels that count with their weights, means, halves and gradients. Twin
 * of the functions at the end of face_emotion/follower.py.
 */

export const FLAT = 1e-9; // below that a variance is none

/**
 * The pixels of a square that have a weight, row by row; what stands in the corners has none.
 * @param {number} size in pixels
 * @returns {{places: Int32Array, u: Float64Array, v: Float64Array, weights: Float64Array}} places: row * size + column; u, v: across
 *   and down from the middle; weights: of the sum 1
 */
export function grid(size) {
  const all = Array.from({length: size * size}, (_, place) => {
    const [u, v] = [place % size - (size - 1) / 2, Math.floor(place / size) - (size - 1) / 2];
    return {place, u, v, weight: 1 - (u * u + v * v) / (size / 2) ** 2};
  }).filter(({weight}) => weight > 0);
  const total = all.reduce((sum, {weight}) => sum + weight, 0);
  return {
    places: Int32Array.from(all, ({place}) => place), u: Float64Array.from(all, ({u}) => u), v: Float64Array.from(all, ({v}) => v),
    weights: Float64Array.from(all, ({weight}) => weight / total),
  };
}

/**
 * The sum of weights times one list of numbers, or two.
 * @param {Float64Array} weights
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} [other]
 */
export function weighed(weights, one, other) {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * one[k] * (other ? other[k] : 1);
  return sum;
}

/**
 * Gives levels the weighted mean 0 and variance 1, flat ones 0; returns their variance of before.
 * @param {Float64Array} levels changed
 * @param {Float64Array} weights as many
 */
export function standardize(levels, weights) {
  const mean = weighed(weights, levels);
  let variance = 0;
  for (let k = 0; k < levels.length; k++) {
    levels[k] -= mean;
    variance += weights[k] * levels[k] * levels[k];
  }
  const scale = variance > FLAT ? 1 / Math.sqrt(variance) : 0;
  for (let k = 0; k < levels.length; k++) levels[k] *= scale;
  return variance;
}

/**
 * The means of 2 x 2 pixels.
 * @param {ArrayLike<number>} levels size * size of them, row by row
 * @param {number} size even
 * @param {Float64Array} [output] written to and returned, if given
 */
export function halved(levels, size, output = new Float64Array(size * size / 4)) {
  for (let row = 0, at = 0; row < size; row += 2) {
    for (let place = row * size; place < (row + 1) * size; place += 2, at++) {
      output[at] = (levels[place] + levels[place + 1] + levels[place + size] + levels[place + size + 1]) / 4;
    }
  }
  return output;
}

/**
 * Half the difference of each pixel's neighbours along a side; at the border the difference to the only one.
 * @param {Float64Array} levels size * size of them, row by row
 * @param {number} size
 * @param {1 | number} step to the next pixel of the side: 1 across, `size` down
 */
export function gradient(levels, size, step) {
  return levels.map((level, place) => {
    const along = Math.floor(place / step) % size;
    if (along === 0) return levels[place + step] - level;
    if (along === size - 1) return level - levels[place - step];
    return (levels[place + step] - levels[place - step]) / 2;
  });
}

/**
 * The inverse of a square matrix by elimination, the largest pivot first; null where there is none.
 * @param {number[][]} matrix
 * @returns {number[][] | null}
 */
export function inverse(matrix) {
  const size = matrix.length;
  const rows = matrix.map((row, k) => [...row, ...row.map((_, other) => (other === k ? 1 : 0))]);
  for (let k = 0; k < size; k++) {
    const pivot = rows.slice(k).reduce((best, row) => (Math.abs(row[k]) > Math.abs(best[k]) ? row : best));
    if (!pivot[k]) return null;
    rows.splice(rows.indexOf(pivot), 1);
    const scaled = pivot.map((value) => value / pivot[k]);
    rows.splice(k, 0, scaled);
    rows.forEach((row, other) => {
      if (other !== k) rows[other] = row.map((value, column) => value - row[k] * scaled[column]);
    });
  }
  return rows.map((row) => row.slice(size));
}
