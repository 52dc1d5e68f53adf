/** @file A JPEG of very many pixels, decoded at an eighth, a quarter, … of its size, where the browser can. */

/** Whether this browser can (ImageDecoder of WebCodecs). */
export const canReduce = () => typeof ImageDecoder === 'function';

/**
 * Decodes a JPEG at a reduced size. It must not say how it is turned: browsers do not agree on who turns it then.
 * @param {Blob} blob
 * @param {{width: number, height: number}} size its own
 * @param {number} least pixels that its longer side is to have, or a few less
 * @returns {Promise<ImageBitmap>} the caller's to close
 * @throws {DOMException} for a damaged one
 */
export async function reduced(blob, {width, height}, least) {
  // JPEG's blocks of 8 pixels can be decoded as blocks of 1, 2, …; less than half its size, whatever is wanted.
  const eighths = Math.min(4, Math.ceil(8 * least / Math.max(width, height)));
  const decoder = new ImageDecoder({
    data: await blob.arrayBuffer(), type: 'image/jpeg', preferAnimation: false,
    desiredWidth: Math.ceil(width * eighths / 8), desiredHeight: Math.ceil(height * eighths / 8),
  });
  try {
    const {image} = await decoder.decode();
    // Drawn on a canvas, Chromium holds the frame itself until somebody collects it.
    return await createImageBitmap(image).finally(() => image.close());
  } finally {
    decoder.close();
  }
}
