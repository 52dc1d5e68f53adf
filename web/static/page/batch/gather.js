/** @file Several files or a folder at once: a batch, or one file where there is but one that can be opened. */
import {Batch} from './batch.js';
import {isPicture, isVideo} from './collect.js';

/** @typedef {import('../files.js').Given} Given */

/**
 * Opens what was given.
 * @param {Given} given
 * @param {object} parts
 * @param {import('../elements.js').Elements} parts.elements
 * @param {import('../announcer.js').Announcer} parts.announcer
 * @param {(file: File) => void} parts.openFile
 * @param {(event: import('../run.js').Event) => void} parts.send
 */
export async function gather(given, {elements, announcer, openFile, send}) {
  const files = given.files.map((file) => ({path: file.name, file, error: ''}));
  const hasFolder = given.isFolder || given.entries.some((entry) => entry.isDirectory);
  const video = files.find(isVideo);
  if (!hasFolder && video && !files.some(isPicture)) return openFile(video.file); // of videos one is watched at a time
  await style();
  return send({type: 'gather', batch: new Batch(given, {elements, announcer, send})});
}

/** Has the room's style sheet, which is not there before. */
async function style() {
  const href = new URL('../../styles/batch.css', import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  await new Promise((resolve, reject) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', () => reject(new Error(href)));
    document.head.append(link);
  });
}
