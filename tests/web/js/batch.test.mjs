// Many pictures at once: what is taken of what was given, what they are filtered by, how they are written out, what is said.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Clock} from '../../../web/static/page/batch/clock.js';
import {collect} from '../../../web/static/page/batch/collect.js';
import {allKinds, countKinds, groupsOf, isWanted, kindsOf} from '../../../web/static/page/batch/kinds.js';
import {leftOut, spanOf, statusOf} from '../../../web/static/page/batch/status.js';
import {toCsv, toJson} from '../../../web/static/page/batch/table.js';
import {isOneFile} from '../../../web/static/page/files.js';

const LABELS = ['sad', 'happy'];
const NEVER = new AbortController().signal;
/** @param {string} name @param {string} [type] @param {string} [folder] */
const file = (name, type = '', folder = '') => Object.defineProperty(new File(['x'], name, {type}), 'webkitRelativePath',
  {value: folder && `${folder}/${name}`});
/** @param {File[]} files */
const given = (files) => ({files, entries: [], isFolder: false});
/** @param {string} label @param {boolean} certain */
const face = (label, certain = true) => /** @type {import('../../../web/static/runtime/emotion.js').Face} */ (/** @type {unknown} */ ({
  label, certain, score: 0.98765, small: false, box: {x: -1.25, y: 2, width: 10, height: 20.5},
  probabilities: Float32Array.of(0.25, 0.75),
}));
/** @param {string} name @param {object} known */
const item = (name, known = {}) => /** @type {import('../../../web/static/page/batch/collect.js').Item} */ (
  {name, file: null, error: '', seen: null, thumb: '', ...known});
/** @param {...import('../../../web/static/runtime/emotion.js').Face} faces */
const seen = (...faces) => ({seen: {faces, width: 40, height: 30}});

test('pictures are taken in natural order, folder by folder, each under a name of its own', async () => {
  const {items, others} = await collect(given([
    file('IMG_10.jpg', 'image/jpeg', 'trip'), file('IMG_9.JPG', '', 'trip'), file('a.heic', '', 'trip/beach'), file('notes.txt', 'text/plain', 'trip'),
    file('image.png', 'image/png'), file('image.png', 'image/png'), file('._IMG_9.JPG', '', 'trip'), file('clip.mp4', 'video/mp4'),
  ]), NEVER, () => {});
  assert.deepEqual(items.map(({name}) => name), ['image.png', 'image.png (2)', 'trip/IMG_9.JPG', 'trip/IMG_10.jpg', 'trip/beach/a.heic']);
  assert.deepEqual(others.map(({path}) => path), ['clip.mp4', 'trip/._IMG_9.JPG', 'trip/notes.txt']);
  assert.equal(leftOut(others), '1 video was left out, as videos are watched one at a time: clip.mp4. ' +
    '2 files that are no pictures were left out: trip/._IMG_9.JPG, trip/notes.txt.');
  assert.equal(leftOut([...'abcde'].map((path) => ({path, file: null, error: ''}))),
    '5 files that are no pictures were left out: a, b, c and 2 more.');
});

test('folders are walked to the end, and what the browser does not hand over is told in its place', async () => {
  /** @param {string} fullPath @param {object[][]} lots */
  const folder = (fullPath, lots) => ({fullPath, isFile: false, isDirectory: true, createReader: () => ({
    readEntries: (/** @type {Function} */ done, /** @type {Function} */ fail) => {
      if (fullPath.endsWith('secret')) fail(new Error('no'));
      else done(lots.shift() ?? []);
    }})});
  /** @param {string} fullPath @param {File | null} inside */
  const entry = (fullPath, inside) => ({fullPath, isFile: true, isDirectory: false, file: (/** @type {Function} */ done, /** @type {Function} */ fail) => (
    inside ? done(inside) : fail(new DOMException('', 'NotReadableError')))});
  const entries = /** @type {FileSystemEntry[]} */ (/** @type {unknown} */ ([folder('/trip', [
    [entry('/trip/2.png', file('2.png', 'image/png')), folder('/trip/deep', [[entry('/trip/deep/1.png', file('1.png', 'image/png'))]])],
    [entry('/trip/1.png', null), folder('/trip/secret', [])],
  ])]));
  /** @type {number[]} */
  const counts = [];
  const {items} = await collect({files: [], entries, isFolder: false}, NEVER, (count) => counts.push(count));
  assert.deepEqual(items.map(({name, error}) => [name, error]), [
    ['trip/1.png', 'The browser may not read it, or it was moved or changed meanwhile.'], ['trip/2.png', ''],
    ['trip/secret', 'The browser may not look into this folder.'], ['trip/deep/1.png', ''],
  ]);
  assert.deepEqual(counts, [1, 2]);
  assert.equal(isOneFile({files: [file('trip')], entries, isFolder: false}), false);
  assert.equal(isOneFile({files: [file('a.png')], entries: [], isFolder: true}), false);
  assert.equal(isOneFile(given([file('a.png')])), true);
});

