/**
 * @file Pictures of every kind that a page has, as something that can be handed to a worker, and there as pixels.
 */
import {UnsupportedImageError} from './errors.js';

/**
 * What `recognize` takes.
 * @typedef {HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData |
 *   VideoFrame} Source
 */

// Larger pictures are scaled down: a face that the detector can find has pixels enough left, memory stays small.
const MOST_SIDE = 2048;

/**
 * Takes what a source shows now.
 * @param {Source} source an image's EXIF orientation is honoured
 * @returns {Promise<{frame: ImageBitmap | ImageData, scale: number}>} scale: source pixels a pixel of the frame
 * @throws {UnsupportedImageError} if nothing has been decoded, or the browser withholds it (another origin's)
 */
export async function frameOf(source) {
  const [width, height] = sizeOf(source);
  if (!(width > 0 && height > 0)) {
    throw new UnsupportedImageError('The picture has no pixels: it is not an image, or nothing of it has been decoded yet.');
  }
  const isPixels = typeof ImageData !== 'undefined' && source instanceof ImageData;
  const scale = Math.max(1, width / MOST_SIDE, height / MOST_SIDE);
  if (isPixels && scale === 1) return {frame: source, scale};
  /** @type {ImageBitmapOptions} */
  const resize = scale === 1 ? {} :
    {resizeWidth: Math.round(width / scale), resizeHeight: Math.round(height / scale), resizeQuality: 'medium'};
  try {
    return {frame: await createImageBitmap(source, resize), scale};
  } catch (error) {
    throw new UnsupportedImageError(`The picture cannot be read: ${error.message}`);
  }
}

/** @type {OffscreenCanvas | undefined} */
let canvas;

/**
 * The pixels of a frame; transparent ones lie over black.
 * @param {ImageBitmap | ImageData} frame a bitmap is closed
 * @returns {ImageData}
 */
export function pixelsOf(frame) {
  if (frame instanceof ImageData) return frame;
  const {width, height} = frame;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', {alpha: false, willReadFrequently: true});
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, width, height);
}

function sizeOf(source) {
  if (source === null || typeof source !== 'object') return [0, 0];
  if ('videoWidth' in source) return source.readyState >= 2 ? [source.videoWidth, source.videoHeight] : [0, 0];
  if ('naturalWidth' in source) return [source.naturalWidth, source.naturalHeight];
  if ('displayWidth' in source) return [source.displayWidth, source.displayHeight];
  return [source.width, source.height];
}
