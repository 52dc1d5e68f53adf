import assert from 'node:assert/strict';
import {test} from 'node:test';

import {detectionOf, turnedBox} from '../../../web/static/runtime/detection.js';
import {Anchor, placeOf} from '../../../web/static/runtime/follower.js';
import {inverse} from '../../../web/static/runtime/levels.js';
import {motionOf, WINDOW} from '../../../web/static/runtime/motion.js';
import {SIZE, templateOf} from '../../../web/static/runtime/template.js';
import {bytes, largestDifference, medianTime, released} from './vectors.mjs';

const {motions, tolerance} = released('face_detector/golden.json');

/** @typedef {import('../../../web/static/runtime/geometry.js').Pixels} Pixels */

/**
 * A picture of smooth blobs without a period, seen from a place: turned by degrees about (x, y), `zoom` times as large.
 * @param {{x?: number, y?: number, zoom?: number, degrees?: number, width?: number, height?: number}} [view]
 * @returns {Pixels}
 */
function blobs({x = 0, y = 0, zoom = 1, degrees = 0, width = 160, height = 120} = {}) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  const angle = -degrees * (Math.PI / 180);
  for (let place = 0; place < width * height; place++) {
    const across = (place % width + 0.5 - 80 - x) / zoom;
    const down = (Math.floor(place / width) + 0.5 - 60 - y) / zoom;
    const u = across * Math.cos(angle) - down * Math.sin(angle);
    const v = across * Math.sin(angle) + down * Math.cos(angle);
    const level = 128 + 50 * Math.sin(u / 5 + 1) * Math.cos(v / 7) + 40 * Math.sin(v / 4 + u * v / 300) + 0.2 * u;
    data.fill(level, 4 * place, 4 * place + 3);
  }
  return {data, width, height};
}

/** @param {number} x @param {number} y @param {number} [turn] */
function faceAt(x, y, turn = 0) {
  const keypoints = /** @type {Record<string, [number, number]>} */ ({
    right_eye: [x - 8, y - 6], left_eye: [x + 8, y - 6], nose_tip: [x, y + 2]});
  return detectionOf(turnedBox([x, y], 36, 44, turn), 0.9, keypoints, turn, turnedBox([x, y], 36, 44, 0));
}

assert.equal(motions.length, 11);
for (const {name, template, window, motion} of motions) {
  test(`a face that moved: ${name}`, () => {
    const [levels, around] = [bytes(template), bytes(window)];
    assert.deepEqual([levels.length, around.length], [SIZE ** 2, WINDOW ** 2]);
    const known = templateOf(levels);
    const found = known && motionOf(known, around);
    assert.equal(found === null, motion === null);
    if (found) assert.ok(largestDifference([...found.alpha, ...found.tau], [...motion.alpha, ...motion.tau]) <= tolerance.motion);
  });
}

test('a face moves with its pixels, and its box and key points with it', () => {
  const anchor = Anchor.of(blobs(), faceAt(80, 60)) ?? assert.fail('too flat');
  const found = anchor.follow(blobs({x: 5, y: -3, zoom: 1.06, degrees: 4})) ?? assert.fail('lost');
  assert.ok(largestDifference(found.box, [80 + 5 - 19.08, 60 - 3 - 23.32, 80 + 5 + 19.08, 60 - 3 + 23.32]) < 0.4, `${found.box}`);
  const nose = [85 - 2 * 1.06 * Math.sin(4 * Math.PI / 180), 57 + 2 * 1.06 * Math.cos(4 * Math.PI / 180)];
  assert.ok(largestDifference(found.keypoints.nose_tip, nose) < 0.3, `${found.keypoints.nose_tip}`);
  assert.deepEqual([found.score, found.turn, found.uprightBox], [0.9, 0, found.box]);
  assert.deepEqual(found.eyes, [found.keypoints.right_eye, found.keypoints.left_eye]);
});

test('errors do not add up: after a hundred frames the face is where it was', () => {
  const anchor = Anchor.of(blobs(), faceAt(80, 60)) ?? assert.fail('too flat');
  let found;
  for (let frame = 1; frame <= 100; frame++) found = anchor.follow(blobs({x: 20 * Math.sin(frame * Math.PI / 50), y: frame % 5}));
  assert.ok(found && largestDifference(found.box, faceAt(80, 60).box) < 0.2, `${found?.box}`);
});

test('a face that lies on its side keeps its turn, and the box around it', () => {
  const lying = faceAt(80, 60, 90);
  const anchor = Anchor.of(blobs(), lying) ?? assert.fail('too flat');
  const found = anchor.follow(blobs({x: 4, y: 2})) ?? assert.fail('lost');
  assert.equal(found.turn, 90);
  assert.ok(largestDifference(found.box, [84 - 22, 62 - 18, 84 + 22, 62 + 18]) < 0.2, `${found.box}`);
  assert.ok(largestDifference(found.uprightBox, [84 - 18, 62 - 22, 84 + 18, 62 + 22]) < 0.2, `${found.uprightBox}`);
});

test('a face that is covered, turned by a quarter or in another scene is lost', () => {
  const flat = {data: new Uint8ClampedArray(4 * 160 * 120).fill(128), width: 160, height: 120};
  for (const next of [flat, blobs({degrees: 90}), blobs({x: 60, y: 40, zoom: 0.4})]) {
    assert.equal(Anchor.of(blobs(), faceAt(80, 60))?.follow(next), null);
  }
  assert.equal(Anchor.of(flat, faceAt(80, 60)), null);
});

test('a face at the edge and one in a strip of pixels are followed as far as they are seen', () => {
  const anchor = Anchor.of(blobs(), faceAt(10, 60)) ?? assert.fail('too flat');
  const found = anchor.follow(blobs({x: 3})) ?? assert.fail('lost');
  assert.ok(Math.abs((found.box[0] + found.box[2]) / 2 - 13) < 1, `${found.box}`);
  const strip = blobs({width: 30_000, height: 40});
  const moved = Anchor.of(strip, faceAt(80, 20))?.follow(blobs({x: 2, width: 30_000, height: 40})) ?? assert.fail('lost');
  assert.ok(Math.abs(moved.box[0] - 64) < 0.3, `${moved.box}`);
  assert.equal(Anchor.of(blobs({width: 1, height: 1}), faceAt(0, 0)), null); // one pixel is flat
});

test('a place is as wide as the mean of the sides, and turned as the eyes are', () => {
  const keypoints = /** @type {Record<string, [number, number]>} */ ({right_eye: [10, 10], left_eye: [20, 20]});
  assert.deepEqual(placeOf(detectionOf([0, 0, 30, 50], 1, keypoints)), {centerX: 15, centerY: 25, side: 40, angle: Math.PI / 4});
});

test('a matrix without an inverse has none', () => {
  assert.deepEqual(inverse([[0, 2], [4, 0]]), [[0, 0.25], [0.5, 0]]);
  assert.equal(inverse([[1, 2], [2, 4]]), null);
});

test('following a face: speed', (t) => {
  const [first, image] = [{}, {x: 2, zoom: 1.03}].map((view) => blobs({...view, width: 640, height: 480}));
  const anchors = Array.from({length: 120}, () => Anchor.of(first, faceAt(80, 60)) ?? assert.fail('too flat'));
  let next = 0;
  const time = medianTime(() => anchors[next++].follow(image), 60);
  t.diagnostic(`a face followed ${time.toFixed(2)} ms`);
  assert.ok(time < 5, `${time} ms`); // twenty times what an idle core needs
});
