/**
 * @file A video's picture as a bitmap, also where its first frame is not there yet, or the one that is sought.
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

/**
 * Waits for the picture of a video that loads or seeks. Any other source is left as it is, and so is a video that none comes to.
 * @param {unknown} source
 * @throws {NoFrameError} if it shows none for a second
 */
export async function untilShown(source) {
  const end = performance.now() + PATIENCE;
  while (isVideo(source) && source.readyState < 2 && isExpected(source)) {
    if (performance.now() > end) throw new NoFrameError('The video shows no picture yet.');
    await nextFrame(source);
  }
}

/** Whether a video has something to show, sooner or later. @param {HTMLVideoElement} video */
const isExpected = ({error, networkState}) => !error && networkState !== 0 && networkState !== 3; // no source, or none that plays

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
