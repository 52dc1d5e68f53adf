// The loop over a video's frames, with a video that calls back by hand.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {FrameLoop} from '../../../web/static/page/loop.js';
import {NoFrameError} from '../../../web/static/runtime/errors.js';
import {bitmapOf} from '../../../web/static/runtime/video.js';

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A video whose next frame comes when `frame` is called. */
class Video {
  readyState = 4;
  #waiting = [];

  requestVideoFrameCallback(done) {
    this.#waiting.push(done);
  }

  async frame() {
    await soon();
    for (const done of this.#waiting.splice(0)) done();
    await soon();
  }
}
globalThis.HTMLVideoElement = Video;

test('stopped and started again at once, one loop goes on, not two', async () => {
  const video = new Video();
  let looks = 0;
  const loop = new FrameLoop(video, async () => { looks += 1; await soon(); }, assert.fail);
  for (let k = 0; k < 5; k += 1) {
    loop.start();
    loop.stop();
  }
  loop.start();
  loop.start();
  await soon();
  await soon();
  looks = 0;
  for (let k = 0; k < 4; k += 1) await video.frame();
  await soon();
  assert.equal(looks, 4);
  loop.stop();
  await video.frame();
  await video.frame();
  assert.equal(loop.isRunning, false);
});

test('a frame that is not there is passed over, any other error ends the loop', async () => {
  const video = new Video();
  const told = [];
  const errors = [new NoFrameError('none yet'), null, new NoFrameError('none again'), new Error('broken')];
  let looks = 0;
  const loop = new FrameLoop(video, async () => {
    const error = errors[looks++];
    if (error) throw error;
  }, (error) => told.push(error.message));
  loop.start();
  for (let k = 0; k < 6; k += 1) await video.frame();
  assert.deepEqual(told, ['broken']);
  assert.equal(looks, 4);
  assert.equal(loop.isRunning, false);
});

test('a video is read once it has a picture', async () => {
  const video = new Video();
  let tries = 0;
  globalThis.createImageBitmap = async (source, options) => {
    tries += 1;
    if (tries < 4) throw new DOMException('The image source is not usable.', 'InvalidStateError');
    return {source, options};
  };
  assert.deepEqual(await bitmapOf(video, {resizeWidth: 5}), {source: video, options: {resizeWidth: 5}});
  assert.equal(tries, 4);
});

test('a video that shows nothing for a second says so; any other source and error at once', async () => {
  globalThis.createImageBitmap = async () => { throw new DOMException('not usable', 'InvalidStateError'); };
  const start = performance.now();
  await assert.rejects(bitmapOf(new Video()), {name: 'NoFrameError', message: 'The video shows no picture yet.'});
  assert.ok(performance.now() - start >= 1000);
  await assert.rejects(bitmapOf({width: 3}), {name: 'InvalidStateError'});
  globalThis.createImageBitmap = async () => { throw new DOMException('another site', 'SecurityError'); };
  await assert.rejects(bitmapOf(new Video()), {name: 'SecurityError'});
});
