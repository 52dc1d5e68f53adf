/** @file "Learn my neutral face": its line under the picture, which says what is learnt and in use. */
import {byId, setText} from './elements.js';

/**
 * What the line tells of.
 * @typedef {object} Shown
 * @property {boolean} isOffered whether model and mode have room for a baseline
 * @property {boolean} isLooking whether frames come
 * @property {boolean} isUsed whether one is in use
 * @property {boolean} isKept whether one is kept on this device
 * @property {boolean} isUsable whether that is one of this model
 * @property {boolean} again whether there has been one
 * @property {string} message what happened; '' for nothing
 * @property {string} offer what stands there otherwise
 * @property {number | null} progress 0..1 while it learns
 */

/** @typedef {'learn' | 'use' | 'forget' | 'keep'} Act what the user can ask for */

/**
 * Tells of each button that is pressed.
 * @param {Record<Act, () => void>} acts
 */
export function connectPanel(acts) {
  byId('neutral-learn').addEventListener('click', acts.learn);
  byId('neutral-use').addEventListener('click', acts.use);
  byId('neutral-forget').addEventListener('click', acts.forget);
  byId('neutral-keep').addEventListener('change', acts.keep);
}

/** Returns whether it is to be kept on this device. */
export function wantsKept() {
  return byId('neutral-keep').checked;
}

/**
 * Shows the line, or hides it where there is nothing to offer or to say.
 * @param {Shown} shown
 */
export function showPanel({isOffered, isLooking, isUsed, isKept, isUsable, again, message, offer, progress}) {
  const panel = byId('neutral');
  const hadFocus = panel.contains(document.activeElement);
  const learning = progress !== null;
  panel.hidden = !isOffered && !message;
  setText(byId('neutral-text'), message || offer);
  byId('neutral-progress').hidden = !learning;
  byId('neutral-progress').value = progress ?? 0;
  setText(byId('neutral-learn'), learning ? 'Cancel' : again ? 'Learn again' : 'Learn my neutral face');
  byId('neutral-learn').hidden = !isOffered;
  byId('neutral-learn').disabled = byId('neutral-use').disabled = !isLooking;
  byId('neutral-use').hidden = !(isOffered && isUsable && !isUsed && !learning);
  byId('neutral-forget').hidden = byId('neutral-keep-choice').hidden = learning || !(isUsed || isKept);
  byId('neutral-keep').checked = isKept;
  if (hadFocus && !canHaveFocus(document.activeElement)) {
    // Focus never falls off the page with a button.
    [byId('neutral-learn'), byId('card-action'), byId('stop')].find(canHaveFocus)?.focus();
  }
}

/** @param {Element | null} element */
function canHaveFocus(element) {
  return element instanceof HTMLElement && element.offsetParent !== null && !element.matches(':disabled, body');
}