test('pictures are of each kind that is in them', () => {
  const items = [item('a', seen(face('happy'), face('sad'), face('happy'))), item('b', seen()), item('c', {error: 'no'}), item('d'),
    item('e', seen(face('happy', false)))];
  assert.deepEqual(items.map((one) => [...kindsOf(one)]), [['=happy', '=sad'], ['none'], ['unread'], ['unread'], ['unclear']]);
  assert.deepEqual([...countKinds(items)], [['=happy', 1], ['=sad', 1], ['none', 1], ['unread', 2], ['unclear', 1]]);
  assert.deepEqual(allKinds(LABELS), ['=sad', '=happy', 'unclear', 'none', 'unread']);
  assert.deepEqual(items.map((one) => isWanted(one, new Set(['none', '=sad']))), [true, true, false, false, false]);
  assert.equal(items.every((one) => isWanted(one, new Set())), true);
  assert.equal(isWanted(item('f', seen(face('none'))), new Set(['none'])), false); // a class may be called like that
  assert.deepEqual(groupsOf([face('sad'), face('happy'), face('happy')]).map(({label, count}) => [label, count]), [['happy', 2], ['sad', 1]]);
});

test('CSV has the columns of the Python command, and names that no spreadsheet calculates', () => {
  const items = [item('=cmd|" /C calc"!A0.jpg', seen(face('happy'))), item('-1,2.png', seen()), item('c.jpg', {error: 'It is damaged, "quite".'}), item('d.jpg')];
  assert.equal(toCsv(items, LABELS), [
    'source,time,face,track,score,x_min,y_min,x_max,y_max,label,certain,small,p_sad,p_happy,error',
    `"'=cmd|"" /C calc""!A0.jpg",,1,,0.9877,-1.3,2.0,8.8,22.5,happy,true,false,0.2500,0.7500,`,
    `"'-1,2.png",,,,,,,,,,,,,,`,
    'c.jpg,,,,,,,,,,,,,,"It is damaged, ""quite""."',
    'd.jpg,,,,,,,,,,,,,,not read yet', '',
  ].join('\r\n'));
  assert.deepEqual(JSON.parse(toJson(items.slice(0, 3), LABELS, 'small')), {
    model: 'small', labels: LABELS, pictures: [
      {source: '=cmd|" /C calc"!A0.jpg', width: 40, height: 30, faces: [{
        box: [-1.3, 2, 8.8, 22.5], score: 0.9877, label: 'happy', certain: true, small: false, probabilities: {sad: 0.25, happy: 0.75}}]},
      {source: '-1,2.png', width: 40, height: 30, faces: []}, {source: 'c.jpg', error: 'It is damaged, "quite".'},
    ],
  });
});

test('it says how far it is, and how long the rest takes', () => {
  const clock = new Clock();
  assert.equal(clock.left(5), null);
  clock.begin(1000);
  for (let count = 1; count <= 100; count += 1) clock.tick(1000 + 500 * count + (count > 50 ? 20_000 : 0));
  assert.equal(clock.left(60), 30);
  assert.deepEqual([0.2, 7, 33, 89, 90, 4000, 9000].map(spanOf), ['about 1 s', 'about 7 s', 'about 35 s', 'about 90 s', 'about 2 min', 'about 67 min', 'about 3 h']);
  const state = {total: 200, done: 37, left: 19, found: {faces: 30, none: 5, errors: 2}};
  /** @param {import('../../../web/static/page/batch/status.js').State['phase']} phase @param {object} [more] */
  const said = (phase, more) => statusOf({...state, phase, ...more});
  assert.equal(said('reading'), '37 of 200, about 20 s left');
  assert.equal(said('reading', {left: null}), '37 of 200');
  assert.equal(said('held'), 'Stopped: 37 of 200 are read');
  assert.equal(said('done'), 'All read: 30 with a face, 5 without, 2 that cannot be read');
  assert.equal(said('gathering'), 'Looking for pictures: 200 files so far');
  assert.equal(said('empty'), 'There is no picture in what you opened.');
});
