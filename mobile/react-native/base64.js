/** @file Bytes of base64 text: Hermes has no function for it before React Native 0.74. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * @param {string} text with padding
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  const bytes = new Uint8Array(text.length / 4 * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0));
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    const [a, b, c, d] = [0, 1, 2, 3].map((place) => Math.max(LETTERS.indexOf(text[from + place]), 0));
    const three = a << 18 | b << 12 | c << 6 | d;
    for (let place = to; place < Math.min(to + 3, bytes.length); place++) bytes[place] = three >> 16 - 8 * (place - to) & 255;
  }
  return bytes;
}

/**
 * @param {ArrayLike<number>} bytes
 * @returns {string} with padding
 */
export function textOf(bytes) {
  let text = '';
  for (let from = 0; from < bytes.length; from += 3) {
    const left = bytes.length - from;
    const three = bytes[from] << 16 | (bytes[from + 1] ?? 0) << 8 | (bytes[from + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => LETTERS[three >> shift & 63]).join('');
    text += left > 2 ? letters : `${letters.slice(0, left + 1)}${'='.repeat(3 - left)}`;
  }
  return text;
}
