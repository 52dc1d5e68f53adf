/** @file Which state of the page an error means. */
import {asError} from '../runtime/errors.js';
import {UnusableFileError} from './files.js';
import {t} from './words/words.js';

/** @typedef {import('./run.js').Failure} Failure */

/**
 * What an error of the runtime means.
 * @param {unknown} error
 * @returns {Failure}
 */
export function failureOf(error) {
  const {name, message} = asError(error);
  switch (name) {
    case 'ModelDamagedError': return {name: 'damaged'};
    case 'ModelMissingError': return {name: navigator.onLine ? 'missing' : 'offline'};
    case 'SimdMissingError': return {name: 'simd'};
    case 'InsecureContextError': return {name: 'insecure'};
    default: return {name: 'failed', text: t('state.failed.text', {error: message || name})};
  }
}

/**
 * What an error means while a file is opened and read.
 * @param {unknown} error
 * @returns {Failure}
 */
export function failureOfFile(error) {
  if (error instanceof UnusableFileError) return {name: 'unreadable', text: error.message};
  return asError(error).name === 'UnsupportedImageError' ? {name: 'unreadable'} : failureOf(error);
}

/**
 * What a refusal of getUserMedia means (Media Capture and Streams, 10.3.1, and WebIDL's names).
 * @param {unknown} error
 * @param {boolean} isNamed whether one certain camera was asked for
 * @returns {Failure}
 */
export function failureOfCamera(error, isNamed) {
  switch (asError(error).name) {
    case 'NotAllowedError': // by the user, the system, or the policy of a page around this one
    case 'SecurityError': return {name: 'refused'}; // cameras are turned off for this document
    case 'NotFoundError': return {name: 'nocamera'}; // there is none
    case 'OverconstrainedError': // none with the wanted id; in WebKit also none at all, where front or back is only a wish
      return {name: isNamed ? 'gone' : 'nocamera'};
    case 'NotReadableError': return {name: 'busy'}; // the system does not hand it over
    case 'AbortError': return {name: 'nopicture'}; // it was handed over, and fails for another reason
    default: return failureOf(error);
  }
}
