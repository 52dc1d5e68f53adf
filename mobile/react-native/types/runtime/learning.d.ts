/** @typedef {import('./geometry.js').Pixels} Pixels */
/**
 * What the baselines of a model belong to.
 * @param {any} manifest
 * @param {import('./contract.js').Contract} contract
 * @param {string} head whose answer is given
 * @returns {import('./baseline.js').Owner}
 */
export function ownerOf(manifest: any, { labels, baselineStrength: strength }: import("./contract.js").Contract, head: string): import("./baseline.js").Owner;
/**
 * Learns from frames, one after the other.
 * @param {Iterable<Pixels> | AsyncIterable<Pixels>} pictures
 * @param {number | null} count of them, which errors name; null: there is only one
 * @param {import('./baseline.js').Owner} own
 * @param {(pixels: Pixels) => Promise<ArrayLike<number>[]>} scoresOf of each face that a frame shows
 * @returns {Promise<Baseline>}
 * @throws {BaselineError} if there are none, one shows no face or several, or the model cannot have a baseline
 */
export function learnFrom(pictures: Iterable<Pixels> | AsyncIterable<Pixels>, count: number | null, { model, head, labels, strength }: import("./baseline.js").Owner, scoresOf: (pixels: Pixels) => Promise<ArrayLike<number>[]>): Promise<Baseline>;
/**
 * The values of the baseline of a face at rest.
 * @param {ArrayLike<number>[]} scores of at least one frame: a whole number a class, in 1 / 256
 * @param {string[]} labels
 * @returns {number[]}
 * @throws {BaselineError} if no class is called "neutral"
 */
export function learnt(scores: ArrayLike<number>[], labels: string[]): number[];
/**
 * What is taken off each class's score, in 1 / 256.
 * @param {number[]} values of a baseline
 * @param {number} strength 0..1
 * @returns {number[]} whole numbers
 */
export function offsets(values: number[], strength: number): number[];
export type Pixels = import("./geometry.js").Pixels;
import { Baseline } from './baseline.js';
