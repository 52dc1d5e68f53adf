/** @file The card on the stage: every state in which there is no live picture to look at. */
import {asError} from '../runtime/errors.js';
import {byId} from './elements.js';

/** What each state says. Plain sentences: what happened, and what to do. */
const STATES = {
  loading: ['face', 'Getting ready', 'Loading the network. It stays on this device.'],
  ready: ['camera', 'See your expressions, live', 'The camera picture is read here in the browser and goes nowhere else.',
    'Start camera'],
  starting: ['camera', 'Starting the camera', 'Your browser may ask for permission.'],
  refused: ['camera-off', 'The camera was refused', 'Allow the camera for this page in the address bar, then try again. ' +
    'Pictures and videos work without it.', 'Try again'],
  nocamera: ['camera-off', 'No camera found', 'Connect one and try again, or open a picture or a video.', 'Try again'],
  busy: ['camera-off', 'The camera is busy', 'Another program may be using it. Close that program and try again.', 'Try again'],
  gone: ['camera-off', 'That camera is not connected', 'Connect it and try again, or choose another one.', 'Try again'],
  nopicture: ['camera-off', 'The camera does not start', 'This page may use it, but it gives no picture. Reconnect it, or ' +
    'choose another one.', 'Try again'],
  unplugged: ['camera-off', 'The camera was disconnected', 'Connect it again or choose another one.', 'Start again'],
  hidden: ['pause', 'Paused while out of sight', 'The camera rests until this tab is in front again.'],
  picture: ['picture', 'Open a picture', 'Choose, drop or paste one, or try a sample.', 'Choose a picture'],
  video: ['picture', 'Open a video', 'Choose or drop a video file. It is not uploaded.', 'Choose a video'],
  reading: ['picture', 'Reading the picture', 'Small and turned faces are looked for as well. It stays on this device.'],
  unreadable: ['warning', 'That cannot be shown', '', 'Choose another'],
  damaged: ['warning', 'The model file is damaged', 'It is not the file that its manifest names, so it is not used. ' +
    'Reload to fetch it again.', 'Reload'],
  missing: ['warning', 'The model file is missing', 'The server did not send it. Reload, or choose another model.', 'Reload'],
  offline: ['warning', 'You are offline', 'This model or engine was not loaded before. Connect once, then it works offline.', 'Reload'],
  simd: ['warning', 'This browser is too old', 'It has no WebAssembly SIMD, which the network needs. ' +
    'Firefox 89, Chrome 91, Safari 16.4 and anything newer have it.'],
  insecure: ['warning', 'This address is not secure', 'Over plain HTTP from another machine, browsers withhold the camera ' +
    'and the checks on model files. Open the page through https:// or from localhost.'],
  failed: ['warning', 'Something went wrong', '', 'Reload'],
};

/** @typedef {keyof typeof STATES} StateName */

let action = () => {};
byId('card-action').addEventListener('click', () => action());

/**
 * Shows a state over the stage.
 * @param {StateName} name
 * @param {{text?: string, act?: () => void}} [options] another text; what the button does
 * @returns {string} what a screen reader should hear
 */
export function showState(name, {text, act} = {}) {
  const [glyph, title, usual, label] = STATES[name];
  byId('stage').dataset.state = name;
  byId('card').hidden = false;
  byId('card-glyph').dataset.kind = glyph;
  byId('card-title').textContent = title;
  byId('card-text').textContent = text ?? usual;
  byId('card-progress').hidden = name !== 'loading';
  byId('card-action').hidden = !(label && act);
  byId('card-action').textContent = label ?? '';
  byId('samples').hidden = name !== 'picture' && name !== 'unreadable';
  action = act ?? (() => {});
  return `${title}. ${text ?? usual}`;
}

/** Clears the stage for a picture. */
export function showPicture() {
  delete byId('stage').dataset.state;
  byId('card').hidden = true;
}

/**
 * Gives the stage the shape of what it shows, within what fits a screen.
 * @param {number} width of the picture in pixels
 * @param {number} height
 */
export function shapeStage(width, height) {
  const shape = Math.min(Math.max(width / height || 4 / 3, 0.75), 16 / 9);
  byId('stage').style.setProperty('--aspect', String(shape));
}

/**
 * Moves the bar of the loading state.
 * @param {number} share 0 to 1
 */
export function showProgress(share) {
  byId('card-progress').value = Math.min(Math.max(share, 0), 1);
}

/**
 * Returns the state that an error of the runtime means.
 * @param {unknown} error
 * @returns {{name: StateName, text?: string}}
 */
export function stateOfError(error) {
  const {name, message} = asError(error);
  switch (name) {
    case 'ModelDamagedError': return {name: 'damaged'};
    case 'ModelMissingError': return {name: navigator.onLine ? 'missing' : 'offline'};
    case 'SimdMissingError': return {name: 'simd'};
    case 'InsecureContextError': return {name: 'insecure'};
    default: return {name: 'failed', text: message || name};
  }
}

/**
 * Returns the state that a refusal of getUserMedia means (Media Capture and Streams, 10.3.1, and WebIDL's names).
 * @param {unknown} error
 * @returns {{name: StateName, text?: string}}
 */
export function stateOfCameraError(error) {
  const {name, message} = asError(error);
  switch (name) {
    case 'NotAllowedError': // by the user, the system, or the policy of a page around this one
    case 'SecurityError': return {name: 'refused'}; // cameras are turned off for this document
    case 'NotFoundError': return {name: 'nocamera'}; // there is none
    case 'OverconstrainedError': // none with the wanted id; in WebKit also none at all, where front or back is only a wish
      return {name: ['user', 'environment'].includes(byId('camera').value) ? 'nocamera' : 'gone'};
    case 'NotReadableError': return {name: 'busy'}; // the system does not hand it over
    case 'AbortError': return {name: 'nopicture'}; // it was handed over, and fails for another reason
    default: return {name: 'failed', text: message || name};
  }
}
