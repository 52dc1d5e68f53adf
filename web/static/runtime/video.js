/**
 * @file A video's picture as a bitmap, also where its first frame is not there yet.
 *
 * Right after loadeddata and play(), Chromium has frames that cannot be read for some tens of milliseconds; a video
 * that buffers or seeks has such moments too.
 */
import {asError, NoFrameError} from './errors.js';

const PATIENCE = 1000; // milliseconds
const RETRY = 30; // milliseconds; a video that does not play calls nobody back

/**
 * Takes what a source shows now; waits for a video's next frame where it has none to be read.
 * @param {Exclude<ImageBitmapSource, Blob | ImageData> | ImageData} source
 * @param {ImageBitmapOptions} [options]
 * @returns {Promise<ImageBitmap>}
 * @throws {NoFrameError} if a video shows none for a second
 * @throws {DOMException} what createImageBitmap throws for any other source
 */
export async function bitmapOf(source, options = {}) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await createImageBitmap(source, options);
    } catch (error) {
      if (!isVideo(source) || asError(error).name !== 'InvalidStateError') throw error;
      if (performance.now() > end) throw new NoFrameError('The video shows no picture yet.');
      await nextFrame(source);
    }
  }
}

/** @param {unknown} source @returns {source is HTMLVideoElement} */
const isVideo = (source) => typeof HTMLVideoElement !== 'undefined' && source instanceof HTMLVideoElement;

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<void>}
 */
function nextFrame(video) {
  return new Promise((resolve) => {
    let frame = 0;
    const done = () => {
      clearTimeout(timer);
      video.cancelVideoFrameCallback?.(frame); // nothing is left that still waits: the video may be closed by then
      resolve();
    };
    const timer = setTimeout(done, RETRY);
    frame = video.requestVideoFrameCallback?.(done) ?? 0;
  });
}
