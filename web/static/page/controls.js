/** @file The buttons around the stage: which there are in a mode, and which can be pressed. */

const byId = (id) => document.getElementById(id);

/**
 * Shows the controls of a mode.
 * @param {'camera' | 'picture' | 'video'} name
 */
export function showMode(name) {
  document.querySelector(`input[name="mode"][value="${name}"]`).checked = true;
  const live = name === 'camera';
  for (const id of ['mirror', 'camera-choice']) byId(id).hidden = !live;
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
  for (const id of ['stop', 'pause']) byId(id).disabled = !ids.includes(id);
  if (focused?.disabled) byId('card-action').focus();
}

/** Shows whether the video is paused. */
export function showPaused(on) {
  byId('pause').setAttribute('aria-pressed', String(on));
  byId('pause').textContent = on ? 'Resume' : 'Pause';
}
