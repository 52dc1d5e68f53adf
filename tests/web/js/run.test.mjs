// The page's run as a pure state machine: what each wish leads to, and what holds whatever happens in whatever order.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {batchToRead} from '../../../web/static/page/batch_run.js';
import {BEGINNING, step} from '../../../web/static/page/run.js';
import {buttonsOf, coverOf, isHeld, workOf} from '../../../web/static/page/run_outcome.js';
import {recorderOf} from '../../../web/static/page/share/recorder.js';

/** @typedef {import('../../../web/static/page/run.js').Run} Run */
/** @typedef {import('../../../web/static/page/run.js').Event} Event */
/** @typedef {import('../../../web/static/page/sources.js').Source} Source */

/** @param {object} traits */
const source = (traits) => /** @type {Source} */ (traits);
const camera = () => source({mode: 'camera', isStill: false, isDevice: true});
const picture = () => source({mode: 'picture', isStill: true, isDevice: false});
const video = () => source({mode: 'video', isStill: false, isDevice: false});

/** @param {Run} run @param {...(Event | Event['type'])} events a bare name: an event that has nothing more to say */
const after = (run, ...events) => events.reduce((now, event) => (
  step(now, typeof event === 'string' ? /** @type {Event} */ ({type: event}) : event)), run);
const READY = after(BEGINNING, 'load', 'loaded');
/** @param {Source} opened @returns {Event} */
const open = (opened) => ({type: 'open', source: opened});
/** @type {Event} */
const FAIL = {type: 'fail', failure: {name: 'unplugged'}};
/** @type {Event} */
const UNLOADED = {type: 'unloaded', failure: {name: 'missing'}};
/** @param {Run} run @returns what is seen and done */
const seen = (run) => [run.phase, workOf(run), coverOf(run)?.name ?? null, isHeld(run)];
/** @param {import('../../../web/static/page/sources.js').Mode} mode @returns {Event} */
const choose = (mode) => ({type: 'choose', mode});

test('a camera is opened, looked at, paused with its light off, opened again and stopped', () => {
  const opening = after(READY, open(camera()));
  assert.deepEqual(seen(opening), ['starting', 'open', 'starting', true]);
  const live = after(opening, 'opened');
  assert.deepEqual(seen(live), ['live', 'look', null, true]);
  const paused = after(live, 'pause');
  assert.deepEqual(seen(paused), ['paused', null, null, false]);
  assert.deepEqual(buttonsOf(paused), {
    stop: true, pause: true, isPaused: true, mirror: true, snapshot: true, record: false, isRecording: false,
  });
  assert.deepEqual([READY, opening, after(live, 'stop')].map((run) => buttonsOf(run).mirror), [false, false, false]);
  assert.deepEqual(seen(after(paused, 'pause')), ['starting', 'open', 'starting', true]);
  assert.deepEqual(seen(after(paused, 'pause', 'pause')), ['paused', null, null, false]);
  assert.deepEqual(seen(after(paused, 'stop')), ['resting', null, 'resting', false]);
});

test('what the page shows by itself makes place for the card, is not kept, and fails in silence', () => {
  const clip = source({mode: 'camera', isStill: false, isDevice: false, isDemo: true});
  const opening = after(READY, open(clip));
  assert.deepEqual(seen(opening), ['starting', 'open', 'resting', true]);
  assert.deepEqual(seen(after(opening, FAIL)), ['resting', null, 'resting', false]);
  const live = after(opening, 'opened');
  assert.deepEqual(seen(live), ['live', 'look', 'demo', true]);
  assert.deepEqual(seen(after(live, 'pause')), ['paused', null, 'demo', true]);
  assert.deepEqual(seen(after(live, 'load')), ['live', null, 'loading', true]);
  assert.deepEqual(seen(after(live, 'stop')), ['resting', null, 'resting', false]);
  assert.deepEqual(seen(after(live, choose('picture'), choose('camera'))), ['resting', null, 'resting', false]);
  const now = camera();
  assert.equal(after(live, open(now)).source, now);
});

