/**
 * Refuses an array, a tensor or an object with bytes, and says what to do with it.
 * @param {any} source
 * @throws {UnsupportedImageError}
 */
export function refuseArray(source: any): void;
