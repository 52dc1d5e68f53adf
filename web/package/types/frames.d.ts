/**
 * Takes what a source shows now.
 * @param {Source} source an image's EXIF orientation is honoured
 * @returns {Promise<{frame: ImageBitmap | ImageData, scale: number}>} scale: source pixels a pixel of the frame
 * @throws {UnsupportedImageError} if nothing has been decoded, or the browser withholds it (another origin's)
 */
export function frameOf(source: Source): Promise<{
    frame: ImageBitmap | ImageData;
    scale: number;
}>;
/**
 * The pixels of a frame; transparent ones lie over black.
 * @param {ImageBitmap | ImageData} frame a bitmap is closed
 * @returns {ImageData}
 */
export function pixelsOf(frame: ImageBitmap | ImageData): ImageData;
/**
 * What `recognize` takes.
 */
export type Source = HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | VideoFrame;
