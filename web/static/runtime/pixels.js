/**
 * @file The pixels of what frames.js hands to the worker.
 */
import {UnsupportedImageError} from './errors.js';
import {PartlyRead} from './partly.js';

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
  if (frame instanceof ImageData) return overBlack(frame);
  if (frame instanceof ImageBitmap) return drawn(frame);
  try {
    return await read(frame);
  } finally {
    frame.close();
  }
}

/**
 * The pixels of a video's next frame, which `work` has read where it looks at them. They stay until the next call.
 * @template Value
 * @param {Frame} frame closed, unless it is an ImageData
 * @param {(pixels: import('./geometry.js').Pixels) => Promise<Value>} work
 * @returns {Promise<Value>} what work gives
 */
export async function withPixelsOf(frame, work) {
  if (!('visibleRect' in frame && frame.visibleRect && isOpaqueFormat(frame) && isEven(frame.visibleRect))) {
    return work(await pixelsOf(frame));
  }
  try {
    return await work(new PartlyRead(frame, bytesFor(frame.visibleRect), () => read(frame)));
  } finally {
    frame.close();
  }
}

/** @param {VideoFrame} frame @returns {Promise<import('./geometry.js').Pixels>} */
async function read(frame) {
  // Chromium draws a transparent frame too dark, its bitmap as it should.
  return (await copied(frame).catch(() => null)) ?? drawn(await createImageBitmap(frame));
}

/** @param {DOMRectReadOnly} rect */
function isEven({x, y}) {
  return x % 2 === 0 && y % 2 === 0;
}

/** @param {VideoFrame} frame */
function isOpaqueFormat({format}) {
  return format !== null && !format.includes('A');
}

/** @param {DOMRectReadOnly} rect */
function bytesFor({width, height}) {
  if (bytes.length !== 4 * width * height) bytes = new Uint8ClampedArray(4 * width * height);
  return bytes;
}

/**
 * The pixels of a frame, without a canvas; null if one is transparent.
 * @param {VideoFrame} frame
 */
async function copied(frame) {
  if (!frame.visibleRect) return null;
  const {width, height} = frame.visibleRect;
  const data = bytesFor(frame.visibleRect);
  await frame.copyTo(data, {format: 'RGBA'});
  return isOpaqueFormat(frame) || isOpaque(data) ? {data, width, height} : null;
}

/**
 * Bytes as a canvas that is not transparent shows them: round(level × opacity / 255), as pictures.py defines it.
 * @param {ImageData} frame which stays as it is
 * @returns {import('./geometry.js').Pixels}
 */
function overBlack(frame) {
  const {width, height} = frame;
  const levels = /** @type {Uint8ClampedArray<ArrayBuffer>} */ (frame.data);
  if (isOpaque(levels)) return {data: levels, width, height};
  const data = new Uint8ClampedArray(levels.length);
  for (let place = 0; place < data.length; place += 4) {
    const opacity = levels[place + 3];
    for (let channel = 0; channel < 3; channel++) data[place + channel] = levels[place + channel] * opacity / 255; // rounds
    data[place + 3] = 255;
  }
  return {data, width, height};
}

/** @param {Uint8ClampedArray} pixels */
function isOpaque({buffer, byteOffset, length}) {
  const pixels = new Uint32Array(buffer, byteOffset, length / 4);
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
