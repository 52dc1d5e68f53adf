// What is saved of the page's picture: names, times, sizes, and a recording that says how long it is.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nameOf, shortfall, sizeWanted} from '../../../web/static/page/camera_size.js';
import {withDuration} from '../../../web/static/page/share/duration.js';
import {clockTime, fileName} from '../../../web/static/page/share/names.js';
import {inkScale} from '../../../web/static/page/share/painting.js';

const NOW = new Date(2026, 10, 9, 7, 5, 3);

test('files are named by the clock on the wall, and end as what they are', () => {
  assert.equal(fileName('image/png', NOW), 'expressions-2026-11-09-070503.png');
  assert.equal(fileName('video/webm;codecs=vp9', NOW), 'expressions-2026-11-09-070503.webm');
  assert.equal(fileName('video/mp4; codecs="avc1.42E01E"', NOW), 'expressions-2026-11-09-070503.mp4');
  assert.equal(fileName('video/x-matroska;codecs=avc1', NOW), 'expressions-2026-11-09-070503.mkv');
});

test('times are shown as on a clock', () => {
  assert.deepEqual([0, 7.9, 60, 67, 1800].map(clockTime), ['0:00', '0:07', '1:00', '1:07', '30:00']);
});

test('labels are as large as on the page in a small picture, and larger in a large one', () => {
  assert.deepEqual([inkScale(320, 240), inkScale(640, 480), inkScale(1920, 1080), inkScale(4032, 3024)].map((scale) => scale.toFixed(2)),
    ['0.80', '0.89', '2.45', '5.60']);
});

test('a resolution is asked for, and what the camera lacks is said', () => {
  assert.deepEqual(sizeWanted('1280x720'), {width: 1280, height: 720});
  assert.deepEqual(sizeWanted('best'), {width: 7680, height: 4320});
  assert.equal(nameOf({width: 1280, height: 720}), '1280\u202f×\u202f720');
  assert.equal(shortfall('1280x720', {width: 1280, height: 720}), '');
  assert.equal(shortfall('640x480', {width: 480, height: 640}), ''); // a phone that is held upright
  assert.equal(shortfall('best', {width: 800, height: 600}), '');
  assert.equal(shortfall('1920x1080', {width: 640, height: 480}),
    'This camera has no 1920\u202f×\u202f1080: it gives 640\u202f×\u202f480.');
});

const HEADER = [0x1a, 0x45, 0xdf, 0xa3, 0x80];
const SEGMENT = [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]; // its length is not known
const SCALE = [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40]; // a million nanoseconds
const TRACKS = [0x16, 0x54, 0xae, 0x6b, 0x81, 0x00];
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
/** @param {number[]} parts */
const info = (parts) => [0x15, 0x49, 0xa9, 0x66, 0x80 | parts.length, ...parts];
const DURATION = [0x44, 0x89, 0x88, 0x40, 0xa7, 0x70, 0, 0, 0, 0, 0]; // 3000 as eight bytes

test('a recording is told how long it is', () => {
  const before = Uint8Array.from([...HEADER, ...SEGMENT, ...info(SCALE), ...TRACKS, ...CLUSTER]);
  const longer = [0x15, 0x49, 0xa9, 0x66, 1, 0, 0, 0, 0, 0, 0, 18, ...SCALE, ...DURATION];
  assert.deepEqual([...withDuration(before, 3000)], [...HEADER, ...SEGMENT, ...longer, ...TRACKS, ...CLUSTER]);
});

test('what says it already, says where its parts are, or is no WebM stays as it is', () => {
  const seek = [0x11, 0x4d, 0x9b, 0x74, 0x80];
  for (const bytes of [
    [...HEADER, ...SEGMENT, ...info([...SCALE, ...DURATION]), ...TRACKS],
    [...HEADER, ...SEGMENT, ...seek, ...info(SCALE), ...TRACKS],
    [...HEADER, 0x18, 0x53, 0x80, 0x67, 0x8c, ...info(SCALE)],
    [...HEADER, ...SEGMENT, ...info(SCALE).slice(0, 8)],
    [0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70], [], [0x1a],
  ]) {
    const before = Uint8Array.from(bytes);
    assert.deepEqual(withDuration(before, 3000), before);
  }
});
