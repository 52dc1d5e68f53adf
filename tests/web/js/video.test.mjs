// A video's whole length, the pure part: times, lines of faces, packed samples, keys, files.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {clockOf, framesIn, paceOf} from '../../../web/static/page/video/clock.js';
import {nameFor, toCsv, toJson} from '../../../web/static/page/video/exports.js';
import {FrameCost} from '../../../web/static/page/video/frame_cost.js';
import {soughtBy} from '../../../web/static/page/video/keys.js';
import {Samples} from '../../../web/static/page/video/samples.js';
import {linesOf, pathsOf, segmentAt, segmentsOf} from '../../../web/static/page/video/segments.js';

const LABELS = ['sad', 'a "b", c'];
/** @param {number} track @param {number} best index @param {boolean} [certain] */
const face = (track, best, certain = true) => ({
  track, certain, label: LABELS[best], box: {x: 1, y: 2, width: 30.25, height: 40},
  probabilities: Float32Array.of(0, 0), smoothed: Float32Array.from(LABELS, (_, index) => (index === best ? 0.75 : 0.25)),
});

test('times are written as players write them, and frames are counted from 0', () => {
  assert.deepEqual([0, 7.99, 90, 3600, 86_399.5, 36_000].map(clockOf), ['0:00', '0:07', '1:30', '1:00:00', '23:59:59', '10:00:00']);
  assert.equal(clockOf(0.1 + 0.2 + 59.7), '1:00');
  assert.deepEqual([framesIn(4, 10), framesIn(4.01, 10), framesIn(0.03, 10), framesIn(1e6, 10)], [40, 41, 1, 10_000_000]);
  assert.equal(framesIn(0.1 + 0.2, 10), 3);
});

test('the pace is told once there is one', () => {
  assert.deepEqual(paceOf({from: 0, to: 1, duration: 10, worked: 0.2}), {share: 0.1, speed: null, left: null});
  assert.deepEqual(paceOf({from: 0, to: 4, duration: 10, worked: 2}), {share: 0.4, speed: 2, left: 3});
  assert.deepEqual(paceOf({from: 0, to: 10, duration: 10, worked: 5}), {share: 1, speed: 2, left: 0});
});

test('what a frame takes is told by those that were played, without the first, and better the more there are', () => {
  const cost = new FrameCost();
  /** @param {number} detect @param {number} classify */
  const seen = (detect, classify) => ({faces: {timings: {detect, classify}}});
  const better = [];
  for (let frame = 1; frame <= 3; frame += 1) better.push(cost.add(seen(400, 300))); // cold: engines warm up, far is loaded
  for (let frame = 1; frame <= 4; frame += 1) better.push(cost.add(seen(6, 2)));
  assert.deepEqual([better.some(Boolean), cost.seconds], [false, null]);
  const last = seen(6, 2);
  assert.deepEqual([cost.add(last), cost.add(last), cost.add(null)], [true, false, false]); // the very same one counts once
  assert.equal(cost.seconds, 0.02);
  const told = [];
  for (let frame = 6; frame <= 80; frame += 1) if (cost.add(seen(16, 2))) told.push(frame);
  assert.deepEqual(told, [10, 20, 40, 80]);
  assert.equal(cost.seconds, 0.03);
});

test('keys lead one or ten seconds on or back, never out of the video', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End', 'a'];
  assert.deepEqual(keys.map((key) => soughtBy(key, 5, 12)), [4, 6, 0, 12, 0, 12, null]);
});

test('what follows one another is one segment, and where nobody was seen there is a gap', () => {
  const marks = [0, 0.1, 0.2, 0.3, 1, 1.1].map((seconds, index) => ({seconds, label: [1, 1, -1, 1, 1, 1][index]}));
  const segments = segmentsOf(marks, 0.1, 1.15).map(({from, to, label}) => [from, to, label].map((value) => Math.round(value * 100) / 100));
  assert.deepEqual(segments, [[0, 0.2, 1], [0.2, 0.3, -1], [0.3, 0.4, 1], [1, 1.15, 1]]);
  assert.deepEqual(segmentsOf([], 0.1, 1), []);
});