test('hidden, a camera is closed and a video waits; a paused one stays paused', () => {
  const live = after(READY, open(camera()), 'opened');
  assert.deepEqual(seen(after(live, 'hide')), ['starting', null, 'hidden', false]);
  assert.deepEqual(seen(after(live, 'hide', 'show')), ['starting', 'open', 'starting', true]);
  assert.deepEqual(seen(after(live, 'pause', 'hide', 'show')), ['paused', null, null, false]);
  assert.deepEqual(seen(after(READY, open(camera()), 'hide')), ['starting', null, 'hidden', false]);
  assert.deepEqual(seen(after(READY, open(video()), 'opened', 'hide')), ['live', null, 'hidden', true]);
  assert.deepEqual(seen(after(READY, open(video()), 'opened', 'hide', 'show')), ['live', 'look', null, true]);
});

test('what is frozen is not looked at, stays open, and goes on where it was', () => {
  for (const one of [camera(), video()]) {
    const live = after(READY, open(one), 'opened');
    assert.deepEqual(seen(after(live, 'freeze')), ['live', null, null, true]);
    assert.deepEqual(seen(after(live, 'freeze', 'thaw')), ['live', 'look', null, true]);
  }
  const hidden = after(READY, open(camera()), 'opened', 'freeze', 'hide', 'show');
  assert.deepEqual(seen(hidden), ['starting', 'open', 'starting', true]);
  assert.deepEqual(seen(after(hidden, 'opened')), ['live', null, null, true]);
  assert.deepEqual(seen(after(hidden, 'opened', 'thaw')), ['live', 'look', null, true]);
  assert.deepEqual(seen(after(READY, open(video()), 'opened', 'pause', 'freeze', 'thaw')), ['paused', null, null, true]);
});

test('another model while it is paused leaves it paused; otherwise it goes on where it was', () => {
  for (const [one, going] of /** @type {[Source, unknown[]][]} */ ([
    [camera(), ['live', 'look', null, true]], [video(), ['live', 'look', null, true]],
  ])) {
    const live = after(READY, open(one), 'opened');
    assert.deepEqual(seen(after(live, 'load')), ['live', null, 'loading', true]);
    assert.deepEqual(seen(after(live, 'load', 'loaded')), going);
    assert.deepEqual(seen(after(live, 'load', UNLOADED)), going);
    const paused = after(live, 'pause', 'load');
    assert.deepEqual([paused.phase, workOf(paused), isHeld(paused)], ['paused', null, !one.isDevice]);
    assert.deepEqual(seen(after(paused, 'loaded')), ['paused', null, null, !one.isDevice]);
    assert.deepEqual(seen(after(paused, UNLOADED)), ['paused', null, null, !one.isDevice]);
  }
  const still = after(READY, open(picture()), 'opened', 'read');
  assert.deepEqual(seen(after(still, 'load', 'loaded')), ['reading', 'read', 'reading', true]);
  assert.deepEqual(seen(after(still, 'load', UNLOADED)), ['still', null, null, true]);
});

test('the first model that does not load is told, and another one can be chosen', () => {
  const failed = after(BEGINNING, 'load', UNLOADED);
  assert.deepEqual(seen(failed), ['failed', null, 'missing', false]);
  assert.deepEqual(coverOf(after(failed, choose('picture'), open(picture()), 'stop')), {name: 'missing'});
  assert.deepEqual(seen(after(failed, 'load')), ['failed', null, 'loading', false]);
  assert.deepEqual(seen(after(failed, choose('picture'), 'load', 'loaded')), ['resting', null, 'resting', false]);
});

test('what is opened while the first model is loaded is read once it is there', () => {
  const waiting = after(BEGINNING, 'load', open(picture()), 'opened');
  assert.deepEqual(seen(waiting), ['reading', null, 'loading', true]);
  assert.deepEqual(seen(after(waiting, 'loaded')), ['reading', 'read', 'reading', true]);
});

