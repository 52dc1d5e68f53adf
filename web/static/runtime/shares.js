/**
 * @file What source pixels take of output pixels along one side of an image that is sampled into a square; bands.js asks.
 */

export const ONE = 2 ** 22; // of a share, as a whole number: 255 times it fits into 32 bits

/** @typedef {{pixel: number, share: number}} Share of a source pixel in an output pixel */

/**
 * The shares of source pixels, one beside the other, in each output pixel along one side.
 * @param {number} start @param {number} scale @param {number} length @param {number} size @param {number} samples
 * @returns {Share[][]}
 */
export function sharesOf(start, scale, length, size, samples) {
  return Array.from({length: size}, (_, i) => {
    /** @type {Map<number, number>} */
    const shares = new Map();
    /** @param {number} pixel @param {number} weight */
    const add = (pixel, weight) => weight > 0 && shares.set(pixel, (shares.get(pixel) ?? 0) + weight / samples);
    for (let k = i * samples; k < (i + 1) * samples; k++) {
      const x = ((k + 0.5) / samples - start) / scale;
      if (x < 0 || x >= length) continue;
      const place = Math.min(Math.max(x - 0.5, 0), length - 1);
      const pixel = Math.floor(place);
      add(pixel, 1 - place + pixel);
      add(Math.min(pixel + 1, length - 1), place - pixel);
    }
    return [...shares].map(([pixel, share]) => ({pixel, share}));
  });
}

/**
 * Shares in whole numbers, rounded so that their sum is that of the shares; filled up with rows of no share.
 * @param {Share[]} found
 * @param {number} together of which there is to be a multiple
 */
export function inWholeNumbers(found, together) {
  let sum = 0;
  const pairs = found.flatMap(({pixel, share}) => {
    const before = Math.round(sum * ONE);
    sum += share;
    return [pixel, Math.round(sum * ONE) - before];
  });
  while (pairs.length % (2 * together)) pairs.push(pairs[pairs.length - 2], 0);
  return Int32Array.from(pairs);
}
