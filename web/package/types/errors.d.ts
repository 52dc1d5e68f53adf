/**
 * Makes an error again from what came through a worker's border.
 * @param {{name: string, message: string}} plain
 * @returns {Error} of the type that `name` names (one of the above, or RangeError), or a plain Error
 */
export function reviveError({ name, message }: {
    name: string;
    message: string;
}): Error;
/**
 * What was caught, as an error: anything can be thrown, and WebAssembly throws numbers.
 * @param {unknown} caught
 * @returns {Error}
 */
export function asError(caught: unknown): Error;
/**
 * @file What can go wrong, as types a page can tell apart. Each message is one plain sentence for a person.
 *
 * Errors cross the worker's border as {name, message}; `reviveError` makes them the same type again.
 */
/** A model file is missing: the server has none, or there is no network. */
export class ModelMissingError extends Error {
}
/** A model file is not the one that its manifest names, or cannot be read. */
export class ModelDamagedError extends Error {
}
/** What was given to `recognize` is no picture that can be read (nothing decoded yet, 0 pixels, another origin's). */
export class UnsupportedImageError extends Error {
}
/** A video shows no picture at the moment: it has just begun, buffers or seeks. The next frame may be had. */
export class NoFrameError extends UnsupportedImageError {
}
/** A face at rest that cannot be learnt from, or a baseline that is none or belongs to another model. */
export class BaselineError extends Error {
}
/** This browser has no WebAssembly SIMD, which both engines need. */
export class SimdMissingError extends Error {
}
/** The page was opened over plain HTTP from another machine, where browsers withhold camera and cryptography. */
export class InsecureContextError extends Error {
}
/** A Content-Security-Policy forbids what is needed: the message names the directive. */
export class PolicyError extends Error {
}
