/** @typedef {[number, number]} Point x, y in pixels of the source */
/**
 * One face of a frame. Boxes and points are in pixels of the source.
 * @typedef {object} Face
 * @property {{x: number, y: number, width: number, height: number}} box may reach outside the frame
 * @property {number} score the detector's, 0..1
 * @property {number | null} track a number that stays with this face; null for a still image
 * @property {Float32Array} probabilities of this frame, in the order of the labels
 * @property {Float32Array | null} smoothed the same over time; null for a still image
 * @property {string} label the expression to show
 * @property {boolean} certain whether the largest of the probabilities (smoothed, if there are such) reaches the
 *   contract's unsure_below; where it does not, the label is a guess
 * @property {[Point, Point] | null} eyes left and right in the image; null if cropped
 * @property {Record<string, Point> | null} keypoints the detector's by name, right and left being the person's own:
 *   right_eye, left_eye, nose_tip, right_mouth_corner, left_mouth_corner; null if cropped
 * @property {boolean} small whether the face has fewer pixels than the network sees, so that it had to be enlarged: it is
 *   read less surely
 * @property {import('./geometry.js').Transform} crop the square of the source that the network sees of it
 */
/**
 * A face and where it is cut out.
 * @typedef {object} Found
 * @property {import('./tracker.js').Box} box
 * @property {number} score
 * @property {Record<string, Point> | null} keypoints
 * @property {import('./geometry.js').Transform} place
 */
/**
 * A face, with what the network says of it.
 * @param {Found} found
 * @param {Float32Array} probabilities
 * @param {number | null} track
 * @param {{probabilities: ArrayLike<number>, label: number} | null} state the smoother's; null for a still image
 * @param {import('./contract.js').Contract} contract
 * @returns {Face}
 */
export function faceOf({ box: [xMin, yMin, xMax, yMax], score, keypoints, place }: Found, probabilities: Float32Array, track: number | null, state: {
    probabilities: ArrayLike<number>;
    label: number;
} | null, contract: import("./contract.js").Contract): Face;
/**
 * x, y in pixels of the source
 */
export type Point = [number, number];
/**
 * One face of a frame. Boxes and points are in pixels of the source.
 */
export type Face = {
    /**
     * may reach outside the frame
     */
    box: {
        x: number;
        y: number;
        width: number;
        height: number;
    };
    /**
     * the detector's, 0..1
     */
    score: number;
    /**
     * a number that stays with this face; null for a still image
     */
    track: number | null;
    /**
     * of this frame, in the order of the labels
     */
    probabilities: Float32Array;
    /**
     * the same over time; null for a still image
     */
    smoothed: Float32Array | null;
    /**
     * the expression to show
     */
    label: string;
    /**
     * whether the largest of the probabilities (smoothed, if there are such) reaches the
     * contract's unsure_below; where it does not, the label is a guess
     */
    certain: boolean;
    /**
     * left and right in the image; null if cropped
     */
    eyes: [Point, Point] | null;
    /**
     * the detector's by name, right and left being the person's own:
     * right_eye, left_eye, nose_tip, right_mouth_corner, left_mouth_corner; null if cropped
     */
    keypoints: Record<string, Point> | null;
    /**
     * whether the face has fewer pixels than the network sees, so that it had to be enlarged: it is
     * read less surely
     */
    small: boolean;
    /**
     * the square of the source that the network sees of it
     */
    crop: import("./geometry.js").Transform;
};
/**
 * A face and where it is cut out.
 */
export type Found = {
    box: import("./tracker.js").Box;
    score: number;
    keypoints: Record<string, Point> | null;
    place: import("./geometry.js").Transform;
};
