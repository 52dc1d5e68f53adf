/** The state of one video. */
export class LiveSearch {
    /**
     * @param {import('./far.js').FarSearch} search of the detector
     * @param {() => boolean} canGlance whether its network for far is there; asked before each glance, no frame waits for it
     */
    constructor(search: import("./far.js").FarSearch, canGlance: () => boolean);
    /**
     * The faces of the next frame, highest score first.
     * @param {Pixels} image
     * @param {number} time in seconds
     * @returns {Promise<Detection[]>}
     */
    faces(image: Pixels, time: number): Promise<Detection[]>;
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
/**
 * a detector's state of one video
 */
export type Live = {
    faces: (image: Pixels, time: number) => Promise<Detection[]>;
};
