/**
 * @file Pictures of every kind that a page has, as something that can be handed to a worker. Its other side: pixels.js.
 */
import {refuseArray} from './arrays.js';
import {checkSides} from './checks.js';
import {asError, NoFrameError, UnsupportedImageError} from './errors.js';
import {frameOfFile, reducedSide} from './picture_file.js';
import {checkMost, MOST_OF_FRAME, MOST_PIXELS} from './picture_limits.js';
import {bitmapOf, untilShown} from './video.js';

/**
 * What `recognize` takes.
 * @typedef {Blob | HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap |
 *   ImageData | VideoFrame} Source a Blob or File: a picture file's content; what is transparent lies over black
 */

// Larger pictures are scaled down: a face that the detector can find has pixels enough left, memory stays small.
const MOST_SIDE = {near: 2048, far: 4096};
const NO_PIXELS = 'The picture has no pixels: it is not an image, or nothing of it has been decoded yet.';

/**
 * Takes what a source shows now.
 * @param {Source} source an image's EXIF orientation is honoured
 * @param {import('./checks.js').Reach} [reach] of what will look at it
 * @returns {Promise<{frame: import('./pixels.js').Frame, scale: number}>} scale: source pixels a pixel of the frame
 * @throws {UnsupportedImageError} if nothing has been decoded, the browser withholds it (another origin's), or it has too many
 *   pixels (picture_limits.js)
 * @throws {import('./errors.js').NoFrameError} if a video shows nothing for a second
 */
export async function frameOf(source, reach = 'near') {
  if (source instanceof Blob) return frameOfFile(source, MOST_SIDE[reach]);
  refuseArray(source);
  await untilShown(source);
  const [width, height] = sizeOf(source);
  if (!(width > 0 && height > 0)) throw new UnsupportedImageError(NO_PIXELS);
  checkSides(width, height);
  // What is still to be decoded; of anything else the pixels are in memory already.
  if ('naturalWidth' in source) checkMost({width, height}, MOST_PIXELS);
  if ('videoWidth' in source) checkMost({width, height}, MOST_OF_FRAME);
  const scale = Math.max(1, width / MOST_SIDE[reach], height / MOST_SIDE[reach]);
  // Other pixels than sRGB bytes, half floats and wider colours, become them on their way through a bitmap.
  const isPixels = typeof ImageData !== 'undefined' && source instanceof ImageData;
  const isBytes = isPixels && source.data instanceof Uint8ClampedArray && source.colorSpace !== 'display-p3';
  if (isBytes && scale === 1) return {frame: source, scale};
  const video = scale === 1 ? videoFrameOf(source, width, height) : null;
  if (video) return {frame: video, scale};
  /** @type {ImageBitmapOptions} */
  const resize = scale === 1 ? {} :
    {resizeWidth: reducedSide(width, scale), resizeHeight: reducedSide(height, scale), resizeQuality: 'medium'};
  try {
    return {frame: await bitmapOf(source, resize), scale};
  } catch (error) {
    if (error instanceof NoFrameError) throw error;
    throw new UnsupportedImageError(`The picture cannot be read: ${asError(error).message}`);
  }
}

/**
 * Takes what each of several sources shows.
 * @param {Source[]} sources
 * @returns {Promise<import('./pixels.js').Frame[]>}
 * @throws {UnsupportedImageError} as `frameOf`, naming the frame; then none is left
 */
export async function framesOf(sources) {
  // Far is looked at where near finds nobody; of a video, that is in memory at once, with the pixels that near takes.
  const reach = sources.length === 1 ? 'far' : 'near';
  /** @type {import('./pixels.js').Frame[]} */
  const frames = [];
  for (const source of sources) {
    try {
      frames.push((await frameOf(source, reach)).frame);
    } catch (error) {
      closeFrames(ownFrames(frames, sources));
      const which = sources.length > 1 ? `frame ${frames.length + 1} of ${sources.length}: ` : '';
      throw new (error instanceof NoFrameError ? NoFrameError : UnsupportedImageError)(`${which}${asError(error).message}`);
    }
  }
  return frames;
}

