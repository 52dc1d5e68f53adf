/** @file What a face's answer hangs on: covering it, the map, its parts, its colours. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {colourOf, opacityOf, paint} from '../../../web/static/page/compare/colours.js';
import {nearest} from '../../../web/static/page/compare/frozen.js';
import {covered, mapOf, meanOf, occlude, positionsOf, sensitivity} from '../../../web/static/page/compare/occlusion.js';
import {marksOf, placeIn, ranked, regionOf} from '../../../web/static/page/compare/regions.js';

/** @typedef {import('../../../web/static/page/compare/regions.js').Marks} Marks */

const at = (/** @type {number} */ x, /** @type {number} */ y) => 48 * y + x;

test('squares of 8 stand at 11 x 11 places, from edge to edge', () => {
  const positions = positionsOf();
  assert.equal(positions.length, 121);
  assert.deepEqual(positions.slice(0, 3), [{x: 0, y: 0}, {x: 4, y: 0}, {x: 8, y: 0}]);
  assert.deepEqual(positions.slice(10, 12), [{x: 40, y: 0}, {x: 0, y: 4}]);
  assert.deepEqual(positions.at(-1), {x: 40, y: 40});
  assert.deepEqual(positionsOf(6, 4, 2), [{x: 0, y: 0}, {x: 2, y: 0}, {x: 0, y: 2}, {x: 2, y: 2}]);
});

