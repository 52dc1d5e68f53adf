/**
 * The square of a face that is followed.
 * @param {Pick<Detection, 'uprightBox' | 'eyes'>} face
 * @returns {Transform}
 */
export function placeOf({ uprightBox: [left, top, right, bottom], eyes: [[firstX, firstY], [secondX, secondY]] }: Pick<Detection, "uprightBox" | "eyes">): Transform;
/** A face as it was found, and where it has moved. */
export class Anchor {
    /**
     * A face of an image to be followed; null where it is too flat.
     * @param {Pixels} image
     * @param {Detection} face
     * @returns {Anchor | null}
     */
    static of(image: Pixels, face: Detection): Anchor | null;
    /**
     * `Anchor.of` makes one.
     * @param {Detection} found
     * @param {Transform} place of that face
     * @param {import('./template.js').Template} template
     * @private
     */
    private constructor();
    /** The square that `follow` looks at. @returns {Transform} */
    get view(): Transform;
    /**
     * The face in the next image, or null where it is not seen any more.
     * @param {Pixels} image of the same size
     * @returns {Detection | null}
     */
    follow(image: Pixels): Detection | null;
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
export type Transform = import("./geometry.js").Transform;
