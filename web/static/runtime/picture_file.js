/** @file A picture file's content as a frame for the worker: as large as is looked at, and decoded no larger than memory allows. */
import {checkSides, LEAST_SIDE} from './checks.js';
import {asError, UnsupportedImageError} from './errors.js';
import {lookInto} from './forms.js';
import {checkMost, MOST_PIXELS, mostOf} from './picture_limits.js';
import {canReduce, reduced} from './reduced.js';
import {turned} from './turned.js';

/**
 * Decodes a picture file as face_emotion/pictures.py does: upright, in sRGB, of an animation the first frame.
 * @param {Blob} file
 * @param {number} longest pixels a side, at most
 * @returns {Promise<{frame: ImageBitmap, scale: number}>} scale: the picture's own pixels a pixel of the frame
 * @throws {UnsupportedImageError} if this browser cannot read it, or it has too few or too many pixels
 */
export async function frameOfFile(file, longest) {
  const {form, blob, turn, size} = await lookInto(file);
  if (size) checkMost(size, mostOf(form, size, canReduce())); // before anything is decoded
  const isReduced = size !== null && size.width * size.height > MOST_PIXELS;
  const image = await (isReduced ? reduced(blob, size, longest) : createImageBitmap(blob)).catch((error) => {
    throw new UnsupportedImageError(`The picture cannot be read: ${asError(error).message}`);
  });
  const stored = isReduced ? size : image;
  const lies = turn > 4; // on its side
  const [width, height] = lies ? [stored.height, stored.width] : [stored.width, stored.height];
  try {
    checkSides(width, height);
    const scale = Math.max(1, width / longest, height / longest);
    if (scale === 1 && turn === 1) return {frame: image, scale};
    return {frame: drawn(image, turn, reducedSide(width, scale), reducedSide(height, scale)), scale};
  } catch (error) {
    image.close();
    throw error;
  }
}

/**
 * A side of what is scaled down. A strip in which no face has room keeps the few pixels that it is high.
 * @param {number} side in pixels
 * @param {number} scale 1 or more
 */
export function reducedSide(side, scale) {
  return Math.max(Math.round(side / scale), Math.min(side, LEAST_SIDE));
}

/**
 * A picture upright, in another size; it is closed.
 * @param {ImageBitmap} image @param {number} turn EXIF's orientation @param {number} width @param {number} height
 */
function drawn(image, turn, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  if (!context) throw new UnsupportedImageError('The picture cannot be read: this browser gives no canvas for it.');
  context.imageSmoothingQuality = 'high';
  context.setTransform(...turned(turn, width, height));
  context.drawImage(image, 0, 0, turn > 4 ? height : width, turn > 4 ? width : height);
  image.close();
  const frame = canvas.transferToImageBitmap();
  canvas.width = canvas.height = 0; // nor does it hold as much once more
  return frame;
}
