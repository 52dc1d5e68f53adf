/**
 * Compares the class names in a classifier's files with the contract's.
 * @param {Map<string, Uint8Array<ArrayBuffer>>} files of the artifact that is loaded: their sha256 is the manifest's
 * @param {any} manifest
 * @param {import('./contract.js').Contract} contract
 * @param {string} where what messages call the manifest
 * @throws {ModelDamagedError} if they are others, or in another order, or the network was made from another file
 */
export function checkCarried(files: Map<string, Uint8Array<ArrayBuffer>>, manifest: any, { labels }: import("./contract.js").Contract, where: string): Promise<void>;
