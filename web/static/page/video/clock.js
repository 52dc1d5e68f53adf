/** @file Times of a video as they are said, and how fast the reading of it goes. */

/**
 * Writes a place in a video: 0:07, 1:30, 1:00:00.
 * @param {number} seconds
 */
export function clockOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/**
 * How many frames there are to be read.
 * @param {number} duration of the video in seconds
 * @param {number} rate frames a second
 */
export function framesIn(duration, rate) {
  return Math.max(1, Math.ceil(duration * rate - 1e-6)); // what is rounded in a file's duration is no frame
}

/**
 * How it goes.
 * @param {object} done
 * @param {number} done.from seconds of the video: where this stretch of work began
 * @param {number} done.to where it is
 * @param {number} done.duration
 * @param {number} done.worked seconds that it took
 * @returns {{share: number, speed: number | null, left: number | null}} speed: times real time; left: seconds; both null until
 *   they can be told
 */
export function paceOf({from, to, duration, worked}) {
  const speed = worked >= 0.5 && to > from ? (to - from) / worked : null;
  return {share: Math.min(1, to / duration), speed, left: speed && Math.max(0, duration - to) / speed};
}
