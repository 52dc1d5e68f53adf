/** @file The picture of a video that stands still, also where the browser paints nothing of it. */
import {bitmapOf} from '../runtime/video.js';

/**
 * What a video shows that stands still.
 * @param {HTMLVideoElement} video
 * @returns {Promise<ImageBitmap | null>} null: nothing can be had of it
 */
export async function pictureOf(video) {
  const picture = await bitmapOf(video);
  if (!isBlank(picture)) return picture;
  picture.close();
  // WebKit paints nothing of a video that is scrolled out of view; the frame itself is there.
  if (typeof VideoFrame === 'undefined') return null;
  const frame = new VideoFrame(video);
  const taken = await createImageBitmap(frame).finally(() => frame.close());
  if (!isBlank(taken)) return taken;
  taken.close();
  return null;
}

/** Whether nothing was painted. @param {ImageBitmap} picture */
function isBlank(picture) {
  const canvas = Object.assign(document.createElement('canvas'), {width: 4, height: 4});
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', {willReadFrequently: true}));
  context.drawImage(picture, 0, 0, 4, 4);
  return context.getImageData(0, 0, 4, 4).data.every((level) => level === 0);
}
