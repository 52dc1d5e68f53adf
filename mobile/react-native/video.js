/** @file The pictures of the golden vectors, and the frames that the golden video makes of one of them. */
import {bytesOf} from './base64.js';

/** @typedef {import('../../web/static/runtime/geometry.js').Pixels} Pixels */

/**
 * A picture of bytes, RGB or grey.
 * @param {string} text in base64
 * @param {number} width
 * @param {number} height
 * @param {number} [channels] 3, or 1: grey
 * @returns {Pixels}
 */
export function pictureOf(text, width, height, channels = 3) {
  const bytes = bytesOf(text);
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let place = 0; place < width * height; place++) {
    for (let channel = 0; channel < 3; channel++) data[4 * place + channel] = bytes[channels * place + channel % channels];
  }
  return {data, width, height};
}

/**
 * A frame of the golden video.
 * @param {Pixels} picture
 * @param {number | null} quarters by which it is turned to the left; null: it is left out, flat grey
 * @param {number[]} shift to the right and down then, in pixels; what leaves it comes in at the other side
 * @returns {Pixels}
 */
export function frameOf(picture, quarters, [right, down]) {
  if (quarters === null) return {...picture, data: new Uint8ClampedArray(picture.data.length).fill(128)};
  let turned = picture;
  for (let quarter = 0; quarter < quarters; quarter++) {
    const {width, height} = turned;
    turned = moved({width: height, height: width}, turned, (x, y) => x * width + width - 1 - y);
  }
  const {width, height} = turned;
  /** @param {number} value @param {number} size */
  const around = (value, size) => (value % size + size) % size;
  return moved(turned, turned, (x, y) => around(y - down, height) * width + around(x - right, width));
}

/**
 * A picture whose pixel (x, y) is one of another.
 * @param {{width: number, height: number}} size
 * @param {Pixels} from
 * @param {(x: number, y: number) => number} placeOf the number of that pixel, row by row
 */
function moved({width, height}, from, placeOf) {
  const data = new Uint8ClampedArray(from.data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      const place = 4 * placeOf(x, y);
      data.set(from.data.subarray(place, place + 4), to);
    }
  }
  return {data, width, height};
}
