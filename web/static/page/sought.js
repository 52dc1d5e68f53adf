/** @file Takes a video to a place and waits until the picture of that place is shown, which is later than browsers say that they are there. */

const PATIENCE = 15_000; // milliseconds in which even a slow browser gets from one place to another
const ARRIVED = 2500; // milliseconds after which it is sent there again: WebKit can get lost on the way from the end
const SHOWN = 1000; // milliseconds in which even a busy browser shows the picture of where it is
const ANOTHER = 250; // milliseconds in which it shows the right one after one of before
const INTO = 0.001; // seconds: the frame that begins at a time, not the one that ends there (WebKit)
const END = 1e-5; // seconds: never to the very end, where WebKit does not arrive
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
 * @param {{isSettled?: boolean, isOpenEnded?: boolean}} [known] isSettled: the browser has told of all that the video has shown so
 *   far; isOpenEnded: the length is where the last frame begins
 * @returns {Promise<number | null>} its own time, as the browser tells it; null where browsers do not tell
 * @throws {NotShownError}
 * @throws {BrokenOffError} where the file cannot be read
 * @throws what `signal` was aborted with; from then on the video is let alone
 */
export async function showFrame(video, time, signal, {isSettled = false, isOpenEnded = false} = {}) {
  /** @type {number | null} */
  let before = null;
  let aim = Math.max(0, Math.min(time + INTO, (video.duration || Infinity) - (isOpenEnded ? 0 : END)));
  const away = aim > time ? NUDGE : -NUDGE; // not beyond the end
  for (let turn = 0; turn < TRIES; turn += 1, aim += away) {
    if (aim === video.currentTime) aim += away; // browsers do not show again what they show
    const place = aim;
    const last = before;
    // What is told may still be of before: late, or further on than was asked for. Twice the same, it is of now.
    signal?.throwIfAborted(); // where somebody else has sent the video meanwhile, it stays
    const isIt = (/** @type {number} */ begins) => isSame(begins, place) || isSame(begins, last) || (isSettled && begins < place);
    const shown = nextShown(video, isIt);
    try {
      const arrived = happens(video, 'seeked', signal, turn < TRIES - 1 ? ARRIVED : PATIENCE);
      video.currentTime = place;
      await arrived;
      if (!shown) return null;
      const begins = await shown.within(SHOWN);
      if (begins !== null && isIt(begins)) return begins;
      before = begins;
      if (begins === null) isSettled = !await stir(video, signal) && isSettled;
    } catch (error) {
      if (!(error instanceof BrokenOffError) || video.error || turn === TRIES - 1) throw error;
      isSettled = !await stir(video, signal) && isSettled;
    } finally {
      shown?.cancel();
    }
  }
  throw new NotShownError();
}

/**
 * Plays a moment: WebKit, sent away from the end of a video, goes on by itself and shows nothing until it has played.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} [signal] what comes after it finds the video paused, and is not paused by it
 * @returns {Promise<boolean>} whether it did
 */
async function stir(video, signal) {
  if (signal?.aborted) return false;
  signal?.addEventListener('abort', () => video.pause(), {once: true});
  const isPlaying = await Promise.race([
    video.play().then(() => true, () => false), // AbortError, or not without the user's leave
    new Promise((/** @type {(isPlaying: boolean) => void} */ resolve) => { setTimeout(() => resolve(true), ARRIVED); }),
  ]);
  if (!signal?.aborted) video.pause();
  return isPlaying;
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
 * @param {number} [patience] milliseconds
 * @returns {Promise<void>}
 * @throws {BrokenOffError} if it fails instead, or nothing happens
 */
export function happens(video, event, signal, patience = PATIENCE) {
  return new Promise((resolve, reject) => {
    const ending = new AbortController();
    /** @param {() => void} answer */
    const end = (answer) => () => {
      ending.abort();
      clearTimeout(timer);
      answer();
    };
    const broken = () => reject(new BrokenOffError(video.error?.message ?? 'Nothing comes any more.'));
    const timer = setTimeout(end(broken), patience);
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
 * @param {(time: number) => boolean} [isIt] whether it is the one that is waited for; another one that is shown on the way is not
 * @returns {{within: (patience: number) => Promise<number | null>, cancel: () => void} | null} within: its time, or of the last one
 *   shown, or null if none comes in so many milliseconds; null where browsers do not tell
 */
export function nextShown(video, isIt = () => true) {
  if (!video.requestVideoFrameCallback) return null;
  let handle = 0;
  /** @type {number | null} */
  let latest = null;
  const told = new Promise((/** @type {(time: number) => void} */ resolve) => {
    const ask = () => {
      handle = video.requestVideoFrameCallback((_, {mediaTime}) => {
        latest = mediaTime;
        if (video.seeking && !isIt(mediaTime)) ask();
        else resolve(mediaTime);
      });
    };
    ask();
  });
  const within = (/** @type {number} */ patience) => new Promise((/** @type {(time: number | null) => void} */ resolve) => {
    const timer = setTimeout(() => resolve(latest), latest === null ? patience : ANOTHER);
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
