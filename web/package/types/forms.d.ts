/**
 * Looks into a picture file.
 * @param {Blob} file
 * @returns {Promise<PictureFile>}
 */
export function lookInto(file: Blob): Promise<PictureFile>;
/**
 * places in the file: chunk, its data, the next
 */
export type Note = {
    chunk: number;
    start: number;
    end: number;
    next: number;
};
/**
 * A picture file.
 */
export type PictureFile = {
    /**
     * e.g. "JPEG"; '' for what is not known
     */
    form: string;
    /**
     * what the browser is to decode
     */
    blob: Blob;
    /**
     * EXIF's orientation, 1..8, which is still to be done
     */
    turn: number;
    /**
     * whether it is a PNG of 16 bits
     */
    isDeep: boolean;
    /**
     * as the file's header says it; null where it does not
     */
    size: import("./picture_size.js").PictureSize | null;
};
