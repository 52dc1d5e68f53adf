/** @file A video is taken to a place, until somebody else sends it to another one. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {showFrame as show} from '../../../web/static/page/sought.js';

/** A player that arrives after 5 ms and shows, 5 ms later, what `shows` says of the place. */
class Player extends EventTarget {
  duration = 12;
  ended = false;
  error = null;
  seeking = false;
  /** Everywhere it was sent. @type {number[]} */
  places = [];
  plays = 0;
  pauses = 0;
  #time = 0;
  /** @type {Map<number, (now: number, frame: {mediaTime: number}) => void>} */
  #callbacks = new Map();

  /** @param {(time: number) => number | null} shows */
  constructor(shows) {
    super();
    this.shows = shows;
  }

  get currentTime() {
    return this.#time;
  }

  set currentTime(time) {
    this.#time = time;
    this.places.push(time);
    this.seeking = true;
    setTimeout(() => {
      if (this.#time !== time) return;
      this.seeking = false;
      this.dispatchEvent(new Event('seeked'));
      setTimeout(() => this.#show(), 5);
    }, 5);
  }

  #show() {
    const mediaTime = this.shows(this.#time);
    if (mediaTime === null) return;
    const waiting = [...this.#callbacks.values()];
    this.#callbacks.clear();
    for (const callback of waiting) callback(0, {mediaTime});
  }

  /** @param {(now: number, frame: {mediaTime: number}) => void} callback */
  requestVideoFrameCallback(callback) {
    this.#callbacks.set(this.#callbacks.size + 1, callback);
    return this.#callbacks.size;
  }

  /** @param {number} handle */
  cancelVideoFrameCallback(handle) {
    this.#callbacks.delete(handle);
  }

  play() {
    this.plays += 1;
    return wait(0);
  }

  pause() {
    this.pauses += 1;
  }
}

/** @param {number} milliseconds @returns {Promise<void>} */
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** @param {Player} player @param {number} time @param {AbortSignal} [signal] */
const showFrame = (player, time, signal) => show(/** @type {HTMLVideoElement} */ (/** @type {unknown} */ (player)), time, signal);

test('the frame of a place is shown, and its time is told', async () => {
  const player = new Player((time) => time);
  assert.equal(await showFrame(player, 10), 10.001);
  assert.deepEqual(player.places, [10.001]);
});

test('a video that was sent elsewhere is not sent back, though the frame of before had not come yet', async () => {
  const player = new Player((time) => time - 1);
  const token = new AbortController();
  const first = showFrame(player, 10, token.signal);
  await wait(8); // arrived; no frame yet
  token.abort();
  player.currentTime = 6;
  await assert.rejects(first, {name: 'AbortError'});
  await wait(30);
  assert.deepEqual(player.places, [10.001, 6]);
});

test('who sends a video elsewhere while it is stirred finds it paused, and it is not paused later', async () => {
  const player = new Player(() => null);
  const token = new AbortController();
  player.play = () => {
    player.plays += 1;
    return wait(40);
  };
  const first = showFrame(player, 10, token.signal);
  while (player.plays === 0) await wait(5);
  token.abort();
  assert.equal(player.pauses, 1);
  await assert.rejects(first, {name: 'AbortError'});
  assert.equal(player.pauses, 1);
  assert.deepEqual(player.places, [10.001]);
});
