/**
 * @file From a detected face to the network's 48x48 grey pixels; the detector's own input is letterbox.js's.
 * Twin of face_emotion/geometry.py, whose docstring defines every step; numbers there are numbers here.
 *
 * An image is what a canvas gives: {data: RGBA bytes, width, height}; alpha is ignored.
 */
import {UnsupportedImageError} from './errors.js';

/** @typedef {(squares?: Transform[]) => Promise<void>} Need has the pixels read that squares cover, or all of them */
/** @typedef {{data: Uint8Array | Uint8ClampedArray, width: number, height: number, need?: Need}} Pixels no need: all are read */
/** @typedef {[number, number]} Point x, y in source pixels; the centre of the first pixel is (0.5, 0.5) */

/**
 * A square crop: its centre and side in source pixels, its angle in radians (clockwise on the screen).
 * @typedef {{centerX: number, centerY: number, side: number, angle: number}} Transform
 */

/**
 * Where an image lies in a detector's square: its scale and its top left corner, in the square's pixels; samples: how many
 * a side are averaged into one pixel of the square.
 * @typedef {{scale: number, left: number, top: number, samples: number}} Letterbox
 */

/**
 * The crop that puts a detected face where the network's training faces stand.
 * @param {[number, number, number, number]} box x_min, y_min, x_max, y_max in source pixels, of the face turned upright
 * @param {[Point, Point]} eyes the eye on the left of the face that is upright, the eye on its right
 * @param {import('./contract.js').Crop} crop
 * @returns {Transform}
 * @throws {RangeError} if a number is not finite or the box is empty
 */
export function cropTransform(box, eyes, crop) {
  const [xMin, yMin, xMax, yMax] = box;
  if (![...box, ...eyes[0], ...eyes[1]].every(Number.isFinite) || !(xMax > xMin && yMax > yMin)) {
    throw new RangeError(`box ${box}, eyes ${eyes}: a box with an extent and finite numbers are expected`);
  }
  const angle = Math.atan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0]);
  const side = (xMax - xMin) / crop.boxWidth;
  const across = crop.boxCenter[0] - 0.5;
  const down = crop.boxCenter[1] - 0.5;
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  return {
    centerX: (xMin + xMax) / 2 - side * (across * cosine - down * sine),
    centerY: (yMin + yMax) / 2 - side * (across * sine + down * cosine),
    side,
    angle,
  };
}

/**
 * The upright crop that holds a whole image of an already cropped face, centred.
 * @param {number} width
 * @param {number} height in pixels, both at least 1
 * @returns {Transform}
 */
export function wholeImage(width, height) {
  return {centerX: width / 2, centerY: height / 2, side: Math.max(width, height), angle: 0};
}

/**
 * Samples a square of an image as grey levels.
 * @param {Pixels} image
 * @param {Transform} transform
 * @param {number} size the output's side in pixels
 * @param {[number, number, number]} luma weights of R, G and B
 * @param {number} maxSamples upper bound on the samples a side of an output pixel
 * @returns {Uint8Array<ArrayBuffer>} size * size grey levels, row by row
 * @throws {UnsupportedImageError} for an image without pixels
 * @throws {RangeError} for a transform that is not finite or has no extent
 */
export function sampleGrey(image, transform, size, luma, maxSamples) {
  checkImage(image);
  const {centerX, centerY, side, angle} = transform;
  if (!([centerX, centerY, side, angle].every(Number.isFinite) && side > 0)) {
    throw new RangeError('crop: finite numbers and a side above 0 are expected');
  }
  const n = Math.min(maxSamples, Math.max(1, Math.ceil(side / size)));
  const count = n * size;
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  // A sample's place is a number of its column plus one of its row (`rowX`, `rowY` below).
  const columnX = new Float64Array(count);
  const columnY = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const offset = side * ((k + 0.5) / count - 0.5);
    columnX[k] = centerX - 0.5 + offset * cosine;
    columnY[k] = centerY - 0.5 + offset * sine;
  }
  const reach = (side / 2) * (Math.abs(cosine) + Math.abs(sine));
  const grey = greyRegion(image, centerX - 0.5 - reach, centerY - 0.5 - reach,
    centerX - 0.5 + reach, centerY - 0.5 + reach, luma);
  const {values, left, top, stride} = grey;
  const lastX = image.width - 1;
  const lastY = image.height - 1;
  const output = new Uint8Array(size * size);
  const sums = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    sums.fill(0);
    for (let l = j * n; l < j * n + n; l++) {
      const offset = side * ((l + 0.5) / count - 0.5);
      const rowX = -offset * sine;
      const rowY = offset * cosine;
      for (let i = 0, k = 0; i < size; i++) {
        let sum = 0;
        for (const end = k + n; k < end; k++) {
          let p = columnX[k] + rowX;
          let q = columnY[k] + rowY;
          p = (p < 0 ? 0 : p > lastX ? lastX : p) - left;
          q = (q < 0 ? 0 : q > lastY ? lastY : q) - top;
          const c = p | 0;
          const r = q | 0;
          const at = r * stride + c;
          const across = p - c;
          const above = values[at] + (values[at + 1] - values[at]) * across;
          const below = values[at + stride] + (values[at + stride + 1] - values[at + stride]) * across;
          sum += above + (below - above) * (q - r);
        }
        sums[i] += sum;
      }
    }
    for (let i = 0; i < size; i++) {
      output[j * size + i] = Math.min(255, Math.max(0, Math.floor(sums[i] / (n * n) + 0.5)));
    }
  }
  return output;
}

let scratch = new Float64Array(0);

/**
 * The unrounded grey levels of the pixels that samples between two corners read, and one more column and
 * row that repeat the image's edge. The values stand in a buffer that the next call uses again.
 * @param {Pixels} image @param {number} xMin @param {number} yMin @param {number} xMax @param {number} yMax
 * @param {[number, number, number]} luma
 */
function greyRegion({data, width, height}, xMin, yMin, xMax, yMax, [red, green, blue]) {
  /** @param {number} value @param {number} last */
  const inside = (value, last) => Math.min(Math.max(Math.floor(value), 0), last);
  const left = inside(xMin, width - 1);
  const top = inside(yMin, height - 1);
  const stride = inside(xMax, width - 1) - left + 2;
  const rows = inside(yMax, height - 1) - top + 2;
  if (scratch.length < stride * rows) scratch = new Float64Array(stride * rows);
  for (let row = 0, at = 0; row < rows; row++) {
    const start = Math.min(top + row, height - 1) * width;
    for (let column = 0; column < stride; column++, at++) {
      const source = 4 * (start + Math.min(left + column, width - 1));
      scratch[at] = red * data[source] + green * data[source + 1] + blue * data[source + 2];
    }
  }
  return {values: scratch, left, top, stride};
}

/** @param {Pixels} image */
export function checkImage({data, width, height}) {
  if (!(width >= 1 && height >= 1 && data.length === 4 * width * height)) {
    throw new UnsupportedImageError('The picture has no pixels.');
  }
}
