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
     * What near finds, faces of less than sureScore as a closer look sees them, highest score first: near takes a face that
     * lies on its side for an upright one, a closer look tells which way up it is.
     * @param {Pixels} image
     */
    closely(image: Pixels): Promise<import("./detection.js").Detection[]>;
    /**
     * A face of another image where it was, turned back by the whole degrees of its eyes' line; null where it is not.
     * @param {Pixels} image @param {Detection} face
     */
    lookAgain(image: Pixels, face: Detection): Promise<import("./detection.js").Detection | null>;
    /** Whether a face's score is at least confirmThreshold. @param {Detection} face */
    isConfirmed({ score }: Detection): boolean;
    /** Those faces whose boxes overlap with one's by more than iouThreshold. @param {Detection} face @param {Detection[]} faces */
    overlapping(face: Detection, faces: Detection[]): import("./detection.js").Detection[];
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
export type YuNetPass = import("./pass.js").YuNetPass;
export type Proposal = import("./looks.js").Proposal;
