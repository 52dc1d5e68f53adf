/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {{faces: (image: Pixels, time: number) => Promise<Detection[]>}} Live a detector's state of one video */
/** Seconds between two looks at whole frames, where nothing is said. */
export const LOOK_EVERY: 0.5;
/** The state of one video. */
export class LiveSearch {
    /**
     * @param {import('./glance.js').GlanceSearch & Pick<import('./far.js').FarSearch, 'near' | 'lookAgain' | 'isConfirmed'>} search of
     *   the detector
     * @param {() => boolean} canGlance whether its network for far is there; asked before each glance, no frame waits for it
     * @param {number} [lookEvery] seconds; 0: each frame is looked at
     */
    constructor(search: import("./glance.js").GlanceSearch & Pick<import("./far.js").FarSearch, "near" | "lookAgain" | "isConfirmed">, canGlance: () => boolean, lookEvery?: number);
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
