/**
 * Takes what a source shows now.
 * @param {Source} source an image's EXIF orientation is honoured
 * @returns {Promise<{frame: ImageBitmap | ImageData | VideoFrame, scale: number}>} scale: source pixels a pixel of the frame
 * @throws {UnsupportedImageError} if nothing has been decoded, or the browser withholds it (another origin's)
 */
export function frameOf(source: Source): Promise<{
    frame: ImageBitmap | ImageData | VideoFrame;
    scale: number;
}>;
/**
 * The pixels of a frame; transparent ones lie over black. They stay until the next call.
 * @param {ImageBitmap | ImageData | VideoFrame} frame closed, unless it is an ImageData
 * @returns {Promise<import('./geometry.js').Pixels>}
 */
export function pixelsOf(frame: ImageBitmap | ImageData | VideoFrame): Promise<import("./geometry.js").Pixels>;
/**
 * What `recognize` takes.
 */
export type Source = HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | VideoFrame;
