/**
 * @file From the logits of a network's heads to probabilities, the same to the bit on every processor. Twin of
 * face_emotion/softmax.py.
 *
 * A kernel's own softmax rounds differently on x86-64 and ARM64; the int8 logits in front of it do not. So the answer is
 * made of them here: whole numbers, one table, one division. The whole numbers exceed 32 bits, where bit operators would
 * cut them off; doubles hold them exactly.
 */

export const STEPS = 256; // of a score, a unit of the natural logarithm
const ONE = 2 ** 24; // what the table has for the largest score
const TABLE_SIZE = 4096; // scores further below the largest count as nothing: exp(-16) of it
const SMALLEST = 1 / 1024; // probability that has a logarithm of its own
const FRACTION = 2 ** 16; // of a score, while the heads are summed

/**
 * The table: entry k is exp(-k / 256) * 2 ** 24, rounded to the nearest whole number. None lies closer than 8e-5 to the
 * middle of two, so that a browser whose exp is not the best does not round another way.
 * @returns {Int32Array} 4096 numbers
 */
export function exponentials() {
  return Int32Array.from({length: TABLE_SIZE}, (_, k) => Math.floor(Math.exp(-k / STEPS) * ONE + 0.5));
}

const TABLE = exponentials();

/**
 * What a step of each head's quantised logits weighs, in 1 / 65536 of a score.
 * @param {number} scale of the logits tensor, real value a step, > 0
 * @param {number[]} blend weight of each head's logits
 * @returns {number[]} whole numbers
 */
export function multipliers(scale, blend) {
  return blend.map((weight) => Math.floor(scale * weight * (STEPS * FRACTION) + 0.5));
}

/**
 * The blended logits of one face, in 1 / 256.
 * @param {Uint8Array} logits head after head; a byte q stands for scale * (q - zeroPoint)
 * @param {number} scale @param {number} zeroPoint
 * @param {number[]} blend as `multipliers`
 * @returns {Float64Array} a whole number for each class
 */
export function scores(logits, scale, zeroPoint, blend) {
  const weights = multipliers(scale, blend);
  return summed(logits, blend.length, (step, head) => (step - zeroPoint) * weights[head])
    .map((sum) => Math.floor((sum + FRACTION / 2) / FRACTION));
}

/**
 * The softmax, by the table, of the scores of one face.
 * @param {ArrayLike<number>} found whole numbers in 1 / 256
 * @returns {Float32Array} as many, summing to 1
 */
export function probabilitiesOf(found) {
  const most = largest(found);
  return shares(Array.from(found, (score) => TABLE[most - score] ?? 0));
}

/**
 * The probabilities of one face for the real logits of a float network, blended alike.
 * @param {Float32Array} logits head after head
 * @param {number[]} blend weight of each head's logits
 * @param {number[]} [taken] off each class's score, in 1 / 256
 * @returns {Float32Array} a number for each class, summing to 1
 */
export function floatProbabilities(logits, blend, taken = []) {
  const blended = blendOf(logits, blend).map((value, place) => value - (taken[place] ?? 0) / STEPS);
  const most = largest(blended);
  return shares(Array.from(blended, (value) => Math.exp(value - most)));
}

/**
 * The scores of one face for the real logits of a float network: in 1 / 256, as those of an int8 network.
 * @param {Float32Array} logits head after head
 * @param {number[]} blend weight of each head's logits
 * @returns {Float64Array} a whole number for each class
 */
export function floatScores(logits, blend) {
  return blendOf(logits, blend).map((value) => Math.floor(STEPS * value + 0.5));
}

/**
 * The scores of one face of which a network of format 1 gives probabilities only.
 * @param {ArrayLike<number>} probabilities
 * @returns {Float64Array} a whole number for each class
 */
export function logScores(probabilities) {
  return Float64Array.from(probabilities, (value) => Math.floor(STEPS * Math.log(Math.max(value, SMALLEST)) + 0.5));
}

/** @param {Float32Array} logits @param {number[]} blend */
const blendOf = (logits, blend) => summed(logits, blend.length, (logit, head) => logit * blend[head]);

/**
 * The sum of all heads for each class.
 * @param {Uint8Array | Float32Array} logits head after head
 * @param {number} heads
 * @param {(logit: number, head: number) => number} weighted
 */
function summed(logits, heads, weighted) {
  const sums = new Float64Array(logits.length / heads);
  logits.forEach((logit, place) => { sums[place % sums.length] += weighted(logit, Math.floor(place / sums.length)); });
  return sums;
}

/** @param {ArrayLike<number>} values */
const largest = (values) => Array.from(values).reduce((most, value) => Math.max(most, value));

/** @param {number[]} powers */
function shares(powers) {
  const sum = powers.reduce((total, power) => total + power);
  return Float32Array.from(powers, (power) => power / sum);
}
