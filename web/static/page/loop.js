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
  for (; !signal.aborted; await nextFrame(video, signal)) {
    if (video.readyState < 2) continue;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      if (asError(error).name !== 'NoFrameError') throw error; // a video that buffers: there will be another frame
    }
  }
}

/**
 * Waits for the next frame; leaves nothing behind that still waits.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal ends the waiting
 * @returns {Promise<void>}
 */
function nextFrame(video, signal) {
  return new Promise((resolve) => {
    const byFrame = Boolean(video.requestVideoFrameCallback);
    const done = () => {
      clearTimeout(timer);
      if (byFrame) video.cancelVideoFrameCallback(frame);
      else cancelAnimationFrame(frame);
      signal.removeEventListener('abort', done);
      resolve();
    };
    // A video that was paused or has ended shows no further frame: look again soon rather than wait for ever.
    const timer = setTimeout(done, 500);
    const frame = byFrame ? video.requestVideoFrameCallback(done) : requestAnimationFrame(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
