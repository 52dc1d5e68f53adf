/** @file What is said of a batch: how far its reading is, and what is no part of it. */
import {t} from '../words/words.js';
import {isVideo} from './collect.js';

/**
 * How far a batch is.
 * @typedef {object} State
 * @property {'gathering' | 'empty' | 'reading' | 'held' | 'done'} phase
 * @property {number} total pictures; while they are gathered, files that have been found
 * @property {number} done of them, read or not to be read
 * @property {number | null} left seconds, where somebody can tell
 * @property {{faces: number, none: number, errors: number}} found of the done ones: with faces, without, not to be read
 */

/** One sentence on it. @param {State} state */
export function statusOf({phase, total, done, left, found}) {
  switch (phase) {
    case 'gathering': return total > 0 ? t('batch.gathering.count', {count: total}) : t('batch.gathering');
    case 'empty': return t('batch.none');
    case 'held': return t('batch.held', {done, total});
    case 'done': return t('batch.done', {faces: found.faces, none: found.none, errors: found.errors});
    default: return left === null ? t('batch.reading', {done, total}) : t('batch.reading.left', {done, total, time: spanOf(left)});
  }
}

/** A time as one says it. @param {number} seconds */
export function spanOf(seconds) {
  if (seconds < 90) return t('batch.seconds', {count: seconds < 10 ? Math.max(1, Math.round(seconds)) : 5 * Math.round(seconds / 5)});
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? t('batch.minutes', {count: minutes}) : t('batch.hours', {count: Math.round(minutes / 60)});
}

const NAMES = 3;

/**
 * Which files were left out, and why.
 * @param {import('./collect.js').Found[]} others
 */
export function leftOut(others) {
  const videos = others.filter(isVideo);
  const rest = others.filter((other) => !isVideo(other));
  return [
    videos.length > 0 ? t('batch.left.videos', {count: videos.length, names: namesOf(videos)}) : '',
    rest.length > 0 ? t('batch.left.others', {count: rest.length, names: namesOf(rest)}) : '',
  ].filter(Boolean).join(' ');
}

/** @param {import('./collect.js').Found[]} files */
function namesOf(files) {
  const names = files.slice(0, NAMES).map(({path}) => path).join(', ');
  return files.length > NAMES ? t('batch.left.more', {names, count: files.length - NAMES}) : names;
}
