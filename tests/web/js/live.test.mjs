import assert from 'node:assert/strict';
import {test} from 'node:test';

import {detectionOf} from '../../../web/static/runtime/detection.js';
import {LiveSearch} from '../../../web/static/runtime/live.js';
import {intersectionOverUnion} from '../../../web/static/runtime/suppression.js';

/** @typedef {import('../../../web/static/runtime/detection.js').Detection} Detection */
/** @typedef {import('../../../web/static/runtime/geometry.js').Pixels} Pixels */

/**
 * A picture of steady noise, smooth enough to be followed, that was shifted by whole pixels.
 * @param {number} [shift] to the right @returns {Pixels}
 */
function scene(shift = 0, width = 320, height = 240, seed = 0) {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let place = 0; place < width * height; place++) {
    const [x, y] = [place % width - shift, Math.floor(place / width)];
    const level = 128 + 50 * Math.sin(x / 4 + seed) * Math.cos(y / 5) + 40 * Math.sin(x * y / 400 + y / 6 + 2 * seed);
    data.fill(level, 4 * place, 4 * place + 3);
  }
  return {data, width, height};
}

const still = scene();
/** A picture of one level. @param {number} [width] @param {number} [height] @returns {Pixels} */
const flat = (width = 320, height = 240) => ({data: new Uint8ClampedArray(4 * width * height).fill(90), width, height});

/** A face of 40 pixels at (x, y). @param {number} x */
function face(x, score = 0.9, turn = 0, y = 100) {
  return detectionOf([x - 20, y - 20, x + 20, y + 20], score, {right_eye: [x - 8, y - 8], left_eye: [x + 8, y - 8]}, turn);
}

/** A face as a proposal. @param {Detection} one */
const proposed = ({box: [xMin, yMin, xMax, yMax], score, turn}) => ({
  center: /** @type {[number, number]} */ ([(xMin + xMax) / 2, (yMin + yMax) / 2]), width: xMax - xMin, height: yMax - yMin, score, turn,
});

/**
 * What FarSearch does for a video, by what it is told; `asked` is what it was asked, in order ("glance" stands for a glance's first
 * look), `steps` what the glances were. The last look of a glance proposes the glanced faces, and closer looks confirm them.
 */
class Search {
  mostTurned = 2;
  /** @type {Detection[]} */
  faces = [];
  /** @type {Detection[]} */
  glanced = [];
  /** @type {Map<number, Detection>} by the x of a face's middle what looking for it once more finds */
  again = new Map();
  /** @type {string[]} */
  asked = [];
  /** @type {string[]} */
  steps = [];

  near() {
    this.asked.push('near');
    return Promise.resolve([...this.faces]);
  }

  /** @param {Pixels} _ @param {number} number */
  glance(_, number) {
    if (number === 0) this.asked.push('glance');
    this.steps.push(`look ${number}`);
    return Promise.resolve(number === 4 ? this.glanced.map(proposed) : []);
  }

  /** @param {Pixels} _ @param {ReturnType<typeof proposed>} proposal @param {boolean} mayTurn */
  closer(_, proposal, mayTurn) {
    this.steps.push(`closer ${proposal.center[0]}${mayTurn ? ' turned' : ''}`);
    const face = this.glanced.find(({box: [left, , right]}) => (left + right) / 2 === proposal.center[0]);
    return Promise.resolve({face: face ?? null, turned: mayTurn && proposal.score < 0.88});
  }

  /** @param {Detection} one */
  isSure({score}) {
    return score >= 0.88;
  }

  /** @param {Pixels} _ @param {Detection} old */
  lookAgain(_, {box: [left, , right]}) {
    this.asked.push(`again ${Math.round((left + right) / 2)}`);
    return Promise.resolve(this.again.get(Math.round((left + right) / 2)) ?? null);
  }

  /** @param {Detection} one */
  isConfirmed({score}) {
    return score >= 0.75;
  }

