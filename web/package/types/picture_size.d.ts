/**
 * The size of a picture.
 * @param {Uint8Array} bytes of the file, from its beginning
 * @param {string} form e.g. "JPEG"
 * @returns {PictureSize | null} null where these bytes do not say it
 */
export function sizeIn(bytes: Uint8Array, form: string): PictureSize | null;
/**
 * What the header says.
 */
export type PictureSize = {
    /**
     * in pixels, as the picture is stored
     */
    width: number;
    height: number;
    /**
     * whether it is a JPEG that decoders hold whole, as coefficients
     */
    isProgressive: boolean;
};
