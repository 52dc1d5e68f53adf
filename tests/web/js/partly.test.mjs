import assert from 'node:assert/strict';
import {test} from 'node:test';

import {sampleGrey} from '../../../web/static/runtime/geometry.js';
import {PartlyRead} from '../../../web/static/runtime/partly.js';
import {largestDifference} from './vectors.mjs';

/** @typedef {import('../../../web/static/runtime/geometry.js').Transform} Transform */
/** @typedef {[number, number, number, number]} Rectangle x, y, width, height */

/**
 * A frame of noise that begins at (x, y) of what was coded, and a log of the rectangles that are copied of it.
 * @param {number} width @param {number} height
 */
function frameOf(width, height, x = 0, y = 0, canCopy = true) {
  let state = 7;
  const all = Uint8ClampedArray.from({length: 4 * width * height}, () => (state = (state * 48271) % 2147483647) & 255);
  /** @type {(Rectangle | 'all')[]} */
  const log = [];
  /** @param {Uint8ClampedArray} data @param {{rect: {x: number, y: number, width: number, height: number}, layout: {offset: number, stride: number}[]}} options */
  const copyTo = (data, {rect, layout: [{offset, stride}]}) => {
    log.push([rect.x, rect.y, rect.width, rect.height]);
    if (!canCopy) return Promise.reject(new Error('made up'));
    for (let row = 0; row < rect.height; row++) {
      const from = 4 * ((rect.y - y + row) * width + rect.x - x);
      data.set(all.subarray(from, from + 4 * rect.width), offset + row * stride);
    }
    return Promise.resolve([]);
  };
  const readAll = () => {
    log.push('all');
    return Promise.resolve({data: all, width, height});
  };
  const frame = /** @type {any} */ ({copyTo, visibleRect: {x, y, width, height}});
  return {log, all: {data: all, width, height}, pixels: new PartlyRead(frame, new Uint8ClampedArray(all.length), readAll)};
}

/** @param {number} centerX @param {number} centerY @param {number} side @returns {Transform} */
const square = (centerX, centerY, side, angle = 0) => ({centerX, centerY, side, angle});
/** @param {import('../../../web/static/runtime/geometry.js').Pixels} image @param {Transform} place */
const sampled = (image, place) => sampleGrey(image, place, 24, [0.3, 0.6, 0.1], 4);

test('what squares take is there, wherever they lie and however they are turned', async () => {
  for (const [width, height] of [[320, 240], [321, 241], [400, 31], [2, 2], [1, 9]]) {
    for (const [x, y, side, angle] of [[100, 100, 60, 0], [100.3, 90.7, 61.2, 0.7], [5, 5, 40, -2], [319, 239, 33, 3], [-90, 500, 50, 1], [1e4, -1e4, 5, 0.1], [60, 20, 0.1, 0]]) {
      const {pixels, all} = frameOf(width, height);
      const place = square(x, y, side, angle);
      await pixels.need([place]);
      assert.equal(largestDifference(sampled(pixels, place), sampled(all, place)), 0, `${width} x ${height}: ${x}, ${y}, ${side}, ${angle}`);
    }
  }
});

test('a small square is copied alone, at even pixels, and no pixel twice', async () => {
  const {pixels, log} = frameOf(320, 240, 8, 4);
  await pixels.need([]);
  assert.deepEqual(log, []);
  await pixels.need([square(100, 100, 40), square(250, 120, 31)]);
  assert.deepEqual(log, [[8 + 78, 4 + 78, 44, 44], [8 + 232, 4 + 102, 36, 36]]);
  await pixels.need([square(99, 101, 36)]);
  assert.equal(log.length, 2);
  await pixels.need([square(99, 101, 36), square(10, 10, 10)]);
  assert.deepEqual(log.slice(2), [[8 + 2, 4 + 2, 16, 16]]);
  await pixels.need();
  await pixels.need([square(160, 120, 40)]);
  await pixels.need();
  assert.deepEqual(log.slice(3), ['all']);
});

test('of more than half of a frame, all is read at once', async () => {
  const {pixels, log, all} = frameOf(320, 240);
  await pixels.need([square(160, 120, 200)]);
  assert.deepEqual(log, ['all']);
  assert.equal(pixels.data, all.data);
  const several = frameOf(320, 240);
  await several.pixels.need([60, 120, 180, 240].map((x) => square(x, 120, 100)));
  assert.deepEqual(several.log, ['all']);
});

test('where a browser copies no part, all is read', async () => {
  const {pixels, log, all} = frameOf(320, 240, 0, 0, false);
  await pixels.need([square(100, 100, 40)]);
  assert.deepEqual(log, [[78, 78, 44, 44], 'all']);
  assert.equal(pixels.data, all.data);
});