  /** @param {number[]} box @param {Detection[]} faces */
  overlapping(box, faces) {
    return faces.filter((other) => intersectionOverUnion(box, other.box) > 0.3);
  }
}

/**
 * A search that has seen these faces near and, if others are named, far.
 * @param {Detection[]} [faces] @param {Detection[]} [glanced]
 */
const seeing = (faces = [], glanced = faces) => Object.assign(new Search(), {faces, glanced});

/**
 * A video over a search; `see` answers with what a frame asked for, in one text, and keeps its faces in `found`.
 * @param {Search} search @param {number} [lookEvery]
 */
function video(search, lookEvery, canGlance = () => true) {
  const live = new LiveSearch(search, canGlance, lookEvery);
  return {
    /** @type {Detection[]} */
    found: [],
    /** @param {number} time @param {Pixels} [image] */
    async see(time, image = still) {
      search.asked = [];
      this.found = await live.faces(image, time);
      return search.asked.join(', ');
    },
    /** @param {number[]} times */
    async seeAll(...times) {
      const asked = [];
      for (const time of times) asked.push(await this.see(time));
      return asked;
    },
  };
}

/** The middles of faces, to whole pixels. @param {Detection[]} faces */
const middles = (faces) => faces.map(({box: [left, , right]}) => Math.round((left + right) / 2));

test('faces are followed for half a second, then looked for; every two seconds it glances', async () => {
  const shown = video(seeing([face(80)]));
  assert.deepEqual(await shown.seeAll(5, 5.04, 5.49, 5.5, 5.9, 6, 6.5, 7), ['near, glance', '', '', 'near', '', 'near', 'near', 'near, glance']);
});

test('a face that may be none is looked at again in the next frame', async () => {
  const search = seeing([face(80), face(200, 0.74)]);
  const shown = video(search);
  await shown.see(0);
  search.faces = [face(80)];
  assert.equal(await shown.see(0.04), 'near, again 200');
  assert.deepEqual(middles(shown.found), [80]);
  assert.equal(await shown.see(0.08), '');
});

test('what is followed moves with its pixels', async () => {
  const shown = video(seeing([face(80), face(200, 0.8)]));
  await shown.see(0);
  for (const shift of [2, 4, 6, 8]) assert.equal(await shown.see(shift / 50, scene(shift)), '');
  assert.deepEqual(middles(shown.found), [88, 208]);
  assert.deepEqual(shown.found.map(({score}) => score), [0.9, 0.8]);
});

test('seconds between looks are as wanted; 0: each frame is looked at', async () => {
  assert.deepEqual(await video(seeing([face(80)]), 0).seeAll(0, 0.04, 0.04, 0.08), ['near, glance', 'near', 'near', 'near']);
  assert.deepEqual(await video(seeing([face(80)]), 1.5).seeAll(0, 0.6, 1.4, 1.5), ['near, glance', '', '', 'near']);
});

test('a frame without a face before it is looked at, and glanced at every second', async () => {
  const found = await video(seeing()).seeAll(0, 0.04, 0.99, 1, 1.9, 2);
  assert.deepEqual(found, ['near, glance', 'near', 'near', 'near, glance', 'near', 'near, glance']);
});

test('while far is not there, no frame glances', async () => {
  let isThere = false;
  const shown = video(seeing([face(80)]), 0.5, () => isThere);
  assert.deepEqual(await shown.seeAll(0, 0.1, 0.5), ['near', '', 'near']);
  isThere = true;
  assert.deepEqual(await shown.seeAll(0.6, 1), ['', 'near, glance']);
});

