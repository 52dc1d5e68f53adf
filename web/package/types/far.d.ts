/** The search of a whole picture. */
export class FarSearch {
    /**
     * @param {YuNetPass} near
     * @param {() => Promise<YuNetPass>} openFar gives the network for far, which is asked for when it is needed
     * @param {import('./yunet.js').YuNetSettings} settings
     */
    constructor(near: YuNetPass, openFar: () => Promise<YuNetPass>, settings: import("./yunet.js").YuNetSettings);
    /** The faces of an image, highest score first. @param {Pixels} image @returns {Promise<Detection[]>} */
    search(image: Pixels): Promise<Detection[]>;
    /**
     * What a search without parts and without looks at 45 and 135 degrees finds, highest score first.
     * @param {Pixels} image
     * @returns {Promise<Detection[]>}
     */
    glance(image: Pixels): Promise<Detection[]>;
    /** The faces of one look at the whole image, highest score first. @param {Pixels} image */
    near(image: Pixels): Promise<import("./detection.js").Detection[]>;
    /**
     * A face of another image where it was, turned back by the whole degrees of its eyes' line; null where it is not.
     * @param {Pixels} image @param {Detection} face
     */
    lookAgain(image: Pixels, face: Detection): Promise<import("./detection.js").Detection | null>;
    /** Those faces whose boxes overlap with one's by more than iouThreshold. @param {Detection} face @param {Detection[]} faces */
    overlapping(face: Detection, faces: Detection[]): import("./detection.js").Detection[];
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
export type Transform = import("./geometry.js").Transform;
export type YuNetPass = import("./pass.js").YuNetPass;
export type Proposal = import("./looks.js").Proposal;
