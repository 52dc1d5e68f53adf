// The loop over a video's frames, with a video that calls back by hand.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {everyFrame} from '../../../web/static/page/loop.js';
import {NoFrameError} from '../../../web/static/runtime/errors.js';
import {bitmapOf, untilShown} from '../../../web/static/runtime/video.js';

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A video whose next frame comes when `frame` is called. */
class Video {
  readyState = 4;
  /** @type {Map<number, () => void>} */
  waiting = new Map();
  #count = 0;

  /** @param {() => void} done */
  requestVideoFrameCallback(done) {
    this.waiting.set(++this.#count, done);
    return this.#count;
  }

  /** @param {number} handle */
  cancelVideoFrameCallback(handle) {
    this.waiting.delete(handle);
  }

  async frame() {
    await soon();
    for (const [handle, done] of [...this.waiting]) {
      this.waiting.delete(handle);
      done();
    }
    await soon();
  }
}
Object.assign(globalThis, {HTMLVideoElement: Video});
/** @param {unknown} stand what stands in for a <video> @returns {HTMLVideoElement} */
const asVideo = (stand) => /** @type {HTMLVideoElement} */ (stand);
/** @param {(...given: unknown[]) => Promise<unknown>} stand */
const readBy = (stand) => Object.assign(globalThis, {createImageBitmap: stand});
/** @param {string} message @param {string} name */
const refusing = (message, name) => () => Promise.reject(new DOMException(message, name));

test('stopped and started again at once, one loop goes on, not two', async () => {
  const video = new Video();
  let looks = 0;
  const start = () => {
    const token = new AbortController();
    const ended = everyFrame(asVideo(video), async () => { looks += 1; await soon(); }, token.signal);
    return {stop: () => token.abort(), ended};
  };
  const runs = Array.from({length: 5}, () => {
    const run = start();
    run.stop();
    return run;
  });
  const last = start();
  await soon();
  await soon();
  looks = 0;
  for (let k = 0; k < 4; k += 1) await video.frame();
  await soon();
  assert.equal(looks, 4);
  assert.equal(video.waiting.size, 1);
  last.stop();
  assert.equal(video.waiting.size, 0);
  await video.frame();
  await video.frame();
  assert.equal(looks, 4);
  await Promise.all([...runs, last].map(({ended}) => ended));
});

test('a frame that is not there is passed over, any other error ends the loop', async () => {
  const video = new Video();
  const errors = [new NoFrameError('none yet'), null, new NoFrameError('none again'), new Error('broken')];
  let looks = 0;
  const ended = assert.rejects(everyFrame(asVideo(video), () => {
    const error = errors[looks++];
    return error ? Promise.reject(error) : Promise.resolve();
  }, new AbortController().signal), {message: 'broken'});
  for (let k = 0; k < 6; k += 1) await video.frame();
  await ended;
  assert.equal(looks, 4);
});

test('an error of a frame that nobody waits for any more is nobody\'s', async () => {
  const token = new AbortController();
  await everyFrame(asVideo(new Video()), () => {
    token.abort();
    return Promise.reject(new Error('disposed of'));
  }, token.signal);
});

test('a video is read once it has a picture', async () => {
  const video = new Video();
  let tries = 0;
  readBy((source, options) => {
    tries += 1;
    return tries < 4 ? refusing('The image source is not usable.', 'InvalidStateError')() : Promise.resolve({source, options});
  });
  assert.deepEqual(await bitmapOf(asVideo(video), {resizeWidth: 5}), {source: video, options: {resizeWidth: 5}});
  assert.equal(tries, 4);
});

test('a video that shows nothing for a second says so; any other source and error at once', async () => {
  readBy(refusing('not usable', 'InvalidStateError'));
  const start = performance.now();
  const video = new Video();
  await assert.rejects(bitmapOf(asVideo(video)), {name: 'NoFrameError', message: 'The video shows no picture yet.'});
  assert.ok(performance.now() - start >= 1000);
  assert.equal(video.waiting.size, 0); // it may be closed: nothing is left that waits for its frames
  await assert.rejects(bitmapOf(asVideo({width: 3})), {name: 'InvalidStateError'});
  readBy(refusing('another site', 'SecurityError'));
  await assert.rejects(bitmapOf(asVideo(new Video())), {name: 'SecurityError'});
});

test('a video that seeks is waited for, one that nothing comes to is not', async () => {
  const video = Object.assign(new Video(), {readyState: 1, networkState: 2, error: null});
  setTimeout(() => { video.readyState = 2; }, 100);
  const start = performance.now();
  await untilShown(asVideo(video));
  assert.ok(performance.now() - start >= 90);
  for (const ended of [{networkState: 0}, {networkState: 3}, {error: new Error('broken')}]) {
    await untilShown(asVideo(Object.assign(new Video(), {readyState: 0, networkState: 2, error: null}, ended)));
  }
  await untilShown({readyState: 0, networkState: 2}); // no video
  video.readyState = 1;
  await assert.rejects(untilShown(asVideo(video)), {name: 'NoFrameError', message: 'The video shows no picture yet.'});
  assert.equal(video.waiting.size, 0);
});
