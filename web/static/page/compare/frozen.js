/** @file The face that is compared, in the picture that was in view when it was asked for. */
import {bitmapOf} from '../../runtime/video.js';
import {t} from '../words/words.js';

/** @typedef {import('../../runtime/emotion.js').Face} Face */
/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */
/** @typedef {{face: Pick<Face, 'crop' | 'keypoints'>, crop: Uint8Array}} Frozen crop: grey levels before normalisation */

/**
 * Takes the picture that a source shows and cuts one face out of it. A video has moved on since the face was found: the face
 * is looked for again in the frame that stands now.
 * @param {EmotionRecognizer} recognizer
 * @param {import('../sources.js').Source} source
 * @param {Face} face as it was last seen there
 * @returns {Promise<Frozen>}
 * @throws {Error} if no face is in view any more
 */
export async function freeze(recognizer, source, face) {
  if (source.isStill) return {face, crop: await recognizer.crop(source.surface, face)};
  const frame = await bitmapOf(source.surface);
  try {
    const found = nearest(await recognizer.recognize(frame, {reach: 'near'}), face) ??
      nearest(await recognizer.recognize(frame, {reach: 'far'}), face); // a small or turned one
    if (!found) throw new Error(t('announce.none'));
    return {face: found, crop: await recognizer.crop(frame, found)};
  } finally {
    frame.close();
  }
}

/**
 * The face that stands nearest to where a face was a moment ago; null where there is none.
 * @template {Pick<Face, 'box'>} Found
 * @param {Found[]} faces
 * @param {Pick<Face, 'box'>} face
 */
export function nearest(faces, {box}) {
  const distances = faces.map((one) => Math.hypot(
    one.box.x + one.box.width / 2 - box.x - box.width / 2, one.box.y + one.box.height / 2 - box.y - box.height / 2));
  return faces[distances.indexOf(Math.min(...distances))] ?? null;
}
