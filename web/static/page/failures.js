/** @file Which state of the page an error means. */
import {asError} from '../runtime/errors.js';
import {UnusableFileError} from './files.js';
import {t} from './words/words.js';

/** @typedef {import('./run.js').Failure} Failure */

const LONGEST_NAME = 60; // letters

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
 * @param {unknown} [file] which is named, if it has a name
 * @returns {Failure}
 */
export function failureOfFile(error, file) {
  const failure = error instanceof UnusableFileError ? {name: /** @type {const} */ ('unreadable'), text: error.message} :
    asError(error).name === 'UnsupportedImageError' ? {name: /** @type {const} */ ('unreadable')} : failureOf(error);
  if (failure.name !== 'unreadable' || !(file instanceof File)) return failure;
  return {name: 'unreadable', text: t('file.named', {name: shortened(file.name), reason: failure.text ?? t('state.unreadable.text')})};
}

/** A name of which both ends can be read. @param {string} name */
function shortened(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 20)}…${name.slice(-19)}` : name;
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
