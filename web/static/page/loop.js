/** @file Runs one piece of work a video frame, never two at once. */
import {asError} from '../runtime/errors.js';

/**
 * Works on a frame after the other; the one that is there is looked at without waiting for the next.
 * @param {HTMLVideoElement} video
 * @param {() => Promise<void>} work done for a frame
 * @param {AbortSignal} signal ends it, after the frame that is being worked on
 * @throws what the work throws, which ends it as well
 */
export async function everyFrame(video, work, signal) {
  for (; !signal.aborted; await nextFrame(video)) {
    if (video.readyState < 2) continue;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      if (asError(error).name !== 'NoFrameError') throw error; // a video that buffers: there will be another frame
    }
  }
}

/** @param {HTMLVideoElement} video @returns {Promise<void>} */
function nextFrame(video) {
  return new Promise((resolve) => {
    // A video that was paused or has ended shows no further frame: look again soon rather than wait for ever.
    const timer = setTimeout(resolve, 500);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(done);
    else requestAnimationFrame(done);
  });
}
