/** The search of a whole picture. */
export class FarSearch {
    /**
     * @param {YuNetPass} near
     * @param {() => Promise<YuNetPass>} openFar gives the network for far, which is asked for when it is needed
     * @param {import('./yunet.js').YuNetSettings} settings
     */
    constructor(near: YuNetPass, openFar: () => Promise<YuNetPass>, settings: import("./yunet.js").YuNetSettings);
    /** How many proposals of a search are looked at at every angle. */
    get mostTurned(): number;
    /** The faces of an image, highest score first. @param {Pixels} image @returns {Promise<Detection[]>} */
    search(image: Pixels): Promise<Detection[]>;
    /** The faces of one look at the whole image, highest score first. @param {Pixels} image */
    near(image: Pixels): Promise<import("./detection.js").Detection[]>;
    /** What near finds, and which way up it is, as a closer look at what is not sure tells, highest score first. @param {Pixels} image */
    closely(image: Pixels): Promise<import("./detection.js").Detection[]>;
    /**
     * A face of another image where it was, turned back by the whole degrees of its eyes' line; null where it is not.
     * @param {Pixels} image @param {Detection} face
     */
    lookAgain(image: Pixels, face: Detection): Promise<import("./detection.js").Detection | null>;
    /**
     * What a look at the whole image proposes: GLANCES[number], the network for far in its last.
     * @param {Pixels} image @param {number} number
     */
    glance(image: Pixels, number: number): Promise<import("./looks.js").Proposal[]>;
    /**
     * The face that a proposal turns out to be (steps 3 and 4), or null, and whether it was turned further.
     * @param {Pixels} image @param {Proposal} proposal @param {boolean} mayTurn
     */
    closer(image: Pixels, proposal: Proposal, mayTurn: boolean): Promise<{
        face: import("./detection.js").Detection | null;
        turned: boolean;
    }>;
    /** Whether a face's score is at least sureScore. @param {Detection} face */
    isSure({ score }: Detection): boolean;
    /** Whether a face's score is at least confirmThreshold. @param {Detection} face */
    isConfirmed({ score }: Detection): boolean;
    /** Those faces whose boxes overlap with a box by more than iouThreshold. @param {number[]} box @param {Detection[]} faces */
    overlapping(box: number[], faces: Detection[]): import("./detection.js").Detection[];
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
export type YuNetPass = import("./pass.js").YuNetPass;
export type Proposal = import("./looks.js").Proposal;
