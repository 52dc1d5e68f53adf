/** @file What a recorder does while the page runs. Pure. */
import {workOf} from '../run_outcome.js';

/**
 * It rests while the run does, and whenever something else than the picture is in view.
 * @param {import('../run.js').Run} run
 * @returns {'off' | 'on' | 'paused'}
 */
export function recorderOf(run) {
  if (!run.recording) return 'off';
  return workOf(run) === 'look' ? 'on' : 'paused';
}
