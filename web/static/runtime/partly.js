/**
 * @file The pixels of a video's frame, read where they are looked at: of a frame that is followed those around its faces, which
 * is several times as quick as reading all of them. pixels.js gives them.
 */

/** @typedef {import('./geometry.js').Pixels} Pixels */
/** @typedef {import('./geometry.js').Transform} Transform */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Area in pixels; right and bottom lie outside */

const MOST = 0.5; // of the frame: of more, all is read at once

/** A frame's pixels; those that nobody needed are anything. */
export class PartlyRead {
  #frame;
  #readAll;
  /** @type {Area[]} */
  #read = [];

  /**
   * @param {VideoFrame} frame opaque, with a visibleRect; it is left to the caller
   * @param {Uint8ClampedArray} bytes place for 4 bytes a pixel
   * @param {() => Promise<Pixels>} readAll
   */
  constructor(frame, bytes, readAll) {
    const {width, height} = /** @type {DOMRectReadOnly} */ (frame.visibleRect);
    this.#frame = frame;
    this.#readAll = readAll;
    /** @type {Pixels['data']} */
    this.data = bytes;
    this.width = width;
    this.height = height;
  }

  /**
   * Has the pixels read that sampling squares of the frame takes, or all.
   * @param {Transform[]} [squares]
   * @returns {Promise<void>}
   */
  async need(squares) {
    const {width, height} = this;
    const areas = squares?.map((square) => areaOf(square, width, height)) ?? [{left: 0, top: 0, right: width, bottom: height}];
    const missing = areas.filter((area) => !this.#read.some((read) => isInside(area, read)));
    const count = missing.reduce((sum, {left, top, right, bottom}) => sum + (right - left) * (bottom - top), 0);
    if (count === 0) return;
    if (count <= MOST * width * height && await this.#copied(missing)) {
      this.#read.push(...missing);
    } else {
      this.data = (await this.#readAll()).data;
      this.#read = [{left: 0, top: 0, right: width, bottom: height}];
    }
  }

  /** Copies areas to where they lie in the frame; false where the browser does not. @param {Area[]} areas */
  async #copied(areas) {
    const {x, y} = /** @type {DOMRectReadOnly} */ (this.#frame.visibleRect);
    try {
      for (const {left, top, right, bottom} of areas) {
        const rect = {x: x + left, y: y + top, width: right - left, height: bottom - top};
        const layout = [{offset: 4 * (top * this.width + left), stride: 4 * this.width}];
        await this.#frame.copyTo(this.data, {format: 'RGBA', rect, layout});
      }
    } catch {
      return false;
    }
    return true;
  }
}

/**
 * The pixels that sampling a square takes; colours are stored for 2 x 2 pixels, so that areas begin and end at even ones.
 * @param {Transform} square @param {number} width @param {number} height of the frame
 * @returns {Area}
 */
function areaOf({centerX, centerY, side, angle}, width, height) {
  const reach = side / 2 * (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) + 2; // and the next pixel
  /** @param {number} middle @param {number} length @returns {[number, number]} */
  const range = (middle, length) => {
    // Beside the frame its border goes on: it is what is read there.
    const from = Math.min(Math.max(Math.floor((middle - reach) / 2) * 2, 0), Math.floor((length - 1) / 2) * 2);
    return [from, Math.max(Math.min(Math.ceil((middle + reach) / 2) * 2, length), Math.min(from + 2, length))];
  };
  const [left, right] = range(centerX, width);
  const [top, bottom] = range(centerY, height);
  return {left, top, right, bottom};
}

/** @param {Area} area @param {Area} other */
function isInside(area, other) {
  return area.left >= other.left && area.top >= other.top && area.right <= other.right && area.bottom <= other.bottom;
}
