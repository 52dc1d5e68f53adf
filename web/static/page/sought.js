/** @file Takes a video to a place and waits until the picture of that place is shown, which is later than browsers say that they are there. */

const PATIENCE = 15_000; // milliseconds in which even a slow browser gets from one place to another
const SHOWN = 2000; // milliseconds in which even a busy browser shows the picture of where it is
const INTO = 0.001; // seconds: the frame that begins at a time, not the one that ends there (WebKit)
const NUDGE = 0.0005; // seconds: another place, of the same frame
const TRIES = 4;

/** The file has no frame where it should have one. */
export class BrokenOffError extends Error {
  /** When the last frame that it has begins, in seconds; null where the browser does not tell. @type {number | null} */
  last = null;
}

/** The browser does not show the frame that was asked for. */
export class NotShownError extends Error {}

/**
 * Shows the frame of a time; the video must not play.
 *
 * Only a frame that the browser says it shows is taken for it: when told that it is there ("seeked"), WebKit and Chromium may
 * still show the frame of before, or none. As its time WebKit and Firefox tell the place asked for, Chromium when it begins.
 * @param {HTMLVideoElement} video
 * @param {number} time in seconds; beyond the end: the last frame
 * @param {AbortSignal} [signal]
 * @param {{isSettled?: boolean}} [before] isSettled: the browser has told of all that the video has shown so far
 * @returns {Promise<number | null>} its own time, as the browser tells it; null where browsers do not tell
 * @throws {NotShownError}
 * @throws {BrokenOffError} where the file cannot be read
 */
export async function showFrame(video, time, signal, {isSettled = false} = {}) {
  /** @type {number | null} */
  let before = null;
  let aim = placeFor(time, video);
  const away = aim > time ? NUDGE : -NUDGE; // not beyond the end
  for (let turn = 0; turn < TRIES; turn += 1, aim += away) {
    if (aim === video.currentTime) aim += away; // browsers do not show again what they show
    const shown = nextShown(video);
    try {
      const arrived = happens(video, 'seeked', signal);
      video.currentTime = aim;
      await arrived;
      if (!shown) return null;
      const begins = await shown.within(SHOWN);
      if (begins === null) continue;
      // What is told may still be of before: late, or further on than was asked for. Twice the same, it is of now.
      if (isSame(begins, aim) || isSame(begins, before) || (isSettled && begins < aim)) return begins;
      before = begins;
    } finally {
      shown?.cancel();
    }
  }
  throw new NotShownError('The browser does not show that frame.');
}

/**
 * Where a player goes for the frame of a time: never to the very end, where WebKit does not arrive.
 * @param {number} time in seconds
 * @param {Pick<HTMLVideoElement, 'duration'>} video
 */
export function placeFor(time, {duration}) {
  return Math.max(0, Math.min(time + INTO, (duration || Infinity) - INTO));
}

/**
 * Whether a player has come to its end, or as far as one goes there.
 * @param {Pick<HTMLVideoElement, 'duration' | 'currentTime' | 'ended'>} video
 */
export function isAtEnd({duration, currentTime, ended}) {
  return ended || currentTime > duration - 2 * INTO;
}

/**
 * Waits for something that happens to a video.
 * @param {HTMLVideoElement} video
 * @param {string} event
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 * @throws {BrokenOffError} if it fails instead, or nothing happens
 */
export function happens(video, event, signal) {
  return new Promise((resolve, reject) => {
    const ending = new AbortController();
    /** @param {() => void} answer */
    const end = (answer) => () => {
      ending.abort();
      clearTimeout(timer);
      answer();
    };
    const broken = () => reject(new BrokenOffError(video.error?.message ?? 'Nothing comes any more.'));
    const timer = setTimeout(end(broken), PATIENCE);
    const {signal: once} = ending;
    video.addEventListener(event, end(resolve), {signal: once});
    video.addEventListener('error', end(broken), {signal: once});
    signal?.addEventListener('abort', end(() => reject(signal.reason)), {signal: once});
    if (signal?.aborted) end(() => reject(signal.reason))();
    else if (video.error) end(broken)();
  });
}

/**
 * Listens for the next frame that a video shows.
 * @param {HTMLVideoElement} video
 * @returns {{within: (patience: number) => Promise<number | null>, cancel: () => void} | null} within: its time, or null if none
 *   comes in so many milliseconds; null where browsers do not tell
 */
export function nextShown(video) {
  if (!video.requestVideoFrameCallback) return null;
  let handle = 0;
  const told = new Promise((/** @type {(time: number) => void} */ resolve) => {
    handle = video.requestVideoFrameCallback((_, {mediaTime}) => resolve(mediaTime));
  });
  const within = (/** @type {number} */ patience) => new Promise((/** @type {(time: number | null) => void} */ resolve) => {
    const timer = setTimeout(() => resolve(null), patience);
    void told.then((time) => {
      clearTimeout(timer);
      resolve(time);
    });
  });
  return {within, cancel: () => video.cancelVideoFrameCallback(handle)};
}

/** @param {number} one @param {number | null} other */
function isSame(one, other) {
  return other !== null && Math.abs(one - other) < NUDGE / 2;
}
