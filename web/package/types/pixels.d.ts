/**
 * The pixels of a frame; transparent ones lie over black. They stay until the next call.
 * @param {Frame} frame closed, unless it is an ImageData
 * @returns {Promise<import('./geometry.js').Pixels>}
 */
export function pixelsOf(frame: Frame): Promise<import("./geometry.js").Pixels>;
/**
 * The pixels of a video's next frame, which `work` has read where it looks at them. They stay until the next call.
 * @template Value
 * @param {Frame} frame closed, unless it is an ImageData
 * @param {(pixels: import('./geometry.js').Pixels) => Promise<Value>} work
 * @returns {Promise<Value>} what work gives
 */
export function withPixelsOf<Value>(frame: Frame, work: (pixels: import("./geometry.js").Pixels) => Promise<Value>): Promise<Value>;
export type Frame = ImageBitmap | ImageData | VideoFrame;
