/** @file What follows from a run (run.js), pure as that is: the work, the camera, the buttons, the card on the stage. */
import {hasBatch} from './batch_run.js';
import {t} from './words/words.js';

/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./run.js').Failure} Failure */
/** @typedef {'open' | 'look' | 'seek' | 'scan' | 'read' | null} Work */

/** What is to be done with the source. @param {Run} run @returns {Work} */
export function workOf({source, phase, model, hidden, frozen, sought}) {
  if (!source) return null;
  if (phase === 'starting') return hidden && source.isDevice ? null : 'open';
  if (model !== 'ready') return null; // another one takes over where this one ended
  if (phase === 'reading') return 'read';
  if (hidden || frozen) return null;
  if (phase === 'scanning') return 'scan';
  if (sought !== null) return 'seek';
  return phase === 'live' ? 'look' : null;
}

/** Whether the source is to be held open: a device, whose light tells of it, only while it is looked at. @param {Run} run */
export function isHeld({source, phase, hidden}) {
  if (!source?.isDevice) return source !== null;
  return !hidden && (phase === 'starting' || phase === 'live');
}

/** Which buttons can be pressed. @param {Run} run */
export function buttonsOf(run) {
  const {source, phase, begun, recording} = run;
  const pausable = phase === 'live' || phase === 'paused' || (phase === 'starting' && begun);
  const cover = coverOf(run);
  return {
    stop: source !== null || hasBatch(run), pause: pausable && !source?.isStill, isPaused: phase === 'paused',
    mirror: Boolean(source?.isDevice && begun),
    snapshot: !cover || cover.name === 'demo', record: recording || workOf(run) === 'look', isRecording: recording,
  };
}

/**
 * What covers the stage; 'resting': what the mode begins with; 'batch': all pictures of one; null: its picture is in view.
 * @param {Run} run
 * @returns {Failure | {name: 'resting'} | {name: 'batch'} | null}
 */
export function coverOf({source, phase, model, hidden, failure, mode, batch}) {
  if (model === 'loading' || model === 'changing') return {name: 'loading'};
  if (failure) return failure;
  if (!source && hasBatch({mode, batch})) return {name: 'batch'};
  if (!source || (source.isDemo && phase === 'starting')) return {name: 'resting'};
  if (source.isDemo) return {name: 'demo'};
  if (phase === 'reading' || (phase === 'starting' && source.isStill)) return {name: 'reading'};
  if (hidden && source.isDevice && phase === 'starting') return {name: 'hidden'};
  if (hidden && phase === 'live') return {name: 'hidden', text: t('state.hidden.video')};
  return phase === 'starting' ? {name: source.isDevice ? 'starting' : 'opening'} : null;
}
