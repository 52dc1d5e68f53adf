/** @file The face that is compared, in the picture that was in view when it was asked for. */
import {bitmapOf} from '../../runtime/video.js';

/** @typedef {import('../../runtime/emotion.js').Face} Face */
/** @typedef {import('../../runtime/emotion.js').EmotionRecognizer} EmotionRecognizer */
/** @typedef {{face: Pick<Face, 'crop' | 'keypoints'>, crop: Uint8Array}} Frozen crop: grey levels before normalisation */

const SAME = 0.2; // of the area of both boxes: what they share, at least

/**
 * Takes the picture that a source shows and cuts one face out of it. A video has moved on since the face was found: the face
 * is looked for again in the frame that stands now.
 * @param {EmotionRecognizer} recognizer
 * @param {import('../sources.js').Source} source
 * @param {Face} face as it was last seen there
 * @returns {Promise<Frozen>}
 */
export async function freeze(recognizer, source, face) {
  if (source.isStill) return {face, crop: await recognizer.crop(source.surface, face)};
  const frame = await bitmapOf(source.surface);
  try {
    const found = nearest(await recognizer.recognize(frame, {reach: 'near'}), face) ?? face; // a small one is where it was
    return {face: found, crop: await recognizer.crop(frame, found)};
  } finally {
    frame.close();
  }
}

/**
 * The face that a face was a moment ago; null where there is none.
 * @template {Pick<Face, 'box'>} Found
 * @param {Found[]} faces
 * @param {Pick<Face, 'box'>} face
 */
export function nearest(faces, {box}) {
  const shares = faces.map((one) => overlap(one.box, box));
  const best = shares.indexOf(Math.max(...shares));
  return best >= 0 && shares[best] >= SAME ? faces[best] : null;
}

/** @param {Face['box']} one @param {Face['box']} other */
function overlap(one, other) {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  const shared = Math.max(across, 0) * Math.max(down, 0);
  return shared / (one.width * one.height + other.width * other.height - shared);
}
