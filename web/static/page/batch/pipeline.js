/** @file Reads pictures one after the other: while one is being read, the next is being decoded. */
import {asError} from '../../runtime/errors.js';
import {contextOf} from '../elements.js';
import {failureOfFile} from '../failures.js';
import {wordsOf} from '../states.js';
import {drawPicture} from '../picture.js';
import {deniedText} from './collect.js';

/** @typedef {import('./collect.js').Item} Item */
/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */

const THUMB = 320; // pixels a side at most: what is kept of each of thousands

/**
 * Reads pictures; each is settled with what was seen in it, or why it cannot be read.
 * @param {Item[]} items
 * @param {EmotionRecognizer} recognizer
 * @param {AbortSignal} signal
 * @param {(item: Item) => void} onSettled
 * @throws what is not the picture's fault
 */
export async function readAll(items, recognizer, signal, onSettled) {
  const canvases = [document.createElement('canvas'), document.createElement('canvas')];
  /** @param {number} index */
  const prepare = (index) => prepared(items[index], canvases[index % 2], signal);
  let next = items.length > 0 ? prepare(0) : null;
  for (let index = 0; next; index += 1) {
    const ready = await next;
    if (signal.aborted) return;
    next = index + 1 < items.length ? prepare(index + 1) : null;
    const item = items[index];
    item.error = ready;
    if (!ready) await look(item, canvases[index % 2], recognizer, signal);
    if (signal.aborted) return;
    onSettled(item);
  }
}

/** @param {Item} item @param {HTMLCanvasElement} canvas @param {EmotionRecognizer} recognizer @param {AbortSignal} signal */
async function look(item, canvas, recognizer, signal) {
  const {width, height} = canvas;
  try {
    const faces = await recognizer.recognize(canvas, {reach: 'far'});
    if (!signal.aborted) item.seen = {faces, width, height, by: recognizer};
  } catch (error) {
    const {name, text} = failureOfFile(error);
    if (signal.aborted || name !== 'unreadable') throw error;
    item.error = text ?? wordsOf(name).text;
  }
}

/**
 * Decodes a picture, and keeps it small.
 * @param {Item} item @param {HTMLCanvasElement} canvas @param {AbortSignal} signal
 * @returns {Promise<string>} why it cannot be read; '' if it can
 */
async function prepared(item, canvas, signal) {
  try {
    if (!item.file) return item.error;
    item.size = await drawPicture(item.file, canvas, signal);
    item.thumb ||= await smallOf(canvas);
    return '';
  } catch (error) {
    return deniedText(error) || asError(error).name;
  }
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<string>} the address of a JPEG */
async function smallOf(canvas) {
  const scale = Math.min(1, THUMB / Math.max(canvas.width, canvas.height));
  const small = document.createElement('canvas');
  small.width = Math.max(1, Math.round(canvas.width * scale));
  small.height = Math.max(1, Math.round(canvas.height * scale));
  const context = contextOf(small, {alpha: false});
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, small.width, small.height);
  const blob = await new Promise((resolve) => { small.toBlob(resolve, 'image/jpeg', 0.82); });
  small.width = small.height = 0; // its memory is not needed until somebody collects it
  return blob ? URL.createObjectURL(blob) : '';
}
