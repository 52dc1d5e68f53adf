/**
 * Watches for refusals from now until `stop`.
 * @param {'connect-src' | 'worker-src'} directive
 * @returns {{refusal: () => Promise<PolicyError | null>, stop: () => void}} refusal: after something failed, the policy's
 *   part in it, which ends the watch
 */
export function watchPolicy(directive: "connect-src" | "worker-src"): {
    refusal: () => Promise<PolicyError | null>;
    stop: () => void;
};
/**
 * Makes sure that WebAssembly may be compiled here.
 * @param {Uint8Array<ArrayBuffer>} bytes a valid module
 * @throws {PolicyError} where script-src forbids it
 */
export function checkCompiles(bytes: Uint8Array<ArrayBuffer>): void;
/**
 * Why a worker was refused by its constructor.
 * @param {unknown} error what that threw
 * @returns {PolicyError | null} null: for another reason
 */
export function trustedTypesRefusal(error: unknown): PolicyError | null;
import { PolicyError } from './errors.js';
