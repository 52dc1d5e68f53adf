/**
 * The pixels of a frame. Upright RGBA bytes without a gap are taken as they are, and must stay until they were looked at; of
 * all else a copy is made.
 * @param {Frame} frame
 * @returns {import('./runtime/geometry.js').Pixels}
 * @throws {UnsupportedImageError} for another format or orientation, or fewer bytes than its sides say
 */
export function pixelsOf({ data, width, height, pixelFormat, bytesPerRow, orientation, isMirrored }: Frame): import("./runtime/geometry.js").Pixels;
/**
 * Pixels in memory.
 */
export type Frame = {
    /**
     * rows from the top, of a camera as its sensor lies
     */
    data: ArrayBuffer | Uint8Array | Uint8ClampedArray;
    /**
     * of a row in pixels
     */
    width: number;
    /**
     * of rows
     */
    height: number;
    /**
     * rgba (the default), bgra, rgb or grey, or vision-camera's name: rgb-rgba-8-bit,
     * rgb-bgra-8-bit, rgb-rgb-8-bit
     */
    pixelFormat?: string | undefined;
    /**
     * from the start of one row to that of the next; default, and what 0 means: no gap
     */
    bytesPerRow?: number | undefined;
    /**
     * where the picture's top is in `data`; default: up
     */
    orientation?: "left" | "down" | "right" | "up" | undefined;
    /**
     * whether the upright picture is to be read from right to left; default: no
     */
    isMirrored?: boolean | undefined;
};
