/**
 * Takes what a source shows now.
 * @param {Source} source an image's EXIF orientation is honoured
 * @returns {Promise<{frame: import('./pixels.js').Frame, scale: number}>} scale: source pixels a pixel of the frame
 * @throws {UnsupportedImageError} if nothing has been decoded, or the browser withholds it (another origin's)
 */
export function frameOf(source: Source): Promise<{
    frame: import("./pixels.js").Frame;
    scale: number;
}>;
/**
 * What `recognize` takes.
 */
export type Source = HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | VideoFrame;
