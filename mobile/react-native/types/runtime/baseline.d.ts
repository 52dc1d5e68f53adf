/** @typedef {Pick<Baseline, 'model' | 'head' | 'labels' | 'values'>} Known a Baseline, also beyond a worker's border */
/**
 * Tells whose baseline each is.
 * @param {Baseline | Map<number, Baseline> | Record<number, Baseline> | null} given one for every face of the image, or
 *   one for each track
 * @param {number | null} time of the frame: only those of a video have tracks
 * @returns {Map<number | null, Baseline>} by track; null: every face
 * @throws {BaselineError} for anything else
 */
export function assigned(given: Baseline | Map<number, Baseline> | Record<number, Baseline> | null, time: number | null): Map<number | null, Baseline>;
/** @typedef {Pick<Known, 'model' | 'head' | 'labels'> & {strength: number}} Owner of baselines: a recognizer */
/**
 * @param {number} strength the contract's
 * @throws {BaselineError} if it states none
 */
export function checkStrength(strength: number): void;
/**
 * @param {Known} baseline
 * @param {Owner} own
 * @throws {BaselineError} if it was learnt with another model, head or other labels, or the model takes none
 */
export function checkBelongs(baseline: Known, own: Owner): void;
/** What a model says of one person's neutral face, beside what it should. */
export class Baseline {
    /**
     * Reads what was kept.
     * @param {any} json what `toJSON` returned, or its text
     * @returns {Baseline}
     * @throws {BaselineError} for anything else
     */
    static from(json: any): Baseline;
    /**
     * Use `recognizer.learnNeutral` or `Baseline.from`.
     * @param {string} model sha256 of the model's int8 file
     * @param {string} head whose answer it is of: labels, votes or both
     * @param {string[]} labels the class names
     * @param {number[]} values whole numbers in 1 / 256 of the natural logarithm, one a label, 0 for neutral
     */
    constructor(model: string, head: string, labels: string[], values: number[]);
    model: string;
    head: string;
    labels: string[];
    values: number[];
    /** Returns what `from` reads, and Python and phone read too; JSON.stringify calls it. */
    toJSON(): {
        format: number;
        model: string;
        head: string;
        values: {
            [k: string]: number;
        };
    };
}
/**
 * a Baseline, also beyond a worker's border
 */
export type Known = Pick<Baseline, "model" | "head" | "labels" | "values">;
/**
 * of baselines: a recognizer
 */
export type Owner = Pick<Known, "model" | "head" | "labels"> & {
    strength: number;
};