test('a covered crop is another one, in that square alone', () => {
  const crop = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  assert.deepEqual([...covered(crop, {x: 1, y: 0}, 50, 2, 3)], [1, 50, 50, 4, 50, 50, 7, 8, 9]);
  assert.deepEqual([...crop], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(meanOf(Uint8Array.of(0, 1, 0, 1)), 1); // a half is rounded up
});

test('a pixel has the mean drop of the squares that cover it', () => {
  const map = mapOf(positionsOf(6, 4, 2), [8, 4, 0, -4], 4, 6);
  assert.deepEqual([...map.slice(0, 6)], [8, 8, 6, 6, 4, 4]);
  assert.deepEqual([...map.slice(12, 18)], [4, 4, 2, 2, 0, 0]);
  assert.deepEqual([...map.slice(30)], [0, 0, -2, -2, -4, -4]);
});

/** A classifier whose first class is as sure as the block of 8 x 8 pixels from (16, 32) on is bright. */
const toy = (/** @type {Uint8Array[]} */ crops) => Promise.resolve(crops.map((crop) => {
  let sum = 0;
  for (let y = 32; y < 40; y++) for (let x = 16; x < 24; x++) sum += crop[at(x, y)];
  return Float32Array.of(sum / 64 / 255, 1 - sum / 64 / 255);
}));

/** Black, with that block white. */
function blockOfWhite() {
  const crop = new Uint8Array(48 * 48);
  for (let y = 32; y < 40; y++) crop.fill(255, at(16, y), at(24, y));
  return crop;
}

test('the map is hot where the answer comes from, and nowhere else', async () => {
  /** @type {number[]} */
  const shares = [];
  const occluded = await occlude(blockOfWhite(), toy, (share) => shares.push(share));
  assert.equal(occluded.answers.length, 121);
  assert.deepEqual([shares.length, shares[0], shares.at(-1)], [11, 1 / 11, 1]);
  const map = sensitivity(occluded, 0);
  const fill = Math.round(64 * 255 / 2304) / 255; // what covers it is as bright as the whole crop
  const most = Math.max(...map);
  // Of the four squares over a pixel one covers all of the block, two a half and one a quarter.
  assert.ok(Math.abs(most - (1 - fill) * (1 + 0.5 + 0.5 + 0.25) / 4) < 1e-6);
  map.forEach((drop, place) => {
    const [x, y] = [place % 48, Math.floor(place / 48)];
    const isWithin = (/** @type {number} */ margin) => (
      x >= 16 - margin && x < 24 + margin && y >= 32 - margin && y < 40 + margin);
    if (isWithin(0)) assert.ok(Math.abs(drop - most) < 1e-6, `${x}, ${y}`);
    else if (isWithin(4)) assert.ok(drop > 0 && drop < most * 0.7, `${x}, ${y}`); // a square that covers it covers some of the block
    else assert.equal(drop, 0, `${x}, ${y}`);
  });
  const other = sensitivity(occluded, 1);
  assert.ok(other.every((gain, place) => Math.abs(gain + map[place]) < 1e-6));
});

test('who does not want it any more does not pay for it', async () => {
  const control = new AbortController();
  let asked = 0;
  await assert.rejects(occlude(blockOfWhite(), (crops) => {
    if (++asked === 3) control.abort();
    return toy(crops);
  }, undefined, control.signal), {name: 'AbortError'});
  assert.equal(asked, 3);
});

/** @type {Marks} */
const MARKS = {eyes: [[15, 18], [33, 18]], nose: [24, 28], mouth: [[17, 37], [31, 37]]};

test('the parts of a face stand around its key points', () => {
  /** @type {[[number, number], string][]} */
  const expected = [
    [[15, 18], 'eyes'], [[33, 12], 'eyes'], [[24, 25], 'nose'], [[24, 37], 'mouth'], [[30, 40], 'mouth'], [[10, 28], 'cheeks'],
    [[38, 28], 'cheeks'], [[24, 4], 'edge'], [[24, 47], 'edge'], [[1, 24], 'edge'],
  ];
  for (const [pixel, region] of expected) assert.equal(regionOf(pixel, MARKS), region, pixel.join());
});

test('key points are brought into the crop, also into one that is turned', () => {
  assert.deepEqual(placeIn([100, 60], {centerX: 90, centerY: 60, side: 96, angle: 0}), [29, 24]);
  const [x, y] = placeIn([90, 70], {centerX: 90, centerY: 60, side: 96, angle: Math.PI / 2});
  assert.ok(Math.abs(x - 29) < 1e-9 && Math.abs(y - 24) < 1e-9);
  const crop = {centerX: 24, centerY: 24, side: 48, angle: 0};
  assert.deepEqual(marksOf({crop, keypoints: {right_eye: [15, 18], left_eye: [33, 18], nose_tip: [24, 28],
    right_mouth_corner: [17, 37], left_mouth_corner: [31, 37]}}), MARKS);
  assert.deepEqual(marksOf({crop, keypoints: null}).nose, [24, 28]); // a detector that gives none
});

test('parts are ranked by what covering them takes off; what it adds is another thing', async () => {
  const map = sensitivity(await occlude(blockOfWhite(), toy), 0);
  const parts = ranked(map, MARKS);
  assert.equal(parts[0].region, 'mouth');
  assert.deepEqual(parts.map(({region}) => region).sort(), ['cheeks', 'edge', 'eyes', 'mouth', 'nose']);
  assert.ok(parts.every(({gain}) => gain === 0) && parts[0].drop > 3 * parts[1].drop);
  assert.deepEqual(parts.find(({region}) => region === 'eyes'), {region: 'eyes', drop: 0, gain: 0});
  const against = ranked(map.map((drop) => -drop), MARKS);
  assert.ok(against.every(({drop}) => drop === 0) && against.find(({region}) => region === 'mouth')?.gain === parts[0].drop);
});

test('a map lies over the face by the colours of viridis, which grow lighter; nothing leaves it grey', () => {
  assert.deepEqual([colourOf(-1), colourOf(0), colourOf(0.5), colourOf(1), colourOf(7)],
    [[68, 1, 84], [68, 1, 84], [33, 145, 140], [253, 231, 37], [253, 231, 37]]);
  const lightness = Array.from({length: 21}, (_, step) => {
    const [red, green, blue] = colourOf(step / 20);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  assert.ok(lightness.every((level, step) => step === 0 || level > lightness[step - 1]));
  assert.deepEqual([opacityOf(-3), opacityOf(0), opacityOf(1), opacityOf(2)], [0, 0, 0.8, 0.8]);
  assert.deepEqual([...paint(Uint8Array.of(10, 100, 200), [0, -1, 2], 2)],
    [10, 10, 10, 255, 100, 100, 100, 255, 242, 225, 70, 255]);
  assert.deepEqual([...paint(Uint8Array.of(10), null, 1)], [10, 10, 10, 255]);
});

test('a face is the one that stands nearest to where it was a moment ago', () => {
  const box = (/** @type {number} */ x) => ({box: {x, y: 0, width: 10, height: 10}});
  assert.deepEqual(nearest([box(30), box(2)], box(0)), box(2));
  assert.deepEqual(nearest([box(30), box(2)], box(20)), box(30));
  assert.equal(nearest([], box(0)), null);
});