test('a mode comes back to its picture and, paused, to its video, but never to a camera', () => {
  const [one, two, clip] = [picture(), picture(), video()];
  const still = after(READY, open(one), 'opened', 'read');
  const back = after(still, choose('camera'), choose('picture'));
  assert.equal(back.source, one);
  assert.deepEqual(seen(after(back, 'opened', 'read')), ['still', null, null, true]);
  assert.equal(after(still, open(two), choose('video'), choose('picture')).source, two);
  assert.equal(after(still, 'stop', choose('video'), choose('picture')).source, null);
  assert.equal(after(still, open(two), FAIL, choose('video'), choose('picture')).source, null);
  const watched = after(READY, open(clip), 'opened', choose('picture'), choose('video'));
  assert.equal(watched.source, clip);
  assert.deepEqual(seen(after(watched, 'opened')), ['paused', null, null, true]);
  assert.equal(after(READY, open(camera()), 'opened', choose('video'), choose('camera')).source, null);
});

/** @param {number} time @returns {Event} */
const seek = (time) => ({type: 'seek', time});

test('a video goes to another place and plays on or stays there; nothing else has places', () => {
  const live = after(READY, open(video()), 'opened');
  const seeking = after(live, seek(12));
  assert.deepEqual([seeking.sought, ...seen(seeking)], [12, 'live', 'seek', null, true]);
  assert.equal(after(seeking, seek(13)).sought, 13);
  assert.deepEqual(seen(after(seeking, 'landed')), ['live', 'look', null, true]);
  assert.equal(after(seeking, 'landed').sought, null);
  const paused = after(live, 'pause', seek(0));
  assert.deepEqual([paused.sought, ...seen(paused)], [0, 'paused', 'seek', null, true]);
  assert.deepEqual(seen(after(paused, 'landed')), ['paused', null, null, true]);
  assert.deepEqual(seen(after(paused, 'pause', 'landed')), ['live', 'look', null, true]);
  assert.deepEqual(seen(after(seeking, 'pause')), ['paused', 'seek', null, true]);
  assert.deepEqual(seen(after(seeking, 'hide')), ['live', null, 'hidden', true]);
  assert.deepEqual(seen(after(seeking, 'load', 'loaded')), ['live', 'seek', null, true]);
  assert.equal(after(seeking, open(video())).sought, null);
  assert.equal(after(seeking, choose('camera'), choose('video')).sought, null);
  for (const other of [camera(), picture(), source({mode: 'camera', isStill: false, isDevice: false, isDemo: true})]) {
    const run = after(READY, open(other), 'opened');
    assert.equal(step(run, seek(1)), run);
    assert.equal(step(run, {type: 'scan'}), run);
  }
  const opening = after(READY, open(video()));
  assert.equal(step(opening, seek(1)), opening);
});

test('a video is worked through while nothing is played, and stands there afterwards', () => {
  const live = after(READY, open(video()), 'opened');
  for (const begun of [after(live, 'scan'), after(live, 'pause', 'scan'), after(live, seek(3), 'scan')]) {
    assert.deepEqual([begun.sought, ...seen(begun)], [null, 'scanning', 'scan', null, true]);
    assert.deepEqual(buttonsOf(begun), {
      stop: true, pause: false, isPaused: false, mirror: false, snapshot: true, record: false, isRecording: false,
    });
    assert.equal(step(begun, seek(1)), begun);
    assert.equal(step(begun, {type: 'pause'}), begun);
    assert.equal(step(begun, {type: 'scan'}), begun);
    assert.deepEqual(seen(after(begun, 'scanned')), ['paused', null, null, true]);
    assert.deepEqual(seen(after(begun, 'hide')), ['scanning', null, null, true]); // it waits
    assert.deepEqual(seen(after(begun, 'hide', 'show')), ['scanning', 'scan', null, true]);
    assert.deepEqual(seen(after(begun, 'stop')), ['resting', null, 'resting', false]);
    // Another model ends it, as one reading is of one model, and so does another mode, which comes back to the video.
    assert.deepEqual(seen(after(begun, 'load')), ['paused', null, 'loading', true]);
    assert.deepEqual(seen(after(begun, 'load', 'loaded')), ['paused', null, null, true]);
    assert.deepEqual(seen(after(begun, choose('picture'), choose('video'), 'opened')), ['paused', null, null, true]);
    assert.equal(after(begun, FAIL).phase, 'failed');
  }
  const loading = after(live, 'load');
  assert.equal(step(loading, {type: 'scan'}), loading);
});

