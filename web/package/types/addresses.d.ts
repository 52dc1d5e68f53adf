/**
 * @file Where a model's files, and the package that the worker comes from, are: whatever an embedder says, as absolute
 * addresses.
 */
/** @typedef {{manifest: string | URL, files?: Record<string, string>}} Placed a manifest.json, and its files by the name that it
 *   has for them; without them they are beside it */
/** @typedef {Placed & {detector?: Placed}} PlacedModel what models/NAME.js of the npm package says to bundlers, which give each
 *   file a name of their own */
/**
 * The folder that holds runtime/, vendor/ and models/ as the npm package has them.
 * @param {string | URL | undefined} assets relative to the page
 * @returns {string | undefined} ends with a slash
 * @throws {RangeError} for another origin than the page's
 */
export function folderOf(assets: string | URL | undefined): string | undefined;
/**
 * @param {string | URL | PlacedModel} model
 * @param {string | URL | undefined} detector its manifest.json, if it is another than the model's own
 * @param {string | undefined} folder which relative addresses are in, instead of the page's
 * @returns {Pick<import('./loading.js').LoadOptions, 'manifestUrl' | 'files' | 'detectorUrl' | 'detectorFiles'>}
 */
export function placesOf(model: string | URL | PlacedModel, detector: string | URL | undefined, folder: string | undefined): Pick<import("./loading.js").LoadOptions, "manifestUrl" | "files" | "detectorUrl" | "detectorFiles">;
/**
 * a manifest.json, and its files by the name that it
 *  has for them; without them they are beside it
 */
export type Placed = {
    manifest: string | URL;
    files?: Record<string, string>;
};
/**
 * what models/NAME.js of the npm package says to bundlers, which give each
 *  file a name of their own
 */
export type PlacedModel = Placed & {
    detector?: Placed;
};