/** The frames that were made here, which the worker may take. @param {import('./pixels.js').Frame[]} frames @param {Source[]} sources */
export function ownFrames(frames, sources) {
  return frames.flatMap((frame, index) => (frame === sources[index] || frame instanceof ImageData ? [] : [frame]));
}

/**
 * Frees what a failed call may have left here.
 * @param {Error} error
 * @param {import('./pixels.js').Frame[]} frames
 * @returns {Error} what the caller is told
 */
export function afterFailure(error, frames) {
  closeFrames(frames);
  return error.name === 'DataCloneError' || error.name === 'SecurityError' ?
    new UnsupportedImageError('The picture comes from another site, which does not share its pixels.') : error;
}

/**
 * Brings a face of a frame to the pixels of its source.
 * @param {import('./face.js').Face} face
 * @param {number} scale source pixels a pixel of the frame
 */
export function enlarge(face, scale) {
  /** @param {[number, number]} point @returns {[number, number]} */
  const enlarged = ([x, y]) => [x * scale, y * scale];
  const {box: {x, y, width, height}, eyes, keypoints, crop} = face;
  face.box = {x: x * scale, y: y * scale, width: width * scale, height: height * scale};
  face.crop = {...crop, centerX: crop.centerX * scale, centerY: crop.centerY * scale, side: crop.side * scale};
  if (eyes) face.eyes = [enlarged(eyes[0]), enlarged(eyes[1])];
  if (keypoints) face.keypoints = Object.fromEntries(Object.entries(keypoints).map(([name, point]) => [name, enlarged(point)]));
}

/** Frees what frames hold. @param {import('./pixels.js').Frame[]} frames */
function closeFrames(frames) {
  for (const frame of frames) if ('close' in frame) frame.close();
}

/** @type {boolean | undefined} whether a VideoFrame says how it is turned and can give its pixels as RGBA */
let givesPixels;

/**
 * A video's or canvas's picture as a frame whose pixels need no canvas to be read; null where that is not possible.
 * @param {Source} source @param {number} width @param {number} height
 */
function videoFrameOf(source, width, height) {
  if (!('videoWidth' in source || 'getContext' in source)) return null;
  try {
    givesPixels ??= 'rotation' in VideoFrame.prototype && rgbaSize(new VideoFrame(new Uint8Array(6),
      {format: 'I420', codedWidth: 2, codedHeight: 2, timestamp: 0})) === 16;
    if (!givesPixels) return null;
    const frame = new VideoFrame(source, {timestamp: 0});
    /** @type {VideoFrame & {rotation?: number, flip?: boolean}} */
    const {rotation, flip, visibleRect} = frame; // the first two are newer than TypeScript's library
    if (!rotation && !flip && visibleRect?.width === width && visibleRect.height === height) return frame;
    frame.close();
  } catch {
    // An older browser, or a picture of another site: createImageBitmap judges it.
  }
  return null;
}

/**
 * Bytes of a frame as RGBA; a browser that cannot convert answers for the frame's own format. The frame is closed.
 * @param {VideoFrame} frame
 */
function rgbaSize(frame) {
  const size = frame.allocationSize({format: 'RGBA'});
  frame.close();
  return size;
}

/** @param {Exclude<Source, Blob>} source @returns {[number, number]} */
function sizeOf(source) {
  if (source === null || typeof source !== 'object') return [0, 0];
  if ('videoWidth' in source) return source.readyState >= 2 ? [source.videoWidth, source.videoHeight] : [0, 0];
  if ('naturalWidth' in source) return [source.naturalWidth, source.naturalHeight];
  if ('displayWidth' in source) return [source.displayWidth, source.displayHeight];
  if (source instanceof ImageData && source.data.length === 0) return [0, 0]; // its bytes were handed on, to a worker perhaps
  return [source.width, source.height];
}
