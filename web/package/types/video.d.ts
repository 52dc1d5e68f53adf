/**
 * Takes what a source shows now; waits for a video's next frame where it has none to be read.
 * @param {Exclude<ImageBitmapSource, Blob | ImageData> | ImageData} source
 * @param {ImageBitmapOptions} [options]
 * @returns {Promise<ImageBitmap>}
 * @throws {NoFrameError} if a video shows none for a second
 * @throws {DOMException} what createImageBitmap throws for any other source
 */
export function bitmapOf(source: Exclude<ImageBitmapSource, Blob | ImageData> | ImageData, options?: ImageBitmapOptions): Promise<ImageBitmap>;
/**
 * Waits for the picture of a video that loads or seeks. Any other source is left as it is, and so is a video that none comes to.
 * @param {unknown} source
 * @throws {NoFrameError} if it shows none for a second
 */
export function untilShown(source: unknown): Promise<void>;
