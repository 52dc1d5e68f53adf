/** @file One subject for speed.js: `opened` resolves to its two works, timed, and to what it reads in a frame. */
import {drawFrame} from './frame.js';
import {openNamed} from './subjects.js';

const SHIFTS = [0, 4, 8, 12, 16, 12, 8, 4]; // pixels: a face that moves a little, so that nothing can be reused

/**
 * @typedef {object} Opened
 * @property {() => Promise<number>} classify milliseconds of the classifier alone
 * @property {() => Promise<number>} recognize milliseconds of a frame
 * @property {() => Promise<string[]>} labels of the first frame
 */

/** @returns {Promise<Opened>} */
async function open() {
  const subject = await openNamed();
  const frames = await Promise.all(SHIFTS.map(drawFrame));
  let turn = 0;
  return {
    classify: () => timed(() => subject.classify()),
    recognize: () => timed(() => subject.recognize(frames[turn++ % frames.length])),
    labels: () => subject.recognize(frames[0]),
  };
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

globalThis.opened = open();
