/** @file The buttons around the stage: which there are in a mode, and which can be pressed. */
import {byId} from './elements.js';

/** @typedef {'camera' | 'picture' | 'video'} Mode */

/** Returns the radio buttons of the modes, whose values are Modes. */
export function modeInputs() {
  return /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name="mode"]'));
}

/**
 * Shows the controls of a mode.
 * @param {Mode} name
 */
export function showMode(name) {
  for (const input of modeInputs()) input.checked = input.value === name;
  document.body.dataset.mode = name;
  const live = name === 'camera';
  byId('mirror').hidden = byId('camera-choice').hidden = !live;
  byId('pause').hidden = name === 'picture';
  byId('open').hidden = live;
  byId('file').accept = name === 'video' ? 'video/*' : 'image/*';
  byId('stop').textContent = live ? 'Stop' : 'Close';
}

/**
 * Lets these buttons be pressed, and no other; focus never falls off the page with a button.
 * @param {('stop' | 'pause')[]} ids
 */
export function activate(ids) {
  const focused = document.activeElement;
  byId('stop').disabled = !ids.includes('stop');
  byId('pause').disabled = !ids.includes('pause');
  if (focused instanceof HTMLButtonElement && focused.disabled) byId('card-action').focus();
}

/**
 * Shows whether the video is paused.
 * @param {boolean} on
 */
export function showPaused(on) {
  byId('pause').setAttribute('aria-pressed', String(on));
  byId('pause').textContent = on ? 'Resume' : 'Pause';
}