test('what comes too late changes nothing', () => {
  for (const late of /** @type {Event[]} */ ([{type: 'opened'}, {type: 'read'}, {type: 'pause'}, {type: 'scan'}, {type: 'scanned'},
    {type: 'landed'}, seek(1)])) {
    assert.equal(step(READY, late), READY);
    const failed = after(READY, open(camera()), FAIL);
    assert.equal(step(failed, late), failed);
  }
});

/** @typedef {import('../../../web/static/page/sources.js').Batch} Batch */
const batch = () => /** @type {Batch} */ ({});
/** @param {Batch} pictures @returns {Event} */
const gather = (pictures) => ({type: 'gather', batch: pictures});
/** @param {Batch} pictures */
const pictureOf = (pictures) => source({mode: 'picture', isStill: true, isDevice: false, batch: pictures});

test('a batch is read while its pictures are side by side, and while one of them is large', () => {
  const many = batch();
  const all = after(READY, open(camera()), 'opened', gather(many));
  assert.deepEqual([all.mode, ...seen(all)], ['picture', 'resting', null, 'batch', false]);
  assert.equal(batchToRead(all), many);
  assert.deepEqual(buttonsOf(all), {
    stop: true, pause: false, isPaused: false, mirror: false, snapshot: false, record: false, isRecording: false,
  });
  const one = after(all, open(pictureOf(many)), 'opened', 'read');
  assert.deepEqual(seen(one), ['still', null, null, true]);
  assert.equal(batchToRead(one), many);
  const back = after(one, 'stop');
  assert.deepEqual([...seen(back), back.batch], ['resting', null, 'batch', false, many]);
  const closed = after(back, 'stop');
  assert.deepEqual([...seen(closed), closed.batch], ['resting', null, 'resting', false, null]);
  assert.equal(buttonsOf(closed).stop, false);
});

test('a batch waits while it is held, for another model, and in another mode, and comes back as it was', () => {
  const many = batch();
  const all = after(READY, gather(many));
  const held = after(all, {type: 'hold', held: true});
  assert.deepEqual([batchToRead(held), coverOf(held)?.name], [null, 'batch']);
  assert.equal(batchToRead(after(held, {type: 'hold', held: false})), many);
  assert.deepEqual([batchToRead(after(all, 'load')), coverOf(after(all, 'load'))?.name], [null, 'loading']);
  assert.equal(batchToRead(after(held, 'load', UNLOADED)), null); // the same model: it is still not wanted
  assert.equal(batchToRead(after(held, 'load', 'loaded')), many); // nothing is known by another one: all is read anew
  const elsewhere = after(all, choose('camera'), open(camera()), 'opened');
  assert.deepEqual([batchToRead(elsewhere), coverOf(elsewhere), elsewhere.batch], [null, null, many]);
  const back = after(elsewhere, choose('picture'));
  assert.deepEqual([batchToRead(back), coverOf(back)?.name], [many, 'batch']);
  const one = pictureOf(many);
  assert.equal(after(all, open(one), 'opened', 'read', choose('video'), choose('picture')).source, one);
});

test('a picture of a batch that cannot be shown leads back to it; one of its own ends it, a video does not', () => {
  const many = batch();
  const failed = after(READY, gather(many), open(pictureOf(many)), FAIL);
  assert.deepEqual(seen(failed), ['failed', null, 'unplugged', false]);
  assert.deepEqual([buttonsOf(failed).stop, coverOf(after(failed, 'stop'))?.name], [true, 'batch']);
  assert.equal(after(READY, gather(many), open(picture())).batch, null);
  assert.equal(after(READY, gather(many), open(video())).batch, many);
  const other = batch();
  assert.equal(after(READY, gather(many), open(pictureOf(many)), gather(other)).batch, other);
  assert.equal(after(READY, open(picture()), gather(many), choose('video'), choose('picture')).source, null);
  const without = after(BEGINNING, 'load', UNLOADED);
  assert.equal(step(without, gather(many)), without);
  const dead = after(BEGINNING, 'load', gather(many), UNLOADED);
  assert.deepEqual([coverOf(dead), coverOf(after(dead, 'stop')), after(dead, 'stop').batch], [{name: 'missing'}, {name: 'missing'}, null]);
});

