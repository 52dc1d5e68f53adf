// Where labels stand: over no eyes, over no other label, on the stage.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {placeTags, TAG_HEIGHT} from '../../../web/static/page/tags.js';

/** @typedef {import('../../../web/static/page/tags.js').Box} Box */
/** @param {number} x @param {number} y @returns {Box} */
const box = (x, y, side = 100) => ({x, y, width: side, height: side});
/** @param {Box} one @param {Box} other */
const area = (one, other) =>
  Math.max(0, Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x)) *
  Math.max(0, Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y));
/** @param {Box} face @returns {Box} */
const eyesOf = ({x, y, width, height}) => ({x, y: y + 0.2 * height, width, height: 0.4 * height});

test('one face: above it, in the middle', () => {
  assert.deepEqual(placeTags([box(200, 200)], [[120]], 640, 480), [{text: 0, width: 120, x: 190, y: 164}]);
});

test('at the top of the stage it stands below the chin, not over the eyes', () => {
  const [tag] = placeTags([box(200, -10)], [[120]], 640, 480);
  assert.deepEqual(tag, {text: 0, width: 120, x: 190, y: 98});
});

test('a face that fills the stage has it at its chin', () => {
  const face = {x: 100, y: -20, width: 440, height: 520};
  const [tag] = placeTags([face], [[120]], 640, 480);
  assert.equal(area({...tag, height: TAG_HEIGHT}, eyesOf(face)), 0);
  assert.ok(tag.y + TAG_HEIGHT <= 480 && tag.y >= 0 && tag.x >= 0 && tag.x + tag.width <= 640);
});

test('many faces in a row: shorter texts where there is no room, nothing covered', () => {
  const boxes = Array.from({length: 9}, (_, k) => box(10 + 70 * k, 150 + 20 * (k % 2), 50));
  const tags = placeTags(boxes, boxes.map(() => [150, 80, 45]), 660, 400);
  tags.forEach((tag, index) => {
    const place = {...tag, height: TAG_HEIGHT};
    for (const face of boxes) assert.equal(area(place, eyesOf(face)), 0);
    for (const other of tags.slice(0, index)) assert.equal(area(place, {...other, height: TAG_HEIGHT}), 0);
    assert.ok(tag.x >= 0 && tag.x + tag.width <= 660 && tag.y >= 0 && tag.y + TAG_HEIGHT <= 400);
  });
  assert.ok(tags.every(({text}) => text <= 1), 'there is room for a word each');
});

test('where everything is covered each of few faces has a label all the same; no face has none', () => {
  const boxes = Array.from({length: 9}, () => box(20, 20, 60));
  const tags = placeTags(boxes, boxes.map(() => [90, 40]), 100, 100);
  assert.deepEqual(tags.map(({text}) => text >= 0), boxes.map(() => true));
  assert.deepEqual(placeTags([], [], 100, 100), []);
});

test('of seventy faces side by side no label covers one, those in a loose row have theirs', () => {
  const crowd = Array.from({length: 70}, (_, k) => box(40 + 42 * (k % 14), 100 + 46 * Math.floor(k / 14), 38));
  const loose = Array.from({length: 5}, (_, k) => box(60 + 120 * k, 20, 30));
  const boxes = [...crowd, ...loose];
  const tags = placeTags(boxes, boxes.map(() => [150, 80, 45]), 660, 400);
  assert.equal(tags.length, 75);
  for (const {text, x, y, width} of tags.filter((tag) => tag.text >= 0)) {
    assert.equal(width, 0.75 * [150, 80, 45][text]);
    const place = {x, y, width, height: 0.75 * TAG_HEIGHT};
    for (const face of boxes) assert.equal(area(place, eyesOf(face)), 0);
    for (const other of tags) if (other.text >= 0 && other.x !== x) assert.equal(area(place, {...other, height: place.height}), 0);
  }
  assert.ok(tags.slice(70).every(({text}) => text >= 0));
  assert.ok(tags.slice(0, 70).filter(({text}) => text < 0).length >= 30);
});
