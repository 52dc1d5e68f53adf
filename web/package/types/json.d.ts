/**
 * Parses JSON.
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError} if it is none, or more than 64 brackets stand in one another
 */
export function parseJson(text: string): any;
