/** @file Picture files, drawn as Python reads them. */
import {LEAST_SIDE} from '../runtime/checks.js';
import {lookInto} from '../runtime/forms.js';
import {MOST_PIXELS, mostOf} from '../runtime/picture_limits.js';
import {canReduce, reduced} from '../runtime/reduced.js';
import {turned} from '../runtime/turned.js';
import {contextOf} from './elements.js';
import {UnusableFileError} from './files.js';
import {t} from './words/words.js';

/** @typedef {import('../runtime/picture_size.js').PictureSize} PictureSize */

const LONGEST = 2048; // pixels a side that a picture is drawn with; a search for small faces takes much longer with more
const READ = ['JPEG', 'PNG', 'WEBP', 'GIF', 'BMP']; // by every browser that has what the networks need
const LARGE = 16_000_000; // pixels of a picture whose memory is not left to whoever collects it; browsers decode JPEGs reduced
const DARKEST = 16; // what 12 bits in 16 come to in 8

/**
 * Draws a picture as face_emotion/pictures.py reads it: upright, in sRGB, over black, of an animation the first
 * frame; at most `longest` pixels a side.
 * @param {Blob} file
 * @param {HTMLCanvasElement} canvas
 * @param {AbortSignal} [signal] once it is aborted, nothing is drawn: another picture may be
 * @param {number} [longest]
 * @returns {Promise<{width: number, height: number}>} its own size in pixels, upright
 * @throws {UnusableFileError} or the signal's reason
 */
export async function drawPicture(file, canvas, signal, longest = LONGEST) {
  if (file.size === 0) throw new UnusableFileError(t('file.empty'));
  if (await isVector(file)) throw new UnusableFileError(t('file.vector'));
  const {form, blob, turn, isDeep, size: told} = await lookInto(file);
  // The few browsers that read TIFF make other levels of some.
  if (form === 'TIFF') throw new UnusableFileError(t('file.form', {form}));
  if (told) checkMost(told, mostOf(form, told, canReduce())); // before anything is decoded
  const pixels = told ? told.width * told.height : 0;
  const {image, size, free} = await (told && pixels > (form === 'JPEG' ? MOST_PIXELS : LARGE) ? loadLarge(blob, form, told, longest) : loadImage(blob, form));
  try {
    signal?.throwIfAborted();
    const lies = turn > 4; // on its side
    const [width, height] = lies ? [size.height, size.width] : [size.width, size.height];
    if (width < LEAST_SIDE || height < LEAST_SIDE) throw new UnusableFileError(t('file.small', {width, height}));
    const scale = Math.min(1, longest / Math.max(width, height));
    canvas.width = Math.max(LEAST_SIDE, Math.round(width * scale));
    canvas.height = Math.max(LEAST_SIDE, Math.round(height * scale));
    const context = contextOf(canvas, {alpha: false, willReadFrequently: true});
    context.imageSmoothingQuality = 'high';
    context.setTransform(...turned(turn, canvas.width, canvas.height));
    context.drawImage(image, 0, 0, lies ? canvas.height : canvas.width, lies ? canvas.width : canvas.height);
    if (isDeep && isNearlyBlack(context.getImageData(0, 0, canvas.width, canvas.height))) {
      throw new UnusableFileError(t('file.deep'));
    }
    return {width, height};
  } finally {
    free();
  }
}

/** @param {{width: number, height: number}} size @param {number} most pixels */
function checkMost({width, height}, most) {
  if (width * height > most) throw new UnusableFileError(t('file.large', {width, height, most}));
}

/**
 * Whether nothing exceeds what 12 bits come to in 16: levels that nobody scaled.
 * @param {ImageData} pixels
 */
function isNearlyBlack({data}) {
  return data.every((level, place) => (place & 3) === 3 || level <= DARKEST);
}

/** @typedef {{image: HTMLImageElement | ImageBitmap, size: {width: number, height: number}, free: () => void}} Loaded */

/**
 * Takes a third less memory than an image, and gives it back at once.
 * @param {Blob} blob @param {string} form @param {PictureSize} told @param {number} longest
 * @returns {Promise<Loaded>}
 */
async function loadLarge(blob, form, told, longest) {
  const isReduced = told.width * told.height > MOST_PIXELS;
  const image = await (isReduced ? reduced(blob, told, longest) : createImageBitmap(blob)).catch(() => {
    throw new UnusableFileError(t(READ.includes(form) ? 'file.damaged' : 'file.form', {form}));
  });
  return {image, size: isReduced ? told : image, free: () => image.close()};
}

/** @param {Blob} blob @param {string} form @returns {Promise<Loaded>} */
async function loadImage(blob, form) {
  const image = new Image();
  const url = URL.createObjectURL(blob);
  const free = () => {
    URL.revokeObjectURL(url);
    image.removeAttribute('src'); // nor does it hold what was decoded until somebody collects it
  };
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new UnusableFileError(
        t(READ.includes(form) ? 'file.damaged' : form ? 'file.form' : 'file.unknown', {form})));
      image.src = url;
    });
    const size = {width: image.naturalWidth, height: image.naturalHeight};
    checkMost(size, MOST_PIXELS); // whatever its header said; nothing is decoded yet
    return {image, size, free};
  } catch (error) {
    free();
    throw error;
  }
}

/** @param {Blob} file */
async function isVector(file) {
  if (file.type === 'image/svg+xml') return true;
  return /<svg[\s>]/i.test(await file.slice(0, 2048).text());
}
