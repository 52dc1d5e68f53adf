/**
 * @param {string} text with padding
 * @returns {Uint8Array}
 */
export function bytesOf(text: string): Uint8Array;
/**
 * @param {ArrayLike<number>} bytes
 * @returns {string} with padding
 */
export function textOf(bytes: ArrayLike<number>): string;
