/**
 * The table: entry k is exp(-k / 256) * 2 ** 24, rounded to the nearest whole number. None lies closer than 8e-5 to the
 * middle of two, so that a browser whose exp is not the best does not round another way.
 * @returns {Int32Array} 4096 numbers
 */
export function exponentials(): Int32Array;
/**
 * What a step of each head's quantised logits weighs, in 1 / 65536 of a score.
 * @param {number} scale of the logits tensor, real value a step, > 0
 * @param {number[]} blend weight of each head's logits
 * @returns {number[]} whole numbers
 */
export function multipliers(scale: number, blend: number[]): number[];
/**
 * The blended logits of one face, in 1 / 256.
 * @param {Uint8Array} logits head after head; a byte q stands for scale * (q - zeroPoint)
 * @param {number} scale @param {number} zeroPoint
 * @param {number[]} blend as `multipliers`
 * @returns {Float64Array} a whole number for each class
 */
export function scores(logits: Uint8Array, scale: number, zeroPoint: number, blend: number[]): Float64Array;
/**
 * The softmax, by the table, of the scores of one face.
 * @param {ArrayLike<number>} found whole numbers in 1 / 256
 * @returns {Float32Array} as many, summing to 1
 */
export function probabilitiesOf(found: ArrayLike<number>): Float32Array;
/**
 * The probabilities of one face for the real logits of a float network, blended alike.
 * @param {Float32Array} logits head after head
 * @param {number[]} blend weight of each head's logits
 * @param {number[]} [taken] off each class's score, in 1 / 256
 * @returns {Float32Array} a number for each class, summing to 1
 */
export function floatProbabilities(logits: Float32Array, blend: number[], taken?: number[]): Float32Array;
/**
 * The scores of one face for the real logits of a float network: in 1 / 256, as those of an int8 network.
 * @param {Float32Array} logits head after head
 * @param {number[]} blend weight of each head's logits
 * @returns {Float64Array} a whole number for each class
 */
export function floatScores(logits: Float32Array, blend: number[]): Float64Array;
/**
 * The scores of one face of which a network of format 1 gives probabilities only.
 * @param {ArrayLike<number>} probabilities
 * @returns {Float64Array} a whole number for each class
 */
export function logScores(probabilities: ArrayLike<number>): Float64Array;
/**
 * @file From the logits of a network's heads to probabilities, the same to the bit on every processor. Twin of
 * face_emotion/softmax.py.
 *
 * A kernel's own softmax rounds differently on x86-64 and ARM64; the int8 logits in front of it do not. So the answer is
 * made of them here: whole numbers, one table, one division. The whole numbers exceed 32 bits, where bit operators would
 * cut them off; doubles hold them exactly.
 */
export const STEPS: 256;
