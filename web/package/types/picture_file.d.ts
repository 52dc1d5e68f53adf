/**
 * Decodes a picture file as face_emotion/pictures.py does: upright, in sRGB, of an animation the first frame.
 * @param {Blob} file
 * @param {number} longest pixels a side, at most
 * @returns {Promise<{frame: ImageBitmap, scale: number}>} scale: the picture's own pixels a pixel of the frame
 * @throws {UnsupportedImageError} if this browser cannot read it, or it has too few or too many pixels
 */
export function frameOfFile(file: Blob, longest: number): Promise<{
    frame: ImageBitmap;
    scale: number;
}>;
/**
 * A side of what is scaled down. A strip in which no face has room keeps the few pixels that it is high.
 * @param {number} side in pixels
 * @param {number} scale 1 or more
 */
export function reducedSide(side: number, scale: number): number;
