/**
 * @file Where a model's files, and the package that the worker comes from, are: whatever an embedder says, as absolute
 * addresses.
 */

/** @typedef {{manifest: string | URL, files?: Record<string, string>}} Placed a manifest.json, and its files by the name that it
 *   has for them; without them they are beside it */
/** @typedef {Placed & {detector?: Placed}} PlacedModel what models/NAME.js of the npm package says to bundlers, which give each
 *   file a name of their own */

/**
 * How a model is to be loaded.
 * @typedef {object} Wanted
 * @property {'tfjs' | 'litert'} [engine] tfjs: light (the default); litert: answers equal Python's bit by bit
 * @property {import('./contract.js').Head | 'both'} [head] whose answer: labels (FER2013's annotators), votes (the
 *   ten people of FER+ that were asked about each image), or both (the default, the contract's blend of them)
 * @property {string | URL} [detector] address of the detector's manifest.json; default: in face_detector/ beside the model's
 *   folder
 * @property {string | URL} [assets] address of a folder of the page's origin that holds the package as it is (runtime/,
 *   vendor/, models/), which worker and engine come from and a relative manifest is in; default: beside this module
 * @property {AbortSignal} [signal] gives up: ends the worker and with it what it fetches; without effect once it is loaded
 * @property {number} [lookEvery] seconds between two looks at whole frames of a video, >= 0; faces are followed between
 *   them, which is several times as quick; 0: each frame is looked at; default 0.5
 * @property {(progress: import('./loading.js').Progress) => void} [onProgress] told of each step, for a progress bar
 */

/**
 * The folder that holds runtime/, vendor/ and models/ as the npm package has them.
 * @param {string | URL | undefined} assets relative to the page
 * @returns {string | undefined} ends with a slash
 * @throws {RangeError} for another origin than the page's
 */
export function folderOf(assets) {
  if (assets === undefined) return undefined;
  const folder = new URL(`${String(assets).replace(/\/?$/, '/')}`, page());
  if (folder.origin !== globalThis.location?.origin) {
    throw new RangeError(`assets ${folder.href}: a folder of this page's own origin is expected, no worker starts from another`);
  }
  return folder.href;
}

/**
 * @param {string | URL | PlacedModel} model
 * @param {string | URL | undefined} detector its manifest.json, if it is another than the model's own
 * @param {string | undefined} folder which relative addresses are in, instead of the page's
 * @returns {Pick<import('./loading.js').LoadOptions, 'manifestUrl' | 'files' | 'detectorUrl' | 'detectorFiles'>}
 * @throws {RangeError} for what is no address, such as a manifest's content
 */
export function placesOf(model, detector, folder) {
  /** @param {string | URL} url */
  const absolute = (url) => addressOf(url, folder ?? page());
  /** @param {Record<string, string> | undefined} files */
  const each = (files) => files && Object.fromEntries(Object.entries(files).map(([name, url]) => [name, absolute(url)]));
  if (model && typeof model === 'object' && 'model' in model) {
    throw new RangeError('the address of a manifest.json comes first, what else is wanted after it: load(manifest, {engine})');
  }
  const own = model && typeof model === 'object' && 'manifest' in model ? model : {manifest: model};
  const other = detector ? {manifest: detector} : own.detector;
  return {
    manifestUrl: absolute(own.manifest), files: each(own.files),
    detectorUrl: other && absolute(other.manifest), detectorFiles: each(other?.files),
  };
}

/**
 * @param {unknown} url
 * @param {string} base
 * @returns {string} absolute
 */
function addressOf(url, base) {
  try {
    if (url instanceof URL || (typeof url === 'string' && url !== '')) return new URL(url, base).href;
  } catch {
    // No address either.
  }
  const found = typeof url === 'string' ? `"${url}"` : Object.prototype.toString.call(url).slice(8, -1);
  throw new RangeError(`${found} is no address: that of a manifest.json, or what models/NAME.js exports, is expected`);
}

const page = () => globalThis.document?.baseURI ?? globalThis.location?.href;