test('a cut to another scene, a covered face and a square frame turned by a quarter are looked at', async () => {
  const square = scene(0, 240, 240);
  const quarter = {...square, data: square.data.slice()};
  for (let place = 0; place < 240 * 240; place++) {
    const from = 4 * ((239 - place % 240) * 240 + Math.floor(place / 240));
    quarter.data.set(square.data.subarray(from, from + 4), 4 * place);
  }
  for (const [first, other] of [[still, scene(0, 320, 240, 3)], [still, flat()], [square, quarter]]) {
    const search = seeing([face(80)]);
    const shown = video(search);
    await shown.see(0, first);
    search.faces = [];
    assert.equal(await shown.see(0.04, other), 'near, again 80, glance');
    assert.deepEqual(middles(shown.found), []);
  }
});

test('a glance takes a step a frame, or as many as frames are tenths of a second apart', async () => {
  const search = seeing([face(80)], [face(150), face(250)]);
  const shown = video(search, 0);
  const steps = [];
  for (const time of [0, 0.9, 1.8, 2.05, 2.11, 2.42, 2.45, 4.5]) {
    search.steps = [];
    await shown.see(time);
    steps.push(search.steps.join(', '));
  }
  const whole = 'look 0, look 1, look 2, look 3, look 4, closer 150 turned, closer 250 turned';
  assert.deepEqual(steps, [whole, '', '', 'look 0, look 1', 'look 2', 'look 3, look 4, closer 150 turned', 'closer 250 turned', whole]);
});

test('a glance that no frame went on with for a second is dropped', async () => {
  const search = seeing([face(80)]);
  const shown = video(search, 0);
  await shown.seeAll(0, 0.9, 1.8, 2.05);
  search.steps = [];
  await shown.see(3.1);
  assert.deepEqual(search.steps, []);
});

test('a glance looks closer at the surest first, at few at every angle and at no sure face twice', async () => {
  const search = seeing([face(50), face(250, 0.7)], [face(100, 0.76), face(52), face(150, 0.8), face(200, 0.78), face(251, 0.95)]);
  const shown = video(search);
  await shown.see(0);
  assert.deepEqual(search.steps.slice(5), ['closer 251 turned', 'closer 150 turned', 'closer 200 turned', 'closer 100']);
  assert.deepEqual(middles(shown.found), [251, 50, 150, 200, 100]);
});

test('a face that a glance finds joins those that are followed', async () => {
  const search = seeing([face(80)]);
  const shown = video(search, 2);
  for (let tenth = 0; tenth < 20; tenth++) await shown.see(tenth / 10);
  search.glanced = [face(230, 0.8)];
  for (let frame = 0; frame < 5; frame++) assert.deepEqual(await shown.see(2 + frame / 25, scene(frame)), frame ? '' : 'near, glance');
  assert.deepEqual(middles(shown.found), [84]);
  assert.equal(await shown.see(2.2, scene(5)), '');
  assert.deepEqual(middles(shown.found), [85, 230]);
  assert.equal(await shown.see(2.24, scene(8)), '');
  assert.deepEqual(middles(shown.found), [88, 233]);
});

test('faces that are followed are held to what they were when they were found, also where a glance finds another', async () => {
  const search = seeing([face(80)], []);
  const shown = video(search, 2);
  for (let tenth = 0; tenth < 20; tenth++) await shown.see(tenth / 10);
  search.glanced = [face(230, 0.8)];
  for (let frame = 0; frame < 5; frame++) await shown.see(2 + frame / 25);
  assert.deepEqual(middles(shown.found), [80]);
  // What changes the face's look one way and the other is still like the face, and the one no more like the other.
  const other = scene(0, 320, 240, 3);
  /** @param {number} share */
  const changed = (share) => {
    const image = scene();
    for (let place = 0; place < 320 * 240; place++) {
      if (place % 320 > 150) continue; // the new face is not changed
      const level = image.data[4 * place] + share * (other.data[4 * place] - 128);
      image.data.fill(level, 4 * place, 4 * place + 3);
    }
    return image;
  };
  assert.equal(await shown.see(2.2, changed(0.5)), '');
  assert.deepEqual(middles(shown.found), [80, 230]);
  assert.equal(await shown.see(2.24, changed(-0.5)), '');
  assert.deepEqual(middles(shown.found), [80, 230]);
});

