/**
 * @file The pixels of a camera's frame or of a decoded picture, as the runtime reads them: upright, R, G, B and a byte that is
 * ignored for each: what cameras and decoders leave there is no opacity, 0 from many, so everything is opaque. Names are those
 * of react-native-vision-camera's Frame.
 */
import {UnsupportedImageError} from '../../web/static/runtime/errors.js';

/**
 * Pixels in memory.
 * @typedef {object} Frame
 * @property {ArrayBuffer | Uint8Array | Uint8ClampedArray} data rows from the top, of a camera as its sensor lies
 * @property {number} width of a row in pixels
 * @property {number} height of rows
 * @property {string} [pixelFormat] rgba (the default), bgra, rgb or grey, or vision-camera's name: rgb-rgba-8-bit,
 *   rgb-bgra-8-bit, rgb-rgb-8-bit
 * @property {number} [bytesPerRow] from the start of one row to that of the next; default, and what 0 means: no gap
 * @property {'up' | 'right' | 'down' | 'left'} [orientation] where the picture's top is in `data`; default: up
 * @property {boolean} [isMirrored] whether the upright picture is to be read from right to left; default: no
 */

/** Bytes a pixel, and where red, green and blue are among them. @type {Record<string, [number, number, number, number]>} */
const FORMATS = {
  rgba: [4, 0, 1, 2], 'rgb-rgba-8-bit': [4, 0, 1, 2],
  bgra: [4, 2, 1, 0], 'rgb-bgra-8-bit': [4, 2, 1, 0],
  rgb: [3, 0, 1, 2], 'rgb-rgb-8-bit': [3, 0, 1, 2],
  grey: [1, 0, 0, 0],
};
const ORIENTATIONS = ['up', 'right', 'down', 'left'];

/**
 * The pixels of a frame. Upright RGBA bytes without a gap are taken as they are, and must stay until they were looked at; of
 * all else a copy is made.
 * @param {Frame} frame
 * @returns {import('../../web/static/runtime/geometry.js').Pixels}
 * @throws {UnsupportedImageError} for another format or orientation, or fewer bytes than its sides say
 */
export function pixelsOf({data, width, height, pixelFormat = 'rgba', bytesPerRow = 0, orientation = 'up', isMirrored = false}) {
  const bytes = bytesOf(data);
  if (!(isSide(width) && isSide(height))) throw new UnsupportedImageError(`The frame has ${width} × ${height} pixels.`);
  const format = Object.hasOwn(FORMATS, pixelFormat) ? FORMATS[pixelFormat] : null;
  if (!format) {
    throw new UnsupportedImageError(
      `The frame's format is ${pixelFormat}; ask the camera for pixelFormat 'rgb', or give rgba, bgra, rgb or grey.`);
  }
  const quarters = ORIENTATIONS.indexOf(orientation);
  if (quarters < 0) throw new UnsupportedImageError(`The frame's orientation is ${orientation}; ${ORIENTATIONS.join(', ')} are known.`);
  const least = width * format[0];
  const row = bytesPerRow || least;
  if (!(row >= least && bytes.length >= row * (height - 1) + least)) {
    throw new UnsupportedImageError(
      `The frame has ${bytes.length} bytes, ${row} a row; ${width} × ${height} pixels of ${pixelFormat} have more.`);
  }
  const isPlain = format === FORMATS.rgba || format === FORMATS['rgb-rgba-8-bit'];
  if (isPlain && row === least && quarters === 0 && !isMirrored) return {data: bytes.subarray(0, least * height), width, height};
  return upright(bytes, width, height, row, format, quarters, isMirrored);
}

/**
 * @param {Uint8Array | Uint8ClampedArray} bytes
 * @param {number} width @param {number} height of the buffer in pixels
 * @param {number} row in bytes
 * @param {[number, number, number, number]} format
 * @param {number} quarters by which the picture is turned clockwise in the buffer
 * @param {boolean} isMirrored
 */
function upright(bytes, width, height, row, [step, red, green, blue], quarters, isMirrored) {
  const isAcross = quarters % 2 === 1;
  const [wide, high] = isAcross ? [height, width] : [width, height];
  // Where the first upright pixel is in the buffer, and how far it is to the one on its right and to the one below.
  const starts = [0, (width - 1) * step, (height - 1) * row + (width - 1) * step, (height - 1) * row];
  const across = [step, row, -step, -row][quarters];
  const down = [row, -step, -row, step][quarters];
  const data = new Uint8ClampedArray(4 * wide * high);
  for (let y = 0, to = 0; y < high; y++) {
    let from = starts[quarters] + y * down + (isMirrored ? (wide - 1) * across : 0);
    for (let x = 0; x < wide; x++, to += 4, from += isMirrored ? -across : across) {
      data[to] = bytes[from + red];
      data[to + 1] = bytes[from + green];
      data[to + 2] = bytes[from + blue];
      data[to + 3] = 255;
    }
  }
  return {data, width: wide, height: high};
}

/** @param {unknown} data @returns {Uint8Array | Uint8ClampedArray} */
function bytesOf(data) {
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new UnsupportedImageError('The frame has no bytes: an ArrayBuffer, Uint8Array or Uint8ClampedArray is expected as data.');
}

/** @param {number} side */
const isSide = (side) => Number.isInteger(side) && side > 0;
