/** The search of a whole picture. */
export class FarSearch {
    /**
     * @param {YuNetPass} near @param {YuNetPass} far
     * @param {import('./yunet.js').YuNetSettings} settings
     */
    constructor(near: YuNetPass, far: YuNetPass, settings: import("./yunet.js").YuNetSettings);
    /**
     * The faces of an image, highest score first.
     * @param {Pixels} image
     * @returns {Promise<Detection[]>}
     */
    search(image: Pixels): Promise<Detection[]>;
    /** Frees what the network for far holds. */
    dispose(): void;
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
export type Transform = import("./geometry.js").Transform;
export type YuNetPass = import("./looks.js").YuNetPass;
export type Proposal = import("./looks.js").Proposal;
