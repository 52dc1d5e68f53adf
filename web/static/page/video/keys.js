/** @file What the arrow keys do to a place in a video: the same on the seek bar and on each face's line. Pure. */

const NEAR = 1; // seconds
const FAR = 10;

/**
 * Where a key leads to; null for a key that leads nowhere.
 * @param {string} key
 * @param {number} time seconds
 * @param {number} duration
 */
export function soughtBy(key, time, duration) {
  const steps = {ArrowLeft: -NEAR, ArrowDown: -NEAR, ArrowRight: NEAR, ArrowUp: NEAR, PageDown: -FAR, PageUp: FAR};
  if (key === 'Home') return 0;
  if (key === 'End') return duration;
  const step = steps[/** @type {keyof typeof steps} */ (key)];
  return step ? Math.min(duration, Math.max(0, time + step)) : null;
}
