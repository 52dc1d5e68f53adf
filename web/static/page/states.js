/** @file Every state in which a card covers the stage, as it is said: what happened, and what to do. */
import {isKept} from './offline.js';
import {t} from './words/words.js';

/** @typedef {import('./words/words.js').Key} Key */
/** @typedef {'start' | 'choose' | 'reload'} Act */

/** Glyph, the button's label, and what that does; title and text stand under the state's name. */
const STATES = {
  loading: ['face'],
  ready: ['camera', 'act.start', 'start'],
  demo: ['camera', 'act.start', 'start'],
  starting: ['camera'],
  refused: ['camera-off', 'act.again', 'start'],
  nocamera: ['camera-off', 'act.again', 'start'],
  busy: ['camera-off', 'act.again', 'start'],
  gone: ['camera-off', 'act.again', 'start'],
  nopicture: ['camera-off', 'act.again', 'start'],
  unplugged: ['camera-off', 'act.restart', 'start'],
  hidden: ['pause'],
  picture: ['picture', 'act.picture', 'choose'],
  video: ['picture', 'act.video', 'choose'],
  opening: ['picture'],
  reading: ['picture'],
  unreadable: ['warning', 'act.other', 'choose'],
  damaged: ['warning', 'act.reload', 'reload'],
  missing: ['warning', 'act.reload', 'reload'],
  offline: ['warning', 'act.reload', 'reload'],
  simd: ['warning'],
  insecure: ['warning'],
  failed: ['warning', 'act.reload', 'reload'],
};

/** @typedef {keyof typeof STATES} StateName */

/**
 * What a state says.
 * @param {StateName} name
 */
export function wordsOf(name) {
  const [glyph, label, act] = /** @type {[string, Key?, Act?]} */ (STATES[name]);
  // That it works offline another time is promised only where something keeps it.
  const text = t(name === 'offline' && !isKept() ? 'state.offline.unkept' : `state.${name}.text`);
  return {glyph, title: t(`state.${name}.title`), text, label: label && t(label), act};
}
