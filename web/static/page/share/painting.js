/** @file The picture with boxes and labels in it, in the picture's own pixels. */
import {contextOf} from '../elements.js';
import {paintFaces, placeOf} from '../overlay.js';

/** @typedef {import('../overlay.js').Scene} Scene */
/** @typedef {HTMLVideoElement | HTMLCanvasElement} Surface */

const DIAGONAL = 900; // pixels of a picture in which a label is as large as on the page
const LEAST = 0.8; // of that: smaller, it could not be read

/**
 * How much larger than on the page labels and lines are in a picture, so that they can be read when all of it is looked at.
 * @param {number} width
 * @param {number} height
 */
export function inkScale(width, height) {
  return Math.max(Math.hypot(width, height) / DIAGONAL, LEAST);
}

/**
 * Paints a picture whole into a canvas, mirrored if the scene is, and its faces over it; text is never mirrored.
 * @param {HTMLCanvasElement} canvas
 * @param {Surface} surface
 * @param {{width: number, height: number}} size of the surface
 * @param {Scene} scene
 */
export function paint(canvas, surface, size, scene) {
  const context = contextOf(canvas, {alpha: false});
  const {width, height} = canvas;
  const {scale, left, top} = placeOf(size.width, size.height, width, height);
  context.setTransform(1, 0, 0, 1, 0, 0);
  if (left > 0 || top > 0) context.fillRect(0, 0, width, height);
  if (scene.mirrored) context.setTransform(-1, 0, 0, 1, width, 0);
  context.imageSmoothingQuality = 'high';
  context.drawImage(surface, left, top, size.width * scale, size.height * scale);
  const ink = inkScale(width, height);
  context.setTransform(ink, 0, 0, ink, 0, 0);
  paintFaces(context, scene, width / ink, height / ink);
}
