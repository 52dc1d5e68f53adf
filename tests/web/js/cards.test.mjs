// The cards of faces: what a sparkline shows, and which part of a picture a thumbnail is.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {columnsOf, drawSparkline, SIZE} from '../../../web/static/page/faces/sparkline.js';
import {squareOf} from '../../../web/static/page/faces/thumbnail.js';

const LABELS = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];
const [HAPPY, SAD, GREY] = ['#c98500', '#3a86c8', '#98a29d'];
/** @param {number} time @param {number} face @param {string} label @param {number} share @param {boolean} [certain] */
const sample = (time, face, label, share, certain = true) => ({
  time, face, label, certain, box: [0, 0, 1, 1],
  probabilities: LABELS.map((name) => (name === label ? share : (1 - share) / 6)),
});

test('a column is a half second: its last sample of that face, in the colour of what it was', () => {
  const samples = [
    sample(99.1, 1, 'sad', 0.6), sample(99.2, 2, 'angry', 0.9), sample(99.4, 1, 'sad', 0.7), sample(99.6, 1, 'happy', 0.8),
    sample(100, 1, 'happy', 0.3, false),
  ];
  const columns = columnsOf(samples, 1, LABELS, 100.2);
  assert.equal(columns.length, 60);
  assert.deepEqual(columns.slice(-4), [
    null, {share: 0.7, shade: SAD}, {share: 0.8, shade: HAPPY}, {share: 0.3, shade: GREY}]);
  assert.deepEqual(columns.slice(0, -4).filter(Boolean), []);
});

test('it shows thirty seconds, and moves by whole columns', () => {
  const samples = Array.from({length: 600}, (_, index) => sample(index / 10, 1, index < 450 ? 'sad' : 'happy', 0.5));
  const columns = columnsOf(samples, 1, LABELS, 59.9);
  assert.deepEqual(columns.map((column) => column?.shade), [...Array(30).fill(SAD), ...Array(30).fill(HAPPY)]);
  const later = columnsOf(samples, 1, LABELS, 60.4);
  assert.deepEqual(later.slice(0, -1), columns.slice(1));
});

test('a slow machine leaves no gaps, and who is gone for longer than a second does', () => {
  const samples = [sample(10, 1, 'sad', 0.5), sample(11.4, 1, 'happy', 0.5), sample(14, 1, 'happy', 0.5)];
  const shades = columnsOf(samples, 1, LABELS, 14).slice(-9).map((column) => column?.shade ?? null);
  assert.deepEqual(shades, [SAD, SAD, HAPPY, HAPPY, HAPPY, null, null, null, HAPPY]);
  assert.deepEqual(columnsOf(samples, 2, LABELS, 14), Array(60).fill(null));
  assert.deepEqual(columnsOf([], 1, LABELS, 14), Array(60).fill(null));
});

test('columns stand on the ground, as high as their share, and are seen where it is nearly none', () => {
  /** @type {unknown[][]} */
  const drawn = [];
  const context = {
    fillStyle: '', clearRect() {},
    /** @param {number[]} box */
    fillRect(...box) { drawn.push([this.fillStyle, ...box]); },
  };
  const canvas = /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ ({getContext: () => context}));
  drawSparkline(canvas, [null, {share: 0.5, shade: HAPPY}, {share: 0.01, shade: GREY}]);
  assert.deepEqual(drawn, [[HAPPY, 4, 24, 4, 24], [GREY, 8, 45, 4, 3]]);
  assert.deepEqual(SIZE, {width: 240, height: 48});
});

test('a thumbnail is the square around a box', () => {
  assert.deepEqual(squareOf({x: 10, y: 20, width: 30, height: 50}), {x: 0, y: 20, side: 50});
  assert.deepEqual(squareOf({x: -4, y: 5, width: 40, height: 20}), {x: -4, y: -5, side: 40});
});
