/** @file A snapshot: the picture that is in view, with what was read in it, as a PNG file. */
import {sizeOf} from '../sources.js';
import {paint} from './painting.js';

/** @typedef {import('../sources.js').Source} Source */

/**
 * Takes a snapshot.
 * @param {Source} source
 * @param {import('../overlay.js').Scene} scene
 * @returns {Promise<{blob: Blob, width: number, height: number}>}
 * @throws {Error} where there is no picture, or no memory for it
 */
export async function snapshotOf(source, scene) {
  const {surface} = source;
  const own = source.full && await source.full().catch(() => null);
  if (!own) return pngOf(surface, scene);
  // Boxes are in the pixels of what was read, which has fewer of them.
  const scale = own.width / surface.width;
  const faces = scene.faces.map((face) => ({...face, box: {
    x: face.box.x * scale, y: face.box.y * scale, width: face.box.width * scale, height: face.box.height * scale,
  }}));
  return pngOf(own, {...scene, faces, width: own.width, height: own.height});
}

/** @param {HTMLVideoElement | HTMLCanvasElement} surface @param {import('../overlay.js').Scene} scene */
async function pngOf(surface, scene) {
  const size = sizeOf(surface);
  if (!size.width || !size.height) throw new Error('There is no picture.');
  const canvas = Object.assign(document.createElement('canvas'), size);
  paint(canvas, surface, size, scene);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('There is no memory for the picture.');
  return {blob, ...size};
}
