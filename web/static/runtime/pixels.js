/**
 * @file The pixels of what frames.js hands to the worker.
 */
import {UnsupportedImageError} from './errors.js';

/** @typedef {ImageBitmap | ImageData | VideoFrame} Frame */

/** @type {OffscreenCanvas | undefined} */
let canvas;
let bytes = new Uint8ClampedArray(0);

/**
 * The pixels of a frame; transparent ones lie over black. They stay until the next call.
 * @param {Frame} frame closed, unless it is an ImageData
 * @returns {Promise<import('./geometry.js').Pixels>}
 */
export async function pixelsOf(frame) {
  if (frame instanceof ImageData) return frame;
  if (frame instanceof ImageBitmap) return drawn(frame);
  try {
    // Chromium draws a transparent frame too dark, its bitmap as it should.
    return (await copied(frame).catch(() => null)) ?? drawn(await createImageBitmap(frame));
  } finally {
    frame.close();
  }
}

/**
 * The pixels of a frame, without a canvas; null if one is transparent.
 * @param {VideoFrame} frame
 */
async function copied(frame) {
  if (!frame.visibleRect) return null;
  const {width, height} = frame.visibleRect;
  if (bytes.length !== 4 * width * height) bytes = new Uint8ClampedArray(4 * width * height);
  await frame.copyTo(bytes, {format: 'RGBA'});
  const hasAlpha = frame.format === null || frame.format.includes('A');
  return hasAlpha && !isOpaque(bytes) ? null : {data: bytes, width, height};
}

/** @param {Uint8ClampedArray} pixels */
function isOpaque({buffer}) {
  const pixels = new Uint32Array(buffer);
  let all = -1;
  for (let place = 0; place < pixels.length; place++) all &= pixels[place];
  return all >>> 24 === 255;
}

/**
 * The pixels of a bitmap, which is closed.
 * @param {ImageBitmap} bitmap
 */
function drawn(bitmap) {
  const {width, height} = bitmap;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', {alpha: false, willReadFrequently: true});
  if (!context) throw new UnsupportedImageError('The picture cannot be read: this browser gives no canvas for it.');
  context.clearRect(0, 0, width, height); // to black: what is transparent would show the picture before
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
