/** @file The smallest page around a subject: how long after its opening it has read a face. */
import {drawFrame} from './frame.js';
import {openNamed} from './subjects.js';

async function first() {
  const [subject, frame] = await Promise.all([openNamed(), drawFrame()]);
  const labels = await subject.recognize(frame);
  return {labels, milliseconds: performance.now()};
}

globalThis.first = first();
