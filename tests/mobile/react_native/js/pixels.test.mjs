import assert from 'node:assert/strict';
import {test} from 'node:test';

import {bytesOf, textOf} from '../../../../mobile/react-native/base64.js';
import {pixelsOf} from '../../../../mobile/react-native/pixels.js';
import {frameOf} from '../../../../mobile/react-native/video.js';

// Upright: 1 2 3
//          4 5 6, each with its tens as green and its hundreds as blue.
const UPRIGHT = [[1, 2, 3], [4, 5, 6]];
const LYING = {
  up: UPRIGHT, right: [[4, 1], [5, 2], [6, 3]], down: [[6, 5, 4], [3, 2, 1]], left: [[3, 6], [2, 5], [1, 4]],
};
const PLACES = {rgba: [0, 1, 2, 4], bgra: [2, 1, 0, 4], rgb: [0, 1, 2, 3], 'rgb-rgba-8-bit': [0, 1, 2, 4],
  'rgb-bgra-8-bit': [2, 1, 0, 4], 'rgb-rgb-8-bit': [0, 1, 2, 3]};

/**
 * A frame's bytes.
 * @param {number[][]} rows
 * @param {keyof typeof PLACES} pixelFormat
 */
function frame(rows, pixelFormat, gap = 0) {
  const [red, green, blue, step] = PLACES[pixelFormat];
  const [width, height] = [rows[0].length, rows.length];
  const bytesPerRow = width * step + gap;
  const data = new Uint8Array(bytesPerRow * height - gap).fill(99);
  rows.forEach((row, y) => row.forEach((value, x) => {
    const at = y * bytesPerRow + x * step;
    [data[at + red], data[at + green], data[at + blue]] = [value, 10 * value, 20 * value];
  }));
  return {data, width, height, bytesPerRow, pixelFormat};
}

/** @param {ReturnType<typeof pixelsOf>} pixels */
function read({data, width, height}) {
  return Array.from({length: height}, (_, y) => Array.from({length: width}, (__, x) => {
    const at = 4 * (y * width + x);
    assert.deepEqual([data[at + 1], data[at + 2]], [10 * data[at], 20 * data[at]]);
    return data[at];
  }));
}

for (const pixelFormat of /** @type {(keyof typeof PLACES)[]} */ (Object.keys(PLACES))) {
  for (const orientation of /** @type {(keyof typeof LYING)[]} */ (Object.keys(LYING))) {
    test(`${pixelFormat} that lies ${orientation} is put upright`, () => {
      for (const gap of [0, 5]) {
        assert.deepEqual(read(pixelsOf({...frame(LYING[orientation], pixelFormat, gap), orientation})), [[1, 2, 3], [4, 5, 6]]);
        assert.deepEqual(read(pixelsOf({...frame(LYING[orientation], pixelFormat, gap), orientation, isMirrored: true})),
          [[3, 2, 1], [6, 5, 4]]);
      }
    });
  }
}

test('grey counts as red, green and blue', () => {
  const {data} = pixelsOf({data: Uint8Array.of(7, 9, 0, 11, 13).buffer, width: 2, height: 2, bytesPerRow: 3, pixelFormat: 'grey'});
  assert.deepEqual([...data], [7, 7, 7, 255, 9, 9, 9, 255, 11, 11, 11, 255, 13, 13, 13, 255]);
});

test('upright RGBA without a gap is not copied, whatever holds it', () => {
  const data = new Uint8ClampedArray(4 * 6);
  assert.equal(pixelsOf({data, width: 3, height: 2}).data.buffer, data.buffer);
  assert.equal(pixelsOf({data: data.buffer, width: 3, height: 2, bytesPerRow: 0}).data.buffer, data.buffer);
  assert.equal(pixelsOf({data: new Uint8Array(30), width: 3, height: 2}).data.length, 24);
});

test('what is no frame is refused by its name', () => {
  const data = new Uint8Array(24);
  /** @type {[object, RegExp][]} */
  const refused = [
    [{data, width: 3, height: 3}, /has 24 bytes, 12 a row; 3 × 3 pixels of rgba have more/],
    [{data, width: 3, height: 2, bytesPerRow: 11}, /11 a row/],
    [{data, width: 0, height: 2}, /0 × 2/],
    [{data, width: 1.5, height: 2}, /1.5 × 2/],
    [{data, width: 3, height: 2, pixelFormat: 'yuv-420-8-bit-full'}, /yuv-420-8-bit-full; ask the camera for pixelFormat 'rgb'/],
    [{data, width: 3, height: 2, pixelFormat: 'toString'}, /toString/],
    [{data, width: 3, height: 2, orientation: 'portrait'}, /portrait; up, right, down, left/],
    [{data: [1, 2], width: 3, height: 2}, /no bytes/],
  ];
  for (const [given, message] of refused) {
    assert.throws(() => pixelsOf(/** @type {any} */ (given)), {name: 'UnsupportedImageError', message});
  }
});

test('base64 there and back, of every length', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({length}, (_, place) => 37 * place + 200);
    assert.equal(textOf(bytes), Buffer.from(bytes).toString('base64'));
    assert.deepEqual(bytesOf(textOf(bytes)), bytes);
  }
});

test('frames of the golden video: turned to the left, then shifted; or flat', () => {
  const picture = pixelsOf(frame(UPRIGHT, 'rgba'));
  assert.deepEqual(read(frameOf(picture, 1, [0, 0])), [[3, 6], [2, 5], [1, 4]]);
  assert.deepEqual(read(frameOf(picture, 2, [0, 0])), [[6, 5, 4], [3, 2, 1]]);
  assert.deepEqual(read(frameOf(picture, 0, [1, -1])), [[6, 4, 5], [3, 1, 2]]);
  assert.deepEqual([...frameOf(picture, null, [0, 0]).data], new Array(24).fill(128));
});
