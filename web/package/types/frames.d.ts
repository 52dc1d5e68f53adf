/**
 * Takes what a source shows now.
 * @param {Source} source an image's EXIF orientation is honoured
 * @param {import('./checks.js').Reach} [reach] of what will look at it
 * @returns {Promise<{frame: import('./pixels.js').Frame, scale: number}>} scale: source pixels a pixel of the frame
 * @throws {UnsupportedImageError} if nothing has been decoded, the browser withholds it (another origin's), or it has too many
 *   pixels (picture_limits.js)
 * @throws {import('./errors.js').NoFrameError} if a video shows nothing for a second
 */
export function frameOf(source: Source, reach?: import("./checks.js").Reach): Promise<{
    frame: import("./pixels.js").Frame;
    scale: number;
}>;
/**
 * Takes what each of several sources shows.
 * @param {Source[]} sources
 * @returns {Promise<import('./pixels.js').Frame[]>}
 * @throws {UnsupportedImageError} as `frameOf`, naming the frame; then none is left
 */
export function framesOf(sources: Source[]): Promise<import("./pixels.js").Frame[]>;
/** The frames that were made here, which the worker may take. @param {import('./pixels.js').Frame[]} frames @param {Source[]} sources */
export function ownFrames(frames: import("./pixels.js").Frame[], sources: Source[]): (ImageBitmap | VideoFrame)[];
/**
 * Frees what a failed call may have left here.
 * @param {Error} error
 * @param {import('./pixels.js').Frame[]} frames
 * @returns {Error} what the caller is told
 */
export function afterFailure(error: Error, frames: import("./pixels.js").Frame[]): Error;
/**
 * Brings a face of a frame to the pixels of its source.
 * @param {import('./face.js').Face} face
 * @param {number} scale source pixels a pixel of the frame
 */
export function enlarge(face: import("./face.js").Face, scale: number): void;
/**
 * a Blob or File: a picture file's content; what is transparent lies over black
 */
export type Source = Blob | HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | VideoFrame;