test('a frame of another size begins anew', async () => {
  const shown = video(seeing([face(80)]));
  await shown.see(0);
  assert.equal(await shown.see(0.04, scene(0, 240, 320)), 'near, glance');
  assert.equal(await shown.see(0.08, scene(0, 240, 320)), '');
  assert.equal(await shown.see(0.12), 'near, glance');
});

test('time may stand still; one that goes back begins anew', async () => {
  const shown = video(seeing([face(80)]));
  assert.deepEqual(await shown.seeAll(5, 5, 5.1, 5.05, 4.9, 4.9), ['near, glance', '', '', 'near, glance', 'near, glance', '']);
});

test('where one of several faces is lost, all are looked for from where they were followed to', async () => {
  const search = seeing([face(80), face(200, 0.8)]);
  const shown = video(search);
  await shown.see(0);
  await shown.see(0.04, scene(3));
  const covered = scene(6);
  for (let y = 70; y < 130; y++) covered.data.fill(128, 4 * (y * 320 + 165), 4 * (y * 320 + 245));
  search.faces = [];
  search.again.set(86, face(86, 0.7));
  assert.equal(await shown.see(0.08, covered), 'near, again 86, again 203');
  assert.deepEqual(middles(shown.found), [86]);
});

test('a face that is new is found at the next look', async () => {
  const search = seeing([face(80)]);
  const shown = video(search);
  await shown.see(0);
  search.faces = [face(80), face(200)];
  await shown.see(0.3);
  assert.deepEqual(middles(shown.found), [80]);
  await shown.see(0.5);
  assert.deepEqual(middles(shown.found), [80, 200]);
});

test('faces that come to overlap are looked for', async () => {
  const search = seeing([face(80), face(112, 0.8)]);
  const shown = video(search);
  assert.equal(await shown.see(0), 'near, glance');
  assert.equal(await shown.see(0.04), '');
  search.faces = [face(80), face(95, 0.8)];
  assert.equal(await shown.see(0.5), 'near');
  assert.equal(await shown.see(0.54), 'near');
});

test('sixteen faces are followed, seventeen not; thirty-two are held on to', async () => {
  const many = (/** @type {number} */ count) => Array.from({length: count}, (_, k) => face(25 + 45 * (k % 6), 0.9 - k / 100, 0, 25 + 45 * Math.floor(k / 6)));
  assert.deepEqual(await video(seeing(many(16))).seeAll(0, 0.04), ['near, glance', '']);
  assert.deepEqual(await video(seeing(many(17))).seeAll(0, 0.04), ['near, glance', 'near']);
  const search = seeing(Array.from({length: 40}, (_, k) => face(100 * k, 0.9 - k / 100)), []);
  const shown = video(search);
  await shown.see(0);
  search.faces = [];
  search.glanced = [];
  const asked = (await shown.see(0.04)).split(', ');
  assert.deepEqual(asked, ['near', ...Array.from({length: 32}, (_, k) => `again ${100 * k}`), 'glance']);
});

test('a flat face is not followed, nor any beside it', async () => {
  const image = scene();
  for (let y = 60; y < 140; y++) image.data.fill(128, 4 * (y * 320 + 160), 4 * (y * 320 + 240));
  const shown = video(seeing([face(80), face(200)]));
  assert.equal(await shown.see(0, image), 'near, glance');
  assert.equal(await shown.see(0.04, image), 'near');
});

test('what only the glance sees is held on to as long as it is there', async () => {
  const search = seeing([face(80)], [face(80), face(200, 0.8)]);
  const shown = video(search, 0);
  await shown.see(0);
  search.again.set(200, face(204, 0.7));
  assert.equal(await shown.see(0.1), 'near, again 200');
  assert.deepEqual(middles(shown.found), [80, 204]);
  assert.equal(await shown.see(0.2), 'near, again 204');
  assert.deepEqual(middles(shown.found), [80]);
  assert.equal(await shown.see(0.3), 'near');
});

