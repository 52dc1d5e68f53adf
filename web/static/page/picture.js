/** @file Picture files, drawn as Python reads them. */
import {LEAST_SIDE} from '../runtime/checks.js';
import {contextOf} from './elements.js';
import {UnusableFileError} from './files.js';
import {lookInto} from './forms.js';
import {t} from './words/words.js';

const LONGEST = 2048; // pixels a side that a picture is drawn with; a search for small faces takes much longer with more
const READ = ['JPEG', 'PNG', 'WEBP', 'GIF', 'BMP']; // by every browser that has what the networks need
const DARKEST = 16; // what 12 bits in 16 come to in 8

/**
 * Draws a picture as face_emotion/pictures.py reads it: upright, in sRGB, over black, of an animation the first
 * frame; at most `longest` pixels a side.
 * @param {Blob} file
 * @param {HTMLCanvasElement} canvas
 * @param {AbortSignal} [signal] once it is aborted, nothing is drawn: another picture may be
 * @param {number} [longest]
 * @throws {UnusableFileError} or the signal's reason
 */
export async function drawPicture(file, canvas, signal, longest = LONGEST) {
  if (file.size === 0) throw new UnusableFileError(t('file.empty'));
  if (await isVector(file)) throw new UnusableFileError(t('file.vector'));
  const {form, blob, turn, isDeep} = await lookInto(file);
  // The few browsers that read TIFF make other levels of some.
  if (form === 'TIFF') throw new UnusableFileError(t('file.form', {form}));
  const url = URL.createObjectURL(blob);
  try {
    const image = await loadImage(url, form);
    signal?.throwIfAborted();
    const lies = turn > 4; // on its side
    const [width, height] = lies ? [image.naturalHeight, image.naturalWidth] : [image.naturalWidth, image.naturalHeight];
    if (width < LEAST_SIDE || height < LEAST_SIDE) {
      throw new UnusableFileError(t('file.small', {width, height}));
    }
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
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * The transform of a canvas that turns what is drawn as EXIF's orientation says.
 * @param {number} turn 1..8
 * @param {number} width of the canvas, what comes of it
 * @param {number} height
 * @returns {[number, number, number, number, number, number]}
 */
function turned(turn, width, height) {
  /** @type {[number, number, number, number, number, number][]} */
  const transforms = [
    [1, 0, 0, 1, 0, 0], [-1, 0, 0, 1, width, 0], [-1, 0, 0, -1, width, height], [1, 0, 0, -1, 0, height],
    [0, 1, 1, 0, 0, 0], [0, 1, -1, 0, width, 0], [0, -1, -1, 0, width, height], [0, -1, 1, 0, 0, height],
  ];
  return transforms[turn - 1];
}

/**
 * Whether nothing exceeds what 12 bits come to in 16: levels that nobody scaled.
 * @param {ImageData} pixels
 */
function isNearlyBlack({data}) {
  return data.every((level, place) => (place & 3) === 3 || level <= DARKEST);
}

/** @param {string} url @param {string} form @returns {Promise<HTMLImageElement>} */
function loadImage(url, form) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new UnusableFileError(
      t(READ.includes(form) ? 'file.damaged' : form ? 'file.form' : 'file.unknown', {form})));
    image.src = url;
  });
}

/** @param {Blob} file */
async function isVector(file) {
  if (file.type === 'image/svg+xml') return true;
  return /<svg[\s>]/i.test(await file.slice(0, 2048).text());
}
