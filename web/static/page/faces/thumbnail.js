/** @file A face, cut from what is shown. */
import {contextOf} from '../elements.js';

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** Pixels a side: sharp at twice the size that style.css shows it with. */
export const SIDE = 96;

/**
 * The square around a face's box, so that no face is stretched; it may reach beyond the picture.
 * @param {Box} box
 * @returns {{x: number, y: number, side: number}}
 */
export function squareOf({x, y, width, height}) {
  const side = Math.max(width, height);
  return {x: x + (width - side) / 2, y: y + (height - side) / 2, side};
}

/**
 * Draws the face that is in a box now; what lies beyond the picture stays empty.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLVideoElement | HTMLCanvasElement} surface
 * @param {Box} box in its pixels
 */
export function drawThumbnail(canvas, surface, box) {
  const {x, y, side} = squareOf(box);
  const context = contextOf(canvas);
  // A picture of many pixels is drawn once: it may take longer to be smooth.
  context.imageSmoothingQuality = surface instanceof HTMLVideoElement ? 'low' : 'high';
  context.clearRect(0, 0, SIDE, SIDE);
  context.drawImage(surface, x, y, side, side, 0, 0, SIDE, SIDE);
}
