/** @file What a batch, many pictures read one after the other, adds to a run (run.js): pure as that is. */

/** @typedef {import('./run.js').Run} Run */

/** @typedef {Extract<import('./run.js').Event, {type: 'gather'}>} Gather */
/** @typedef {Extract<import('./run.js').Event, {type: 'hold'}>} Hold */

/** What its events change, in whatever phase. */
export const BATCH = {
  /** @param {Run} run @param {Gather} event @returns {Partial<Run>} */
  gather: ({model, kept}, {batch}) => (model === 'none' ? {} : {
    mode: 'picture', source: null, phase: 'resting', begun: false, waits: false, recording: false, sought: null, failure: null,
    kept: {...kept, picture: undefined}, batch, held: false,
  }),
  /** @param {Run} run @param {Hold} event @returns {Partial<Run>} */
  hold: ({batch}, {held}) => (batch ? {held} : {}),
};

/** Whether there is one in the mode that is on. @param {Pick<Run, 'mode' | 'batch'>} run */
export const hasBatch = ({mode, batch}) => mode === 'picture' && batch !== null;

/** Whether "Close" ends the batch, and not one of its pictures. @param {Run} run */
export function isBatchClosed(run) {
  return hasBatch(run) && !run.source && (run.phase === 'resting' || run.model === 'none');
}

/**
 * The batch that is to be read on, whatever else is in view.
 * @param {Run} run
 */
export function batchToRead({batch, mode, model, held}) {
  return mode === 'picture' && model === 'ready' && !held ? batch : null;
}

/** What a model that has loaded changes: it reads a batch anew. */
export const LOADED = /** @type {const} */ ({model: 'ready', held: false});
