/**
 * @file What a Content-Security-Policy refuses, said with the directive that does it. Browsers tell it by an event, while
 * the call itself fails as if nothing were there.
 */
import {PolicyError} from './errors.js';

const SOON = 200; // milliseconds: the event may come after the failure

/** What sent the policy: this page, or this worker's script. */
const sender = () => (globalThis.location?.href ?? '').split(/[?#]/)[0];

/**
 * Watches for refusals from now until `stop`.
 * @param {'connect-src' | 'worker-src'} directive
 * @returns {{refusal: () => Promise<PolicyError | null>, stop: () => void}} refusal: after something failed, the policy's
 *   part in it, which ends the watch
 */
export function watchPolicy(directive) {
  /** @type {(address: string | null) => void} */
  let tell = () => {};
  /** @type {Promise<string | null>} */
  const told = new Promise((resolve) => { tell = resolve; });
  /** @param {Event} event */
  const note = (event) => {
    const {effectiveDirective, disposition, blockedURI} = /** @type {SecurityPolicyViolationEvent} */ (event);
    if (effectiveDirective === directive && disposition !== 'report') tell(blockedURI);
  };
  const stop = () => globalThis.removeEventListener?.('securitypolicyviolation', note);
  globalThis.addEventListener?.('securitypolicyviolation', note);
  return {
    refusal: async () => {
      const timer = setTimeout(() => tell(null), SOON);
      const address = await told;
      clearTimeout(timer);
      stop();
      return address === null ? null : refusalOf(directive, address);
    },
    stop,
  };
}

/** @param {string} directive @param {string} address or the word that browsers say instead, such as "blob" */
function refusalOf(directive, address) {
  const origin = URL.canParse(address) ? new URL(address).origin : `${address}:`;
  const allowed = origin === globalThis.location?.origin ? "'self'" : origin;
  return new PolicyError(
    `The Content-Security-Policy of ${sender()} refuses ${address}: its ${directive} must have ${allowed}.`);
}

/**
 * Makes sure that WebAssembly may be compiled here.
 * @param {Uint8Array<ArrayBuffer>} bytes a valid module
 * @throws {PolicyError} where script-src forbids it
 */
export function checkCompiles(bytes) {
  try {
    new WebAssembly.Module(bytes);
  } catch {
    throw new PolicyError(
      `The Content-Security-Policy of ${sender()} forbids WebAssembly: its script-src must have 'wasm-unsafe-eval'.`);
  }
}

/**
 * Why a worker was refused by its constructor.
 * @param {unknown} error what that threw
 * @returns {PolicyError | null} null: for another reason
 */
export function trustedTypesRefusal(error) {
  if (!('trustedTypes' in globalThis) || !(error instanceof TypeError)) return null;
  return new PolicyError(`The Content-Security-Policy of ${sender()} has require-trusted-types-for 'script': a policy must let ` +
    "runtime/worker.js be loaded before, such as trustedTypes.createPolicy('default', {createScriptURL: (address) => address}).");
}