/** Numbers from 0 to 1, always the same for a seed (mulberry32). @param {number} seed */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('200 users who press anything in any order: it holds all the time', () => {
  const reached = new Set();
  for (let seed = 1; seed <= 200; seed += 1) {
    const next = numbers(seed);
    let run = BEGINNING;
    for (let count = 0; count < 200; count += 1) {
      /** @type {(() => Event)[]} */
      const makers = [
        () => choose('camera'), () => choose('picture'), () => choose('video'), () => open(camera()), () => open(picture()),
        () => open(video()), () => ({type: 'opened'}), () => ({type: 'opened'}), () => ({type: 'read'}), () => ({type: 'pause'}),
        () => ({type: 'stop'}), () => FAIL, () => ({type: 'hide'}), () => ({type: 'show'}), () => ({type: 'load'}),
        () => gather(batch()), () => open(run.batch ? pictureOf(run.batch) : picture()), () => ({type: 'hold', held: next() < 0.5}),
        () => seek(Math.floor(next() * 3)), () => ({type: 'landed'}), () => ({type: 'scan'}), () => ({type: 'scan'}), () => ({type: 'scanned'}),
        () => ({type: 'loaded'}), () => UNLOADED, () => ({type: 'unloaded', failure: null}),
      ];
      let event = makers[Math.floor(next() * makers.length)]();
      // Only what is being done can end, and only a model that is being loaded.
      const isLoading = run.model === 'loading' || run.model === 'changing';
      if (event.type === 'opened' && workOf(run) !== 'open') event = {type: 'show'};
      if (event.type === 'read' && workOf(run) !== 'read') event = {type: 'show'};
      if (event.type === 'landed' && workOf(run) !== 'seek') event = {type: 'show'};
      if (event.type === 'fail' && workOf(run) === null) event = {type: 'hide'};
      if ((event.type === 'loaded' || event.type === 'unloaded') && !isLoading) event = {type: 'load'};
      if (event.type === 'unloaded' && !event.failure && run.model !== 'changing') event = UNLOADED;
      const before = run;
      run = step(run, event);
      reached.add(run.phase);
      check(run, event, before, `seed ${seed}, event ${count}: ${event.type}`);
    }
  }
  assert.deepEqual([...reached].sort(), ['failed', 'live', 'paused', 'reading', 'resting', 'scanning', 'starting', 'still']);
});