test('a turned face is looked for though near sees one there: the surer one counts', async () => {
  const search = seeing([face(80, 0.7)], [face(80, 0.92, 180)]);
  const shown = video(search, 0);
  await shown.see(0);
  search.again.set(80, face(82, 0.91, 180));
  assert.equal(await shown.see(0.1), 'near, again 80');
  assert.deepEqual(shown.found, [face(82, 0.91, 180)]);
  search.faces = [face(82, 0.9)];
  search.again.set(82, face(82, 0.9, 180));
  await shown.see(0.2);
  assert.deepEqual(shown.found, [face(82, 0.9)]); // as sure: upright
});

test('a face that is held replaces all that it overlaps with, or none', async () => {
  for (const [score, expected] of /** @type {[number, number[]][]} */ ([[0.95, [0.95, 0.7]], [0.8, [0.9]]])) {
    const search = seeing([], [face(90, 0.9, 90)]);
    const shown = video(search, 0);
    await shown.see(0);
    search.again.set(90, face(90, 0.9, 90));
    search.faces = [face(80, 0.7), face(102, score)];
    await shown.see(0.1);
    assert.deepEqual(shown.found.map((one) => one.score), expected);
  }
});

test('a frame that fails changes nothing', async () => {
  const search = seeing([face(80)]);
  const shown = video(search);
  await shown.see(0);
  search.near = () => Promise.reject(new Error('made up'));
  await assert.rejects(shown.see(0.5), /made up/);
  Reflect.deleteProperty(search, 'near');
  assert.equal(await shown.see(0.54), 'near');
  assert.deepEqual(middles(shown.found), [80]);
});

test('frames of one pixel and of 30,000 x 40 are looked at, and followed where there is something', async () => {
  const shown = video(seeing([face(10, 0.9, 0, 10)]));
  assert.equal(await shown.see(0, flat(1, 1)), 'near, glance');
  assert.equal(await shown.see(0.04, flat(1, 1)), 'near');
  assert.equal(await shown.see(0.08, scene(0, 30_000, 40)), 'near, glance');
  assert.equal(await shown.see(0.12, scene(0, 30_000, 40)), '');
});

test('of a frame that is followed only what is around its faces is read, of one that is looked at all', async () => {
  const shown = video(seeing([face(80)]));
  /** @type {(number[] | 'all')[]} */
  let read = [];
  /** @param {number} shift @returns {Pixels} */
  const image = (shift) => ({...scene(shift), need: (squares) => {
    read.push(squares?.map(({centerX, side}) => Math.round(centerX + side)) ?? 'all');
    return Promise.resolve();
  }});
  const reads = [];
  for (const [time, shift] of [[0, 0], [0.1, 3], [0.2, 6], [0.5, 6]]) {
    await shown.see(time, image(shift));
    reads.push(read.filter((one) => one.length));
    read = [];
  }
  assert.deepEqual(reads, [['all', 'all', 'all'], [[80 + 60]], [[83 + 60]], ['all', 'all']]);
});

test('an hour of frames keeps nothing, with a face or without', async () => {
  for (const [faces, looks] of /** @type {[Detection[], number][]} */ ([[[face(80)], 7_200], [[], 90_000]])) {
    const search = seeing(faces);
    const live = new LiveSearch(search, () => false);
    let count = 0;
    const before = process.memoryUsage().heapUsed;
    for (let frame = 0; frame < 90_000; frame++) {
      await live.faces(still, frame / 25);
      count += search.asked.length;
      search.asked = [];
    }
    assert.ok(Math.abs(count - looks) <= 360, `${count} looks`); // 12 or 13 frames are half a second
    assert.ok(process.memoryUsage().heapUsed - before < 50e6);
  }
});
