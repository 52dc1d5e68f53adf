/**
 * Fetches a file.
 * @param {string} address absolute; a data: address is read without a request, which a strict policy would forbid
 * @param {string} [digest] its SHA-256 as 64 hexadecimal digits; whatever else comes counts as missing
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {ModelMissingError} if there is no connection, the server refuses or falls silent, or sends another file
 * @throws {InsecureContextError} as `sha256`
 * @throws {import('./errors.js').PolicyError} if the Content-Security-Policy forbids the address
 */
export function fetchFile(address: string, digest?: string): Promise<Uint8Array<ArrayBuffer>>;
/**
 * Computes a SHA-256 with the browser's own cryptography.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>} 64 hexadecimal digits
 * @throws {InsecureContextError} where the browser withholds it
 */
export function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