/** @param {Run} run @param {Event} event @param {Run} before @param {string} where */
function check(run, event, before, where) {
  const {mode, source: shown, phase, model, hidden, kept, failure, batch: many} = run;
  const work = workOf(run);
  const cover = coverOf(run);
  assert.equal(shown === null, phase === 'resting' || phase === 'failed', where);
  assert.equal(failure !== null, phase === 'failed', where);
  if (shown) assert.equal(shown.mode, mode, where);
  if (shown?.isStill) assert.ok(['starting', 'reading', 'still'].includes(phase), where);
  else if (shown) assert.ok(['starting', 'live', 'paused', 'scanning'].includes(phase), where);
  if (model === 'none') assert.equal(phase, 'failed', where);
  // Frames are looked at only where somebody sees them, with a model that is in hand.
  if (work === 'look') assert.ok(model === 'ready' && !hidden && phase === 'live' && !cover, where);
  if (work === 'read') assert.ok(model === 'ready' && phase === 'reading', where);
  if (work === 'scan') assert.ok(model === 'ready' && !hidden && phase === 'scanning', where);
  if (work === 'seek') assert.ok(model === 'ready' && !hidden && run.sought !== null && (phase === 'live' || phase === 'paused'), where);
  if (phase === 'scanning' || run.sought !== null) assert.ok(mode === 'video' && shown, where);
  if (work) assert.ok(isHeld(run), where);
  // A camera is on only for somebody, and never on by a change of mode or model.
  if (shown?.isDevice && isHeld(run)) assert.ok(!hidden && phase !== 'paused', where);
  if (['choose', 'load', 'loaded', 'unloaded', 'stop', 'fail', 'hide'].includes(event.type) && shown?.isDevice) {
    assert.ok(!isHeld(run) || isHeld(before), where);
  }
  for (const [name, other] of Object.entries(kept)) {
    if (other) assert.ok(!other.isDevice && other.mode === name, where);
  }
  // The last wish counts.
  if (event.type === 'open' && before.model !== 'none') assert.equal(shown, event.source, where);
  if (event.type === 'choose') assert.equal(mode, event.mode, where);
  if (event.type === 'stop') assert.equal(shown, null, where);
  if (['pause', 'hide', 'show', 'load', 'loaded'].includes(event.type)) assert.equal(shown, before.source, where);
  // Whatever it is, there is a picture or a card, and a way out of it.
  if (shown?.batch) assert.equal(shown.batch, many, where);
  if (batchToRead(run)) assert.ok(mode === 'picture' && model === 'ready' && !run.held, where);
  if (cover?.name === 'batch') assert.ok(many && !shown && mode === 'picture', where);
  if (!cover) assert.ok(shown && ['live', 'paused', 'scanning', 'still'].includes(phase), where);
  assert.equal(buttonsOf(run).stop, shown !== null || (mode === 'picture' && many !== null), where);
  if (buttonsOf(run).pause) assert.ok(shown && !shown.isStill, where);
}

const RECORD = /** @type {Event} */ ({type: 'record', on: true});
const FINISH = /** @type {Event} */ ({type: 'record', on: false});

test('a snapshot can be taken whenever the picture is in view', () => {
  const clip = source({mode: 'camera', isStill: false, isDevice: false, isDemo: true});
  /** @param {...(Event | Event['type'])} events */
  const can = (...events) => buttonsOf(after(READY, ...events)).snapshot;
  assert.equal(can(), false);
  assert.equal(can(open(camera())), false);
  assert.equal(can(open(camera()), 'opened'), true);
  assert.equal(can(open(camera()), 'opened', 'pause'), true);
  assert.equal(can(open(camera()), 'opened', 'load'), false);
  assert.equal(can(open(picture()), 'opened'), false);
  assert.equal(can(open(picture()), 'opened', 'read'), true);
  assert.equal(can(open(clip), 'opened'), true);
  assert.equal(can(open(camera()), FAIL), false);
});

test('a recording rests while the run does, and ends with its source or when nobody looks', () => {
  const live = after(READY, open(camera()), 'opened', RECORD);
  assert.deepEqual([live.recording, recorderOf(live), buttonsOf(live).isRecording], [true, 'on', true]);
  for (const events of /** @type {Event['type'][][]} */ ([['pause'], ['load'], ['pause', 'pause']])) {
    assert.equal(recorderOf(after(live, ...events)), 'paused', String(events));
    assert.equal(buttonsOf(after(live, ...events)).record, true, String(events)); // it can be ended
  }
  assert.equal(recorderOf(after(live, 'pause', 'pause', 'opened')), 'on');
  assert.equal(recorderOf(after(live, 'load', 'loaded')), 'on');
  for (const event of [FINISH, FAIL, choose('picture'), open(video()), .../** @type {const} */ (['stop', 'hide'])]) {
    assert.equal(after(live, event).recording, false, JSON.stringify(event));
    assert.equal(after(live, 'pause', event).recording, false, JSON.stringify(event));
  }
});

test('nothing is recorded where nothing moves', () => {
  for (const run of [READY, after(READY, open(camera())), after(READY, open(camera()), 'opened', 'pause'),
    after(READY, open(picture()), 'opened', 'read')]) {
    assert.equal(buttonsOf(run).record, false);
    assert.equal(after(run, RECORD), run);
  }
});
