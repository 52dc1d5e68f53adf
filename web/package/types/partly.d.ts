/** A frame's pixels; those that nobody needed are anything. */
export class PartlyRead {
    /**
     * @param {VideoFrame} frame opaque, with a visibleRect; it is left to the caller
     * @param {Uint8ClampedArray} bytes place for 4 bytes a pixel
     * @param {() => Promise<Pixels>} readAll
     */
    constructor(frame: VideoFrame, bytes: Uint8ClampedArray, readAll: () => Promise<Pixels>);
    /** @type {Pixels['data']} */
    data: Pixels["data"];
    width: number;
    height: number;
    /**
     * Has the pixels read that sampling squares of the frame takes, or all.
     * @param {Transform[]} [squares]
     * @returns {Promise<void>}
     */
    need(squares?: Transform[]): Promise<void>;
    #private;
}
export type Pixels = import("./geometry.js").Pixels;
export type Transform = import("./geometry.js").Transform;
/**
 * in pixels; right and bottom lie outside
 */
export type Area = {
    left: number;
    top: number;
    right: number;
    bottom: number;
};
