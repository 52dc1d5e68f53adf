/**
 * Decodes a JPEG at a reduced size. It must not say how it is turned: browsers do not agree on who turns it then.
 * @param {Blob} blob
 * @param {{width: number, height: number}} size its own
 * @param {number} least pixels that its longer side is to have, or a few less
 * @returns {Promise<ImageBitmap>} the caller's to close
 * @throws {DOMException} for a damaged one
 */
export function reduced(blob: Blob, { width, height }: {
    width: number;
    height: number;
}, least: number): Promise<ImageBitmap>;
export function canReduce(): boolean;
