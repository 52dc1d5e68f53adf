/**
 * Faces with one more in the place of those that it overlaps with, if it is the surest; else `faces`.
 * @param {Pick<GlanceSearch, 'overlapping'>} search
 * @param {Detection[]} faces
 * @param {Detection} face
 * @returns {Detection[]}
 */
export function withSurer(search: Pick<GlanceSearch, "overlapping">, faces: Detection[], face: Detection): Detection[];
/** How many steps a glance has at most. */
export const MOST_STEPS: number;
/** The state of one glance. */
export class Glance {
    /** @param {GlanceSearch} search of the detector */
    constructor(search: GlanceSearch);
    /** Whether there is no step left. */
    get isDone(): boolean;
    /**
     * The faces of a frame with those that the next steps find; `faces` itself if they find none.
     * @param {Pixels} image
     * @param {Detection[]} faces of the frame, as far as they are known
     * @param {number} steps 1 or more
     * @returns {Promise<Detection[]>}
     */
    goOn(image: Pixels, faces: Detection[], steps: number): Promise<Detection[]>;
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Pixels = import("./geometry.js").Pixels;
export type Proposal = import("./looks.js").Proposal;
export type GlanceSearch = Pick<import("./far.js").FarSearch, "glance" | "closer" | "isSure" | "overlapping" | "mostTurned">;
