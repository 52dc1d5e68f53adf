/**
 * The pixels of a frame; transparent ones lie over black. They stay until the next call.
 * @param {Frame} frame closed, unless it is an ImageData
 * @returns {Promise<import('./geometry.js').Pixels>}
 */
export function pixelsOf(frame: Frame): Promise<import("./geometry.js").Pixels>;
export type Frame = ImageBitmap | ImageData | VideoFrame;
