/** @file The pictures among what was given at once: files, and folders with all that is in them. */
import {asError} from '../../runtime/errors.js';
import {t} from '../words/words.js';

/** @typedef {import('../files.js').Given} Given */
/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */

/**
 * A picture of a batch.
 * @typedef {object} Item
 * @property {string} name with its folder, unlike every other one
 * @property {File | null} file null for what could not be opened
 * @property {string} error why it cannot be read; '' while nothing speaks against it
 * @property {import('../sources.js').Seen | null} seen in what was looked at, which may be smaller than the picture
 * @property {{width: number, height: number} | null} size of the picture, upright, in its own pixels; null while it is not known
 * @property {string} thumb address of a small picture; '' while there is none
 */

/** @typedef {{items: Item[], others: Found[]}} Collected others: no pictures */
/** @typedef {{path: string, file: File | null, error: string}} Found */

const PICTURES = /\.(jpe?g|jfif|pjpeg|png|apng|webp|gif|bmp|avif|hei[cf]s?|jxl|jp2|j2k|tiff?|svg|ico|dng|cr[23]|nef|arw)$/i;
const VIDEOS = /\.(mp4|m4v|mov|webm|mkv|avi|mpe?g|3gp|ogv|wmv)$/i;

/** Whether a file says that it is a picture. @param {Found} found */
export function isPicture({path, file}) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('.')) return false; // what systems put beside pictures, under the same names
  return file?.type ? file.type.startsWith('image/') : PICTURES.test(name);
}

/** Whether a file says that it is a video. @param {Found} found */
export function isVideo({path, file}) {
  return file?.type ? /^(video|audio)\//.test(file.type) : VIDEOS.test(path);
}

/**
 * Looks through what was given.
 * @param {Given} given
 * @param {AbortSignal} signal
 * @param {(count: number) => void} onCount told how many files have been found
 * @returns {Promise<Collected>} in natural order, folder by folder
 */
export async function collect({files, entries}, signal, onCount) {
  /** @type {Found[]} */
  const found = entries.length > 0 ? [] : files.map((file) => ({path: file.webkitRelativePath || file.name, file, error: ''}));
  for (const entry of entries) await walk(entry, found, signal, onCount);
  const pictures = found.filter((one) => one.error || isPicture(one)).sort(inNaturalOrder);
  /** @type {Map<string, number>} */
  const uses = new Map();
  const items = pictures.map(({path, file, error}) => {
    const use = (uses.get(path) ?? 0) + 1;
    uses.set(path, use);
    return {name: use > 1 ? `${path} (${use})` : path, file, error, seen: null, size: null, thumb: ''};
  });
  return {items, others: found.filter((one) => !one.error && !isPicture(one)).sort(inNaturalOrder)};
}

/** @param {FileSystemEntry} entry @param {Found[]} found @param {AbortSignal} signal @param {(count: number) => void} onCount */
async function walk(entry, found, signal, onCount) {
  signal.throwIfAborted();
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (entry.isFile) {
      found.push({path, file: await fileOf(/** @type {FileSystemFileEntry} */ (entry)), error: ''});
      return onCount(found.length);
    }
    const reader = (/** @type {FileSystemDirectoryEntry} */ (entry)).createReader();
    for (let some = await entriesOf(reader); some.length > 0; some = await entriesOf(reader)) { // some at a time
      for (const inside of some) await walk(inside, found, signal, onCount);
    }
  } catch (error) {
    signal.throwIfAborted();
    found.push({path, file: null, error: entry.isFile ? deniedText(error) : t('batch.denied.folder')});
  }
  return undefined;
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const fileOf = (entry) => new Promise((resolve, reject) => { entry.file(resolve, reject); });

/** @param {FileSystemDirectoryReader} reader @returns {Promise<FileSystemEntry[]>} */
const entriesOf = (reader) => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });

/** What it means that a browser does not hand a file over. @param {unknown} error */
export function deniedText(error) {
  const {name, message} = asError(error);
  return ['NotReadableError', 'NotFoundError', 'SecurityError', 'NotAllowedError'].includes(name) ? t('batch.denied.file') : message;
}

const collator = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});

/** 2 before 10, and a folder's own files together. @param {{path: string}} one @param {{path: string}} other */
export function inNaturalOrder({path: one}, {path: other}) {
  const [place, otherPlace] = [one.lastIndexOf('/'), other.lastIndexOf('/')];
  return collator.compare(one.slice(0, place + 1), other.slice(0, otherPlace + 1)) ||
    collator.compare(one.slice(place + 1), other.slice(otherPlace + 1));
}
