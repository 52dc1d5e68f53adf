/** @file The colours of a heat map: those of viridis, which differ in lightness alone too, so that nobody takes one for another. */

/** Viridis (Smith & van der Walt 2015, CC0) at 0, 1/6 … 1. @type {[number, number, number][]} */
const VIRIDIS = [
  [68, 1, 84], [68, 57, 131], [49, 104, 142], [33, 145, 140], [53, 183, 121], [144, 215, 67], [253, 231, 37],
];

/**
 * The colour of a share.
 * @param {number} share 0..1, cut off there
 * @returns {[number, number, number]} red, green, blue, 0..255
 */
export function colourOf(share) {
  const place = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const below = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const [one, other] = [VIRIDIS[below], VIRIDIS[below + 1]];
  /** @param {0 | 1 | 2} channel */
  const mixed = (channel) => Math.round(one[channel] + (other[channel] - one[channel]) * (place - below));
  return [mixed(0), mixed(1), mixed(2)];
}

/**
 * How opaque a share lies over the picture: what matters nothing leaves the face as it is.
 * @param {number} share 0..1, cut off there
 * @returns {number} 0..1
 */
export function opacityOf(share) {
  return 0.8 * Math.min(Math.max(share, 0), 1) ** 0.7;
}

/**
 * The pixels of a map over a picture of grey levels.
 * @param {Uint8Array} grey
 * @param {ArrayLike<number> | null} map of the same pixels; null: the picture alone
 * @param {number} most what has the last colour, above 0
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA
 */
export function paint(grey, map, most) {
  const pixels = new Uint8ClampedArray(4 * grey.length).fill(255);
  grey.forEach((level, place) => {
    const share = map ? map[place] / most : 0;
    const opacity = opacityOf(share);
    colourOf(share).forEach((value, channel) => {
      pixels[4 * place + channel] = Math.round(level + (value - level) * opacity);
    });
  });
  return pixels;
}
