/** At most `most` proposals, highest score first, equal ones in their order. @param {Proposal[]} proposals @param {number} most */
export function surest(proposals: Proposal[], most: number): Proposal[];
/** Where a face is, as a proposal. @param {import('./detection.js').Detection} face @returns {Proposal} */
export function proposalOf({ uprightBox: [xMin, yMin, xMax, yMax], score, turn }: import("./detection.js").Detection): Proposal;
/** A proposal's box in source pixels. @param {Proposal} proposal */
export function boxOf({ center, width, height, turn }: Proposal): import("./tracker.js").Box;
/**
 * A face of a closer look's square in source pixels.
 * @param {Candidate} face in pixels of the square
 * @param {import('./geometry.js').Transform} view the square
 * @param {number} size of the square in its own pixels
 * @param {number} turn by which it is turned back, in degrees
 * @param {string[]} names of the key points
 */
export function faceOfLook({ values: [xMin, yMin, xMax, yMax, ...marks], score }: Candidate, view: import("./geometry.js").Transform, size: number, turn: number, names: string[]): import("./detection.js").Detection;
/**
 * What looks of a network at a whole picture propose.
 * @param {Pixels} image
 * @param {YuNetPass} pass
 * @param {number[]} turns degrees by which it sees it turned back
 * @param {number} threshold least score, 0..1
 * @returns {Promise<Proposal[]>}
 */
export function wholeLooks(image: Pixels, pass: YuNetPass, turns: number[], threshold: number): Promise<Proposal[]>;
/**
 * What looks at a picture's parts propose.
 * @param {Pixels} image
 * @param {YuNetPass} far
 * @param {import('./yunet.js').YuNetSettings} settings
 * @returns {Promise<Proposal[]>}
 */
export function partLooks(image: Pixels, far: YuNetPass, settings: import("./yunet.js").YuNetSettings): Promise<Proposal[]>;
/**
 * What looks at a whole picture turned back by 45 and by 135 degrees propose.
 * @param {Pixels} image
 * @param {YuNetPass[]} passes
 * @param {number} threshold least score, 0..1
 * @returns {Promise<Proposal[]>}
 */
export function slantingLooks(image: Pixels, passes: YuNetPass[], threshold: number): Promise<Proposal[]>;
/** @typedef {import('./pass.js').YuNetPass} YuNetPass */
/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./suppression.js').Candidate} Candidate */
/**
 * Where a look saw a face.
 * @typedef {object} Proposal
 * @property {import('./geometry.js').Point} center in source pixels
 * @property {number} width of the box as the look saw it, in source pixels
 * @property {number} height
 * @property {number} score 0..1
 * @property {number} turn in degrees
 */
/** Degrees by which a glance's looks at a whole frame are turned back; the last is of the network for far. */
export const GLANCES: number[];
export type YuNetPass = import("./pass.js").YuNetPass;
export type Pixels = import("./geometry.js").Pixels;
export type Candidate = import("./suppression.js").Candidate;
/**
 * Where a look saw a face.
 */
export type Proposal = {
    /**
     * in source pixels
     */
    center: import("./geometry.js").Point;
    /**
     * of the box as the look saw it, in source pixels
     */
    width: number;
    height: number;
    /**
     * 0..1
     */
    score: number;
    /**
     * in degrees
     */
    turn: number;
};