test('lines are of faces, those seen longest first, with shares of the time in view', () => {
  const samples = new Samples(LABELS);
  for (let frame = 0; frame < 10; frame += 1) {
    samples.add([...frame < 4 ? [face(7, 0)] : [], ...frame > 1 ? [face(2, frame < 8 ? 1 : 0, frame < 8)] : []], frame / 10);
  }
  const [long, short, ...none] = linesOf(samples, 0.1, 1);
  assert.deepEqual([long.face, short.face, none], [2, 7, []]);
  assert.ok(Math.abs(long.seen - 0.8) < 1e-9 && Math.abs(short.seen - 0.4) < 1e-9);
  assert.deepEqual(long.shares.map(({label, share}) => [label, share.toFixed(2)]), [[1, '0.75'], [-1, '0.25']]);
  assert.deepEqual([0.1, 0.2, 0.79, 0.81, 0.99].map((time) => segmentAt(long, time)?.label ?? null), [null, 1, 1, -1, -1]);
  assert.deepEqual(pathsOf(long.segments, 1), [{label: 1, path: 'M200 0h600v20h-600z'}, {label: -1, path: 'M800 6h200v8h-200z'}]);
});

test('samples are packed, grow, stop where there is no room, and forget what is too late', () => {
  const samples = new Samples(LABELS, 10_001);
  for (let frame = 0; frame < 6000; frame += 1) samples.add([face(1, 1), face(frame + 2, 0, false)], frame / 10);
  assert.deepEqual([samples.count, samples.isFull], [10_001, true]);
  assert.deepEqual(samples.at(9998), {
    seconds: 499.9, face: 1, label: 'a "b", c', certain: true, probabilities: [0.25, 0.75], box: [1, 2, 30.25, 40],
  });
  assert.deepEqual([samples.at(9999).face, samples.at(9999).label, samples.at(9999).certain], [5001, 'sad', false]);
  samples.cutOff(0.15);
  assert.deepEqual([samples.count, samples.faces, samples.placesOf(1)], [4, [1, 2, 3], [0, 2]]);
});

test('files have a row a face and frame, whatever labels are called', () => {
  const samples = new Samples(LABELS);
  samples.add([face(1, 1), face(3, 0, false)], 0);
  samples.add([face(1, 1)], 0.1);
  assert.equal(toCsv({labels: LABELS, samples}).join(''), [
    'seconds,face,label,certain,p_sad,"p_a ""b"", c",x,y,width,height',
    '0.000,1,"a ""b"", c",true,0.2500,0.7500,1.0,2.0,30.3,40.0',
    '0.000,3,sad,false,0.7500,0.2500,1.0,2.0,30.3,40.0',
    '0.100,1,"a ""b"", c",true,0.2500,0.7500,1.0,2.0,30.3,40.0', '',
  ].join('\r\n'));
  const reading = /** @type {import('../../../web/static/page/video/reading.js').Reading} */ (/** @type {unknown} */ ({
    name: 'a.mp4', model: 'small', engine: 'tfjs', labels: LABELS, duration: 0.2, rate: 10, frames: 2, missed: 1, until: 0.2, end: 'whole', samples}));
  const {samples: rows, faces, ...rest} = JSON.parse(toJson(reading).join(''));
  assert.deepEqual(rest, {file: 'a.mp4', model: 'small', engine: 'tfjs', labels: LABELS, duration: 0.2, framesPerSecond: 10, frames: 2, framesLeftOut: 1,
    readUntil: 0.2, whole: true});
  assert.deepEqual(faces, [{face: 1, seconds: 0.2, shares: {'a "b", c': 1}}, {face: 3, seconds: 0.1, shares: {unclear: 1}}]);
  assert.deepEqual(rows[1], {seconds: 0, face: 3, label: 'sad', certain: false, probabilities: [0.75, 0.25], box: [1, 2, 30.25, 40]});
  assert.equal(rows.length, 3);
  const none = {...reading, samples: new Samples(LABELS)};
  assert.deepEqual(JSON.parse(toJson(/** @type {any} */ (none)).join('')).samples, []);
  assert.deepEqual([nameFor('talk.mp4', 'csv'), nameFor('a.b.webm', 'json'), nameFor('', 'html')],
    ['talk.expressions.csv', 'a.b.expressions.json', 'video.expressions.html']);
});
