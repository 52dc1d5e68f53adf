/**
 * @file The face detector of a folder such as models/face_detector, behind one interface whatever network it holds. Twin of
 * face_emotion/detector.py.
 *
 * A manifest of format 2 says which decoder its network has ("kind"): yunet.js, with two networks, for near and far
 * (far.js). One of format 1 holds BlazeFace short range (blazeface.js), which has one pass and no far.
 */
import {BlazeFace, readBlazeFace} from './blazeface.js';
import {asError, ModelDamagedError} from './errors.js';
import {FarSearch} from './far.js';
import {LiveSearch, LOOK_EVERY} from './live.js';
import {YuNetPass} from './pass.js';
import {KIND, readYuNet} from './yunet.js';

/** @typedef {import('./detection.js').Detection} Detection */
/** @typedef {import('./contract.js').Crop} Crop */
/** @typedef {Pick<import('./classifier.js').Network, 'run' | 'dispose'>} Network */
/** @typedef {BlazeFace | YuNet} Detector */

/**
 * A detector whose networks are still to be loaded.
 * @typedef {object} Plan
 * @property {number} nearSize side of the square, in pixels, of the network that every image is shown to
 * @property {number} farSize of the one for far; 0: there is none
 * @property {(near: Network, loadFar: () => Promise<Network>) => Detector} make loadFar is called when far is first needed,
 *   and again if it failed
 */

/**
 * Reads what a detector is out of its manifest.
 * @param {any} manifest of format 1 or 2
 * @param {string} [where] what messages call the file
 * @returns {Plan}
 * @throws {ModelDamagedError} if an entry is missing or unusable, or its kind is one that this runtime does not know
 */
export function planOf(manifest, where = 'manifest.json') {
  const value = manifest?.detector;
  const kind = manifest?.format > 1 ? value?.kind : 'blazeface';
  if (kind === 'blazeface') {
    const settings = readBlazeFace(value, where);
    return {nearSize: settings.inputSize, farSize: 0, make: (network) => new BlazeFace(network, settings)};
  }
  if (kind !== KIND) throw new ModelDamagedError(`${where}: detector.kind ${String(kind)}: this runtime knows ${KIND}; update it.`);
  const settings = readYuNet(value, where);
  const crop = readCrop(value.crop, where);
  const {nearSize, farSize} = settings;
  return {nearSize, farSize, make: (near, loadFar) => new YuNet(near, loadFar, settings, crop)};
}

/** YuNet at two sizes. */
export class YuNet {
  #near;
  #loadFar;
  #crop;
  #search;
  /** @type {Promise<YuNetPass> | undefined} */
  #far;
  #farState = 'unasked';

  /**
   * @param {Network} near
   * @param {() => Promise<Network>} loadFar called when far is first needed, and again if it failed
   * @param {import('./yunet.js').YuNetSettings} settings
   * @param {Pick<Crop, 'boxWidth' | 'boxCenter'>} crop
   */
  constructor(near, loadFar, settings, crop) {
    this.settings = settings;
    this.#near = new YuNetPass(near, settings, settings.nearSize);
    this.#loadFar = loadFar;
    this.#crop = crop;
    this.#search = new FarSearch(this.#near, () => this.openFar(), settings);
  }

  /**
   * The faces of an image, highest score first.
   * @param {import('./geometry.js').Pixels} image
   * @param {import('./checks.js').Reach} [reach]
   * @returns {Promise<Detection[]>}
   * @throws {import('./errors.js').ModelMissingError | ModelDamagedError} if the network for far does not load
   */
  detect(image, reach = 'near') {
    return reach === 'far' ? this.#search.search(image) : this.#search.near(image);
  }

  /**
   * The state of one more video. It glances far once the network for that is there.
   * @param {number} [lookEvery] seconds between two looks at whole frames, 0 or more
   * @returns {import('./live.js').Live}
   */
  live(lookEvery = LOOK_EVERY) {
    return new LiveSearch(this.#search, () => this.#canGlance(), lookEvery);
  }

  /**
   * The faces of a picture of one person, highest score first: what near finds, looked at closely, so that it is known which
   * way up a face is; where it finds nobody, far.
   * @param {import('./geometry.js').Pixels} image
   * @returns {Promise<Detection[]>}
   * @throws {import('./errors.js').ModelMissingError | ModelDamagedError} as `detect`
   */
  async portrait(image) {
    const found = await this.#search.closely(image);
    return found.length ? found : this.detect(image, 'far');
  }

  /** A contract's crop with what belongs to this detector's boxes. @param {Crop} crop @returns {Crop} */
  crop(crop) {
    return {...crop, ...this.#crop};
  }

  /**
   * Loads the network for far, unless it is there.
   * @returns {Promise<YuNetPass>}
   * @throws {import('./errors.js').ModelMissingError | ModelDamagedError} if it does not load; the next call tries again
   */
  openFar() {
    this.#far ??= this.#loadFar().then((network) => {
      this.#farState = 'there';
      return new YuNetPass(network, this.settings, this.settings.farSize);
    }).catch((error) => {
      this.#far = undefined;
      throw error;
    });
    return this.#far;
  }

  /** Frees what the networks hold. */
  dispose() {
    this.#near.dispose();
    this.#far?.then((far) => far.dispose(), () => {});
  }

  /** Whether the network for far is there; has it loaded where nobody asked yet, without waiting. */
  #canGlance() {
    if (this.#farState === 'unasked') {
      this.#farState = 'asked';
      this.openFar().catch((error) => {
        console.warn(`Faces far away are not looked for in videos: ${asError(error).message}`);
      });
    }
    return this.#farState === 'there';
  }
}

/**
 * What the manifest's "detector" says of a contract's crop.
 * @param {any} value @param {string} where
 * @returns {Pick<Crop, 'boxWidth' | 'boxCenter'>}
 */
function readCrop(value, where) {
  const {box_width: boxWidth, box_center: boxCenter} = value ?? {};
  if (Number.isFinite(boxWidth) && boxWidth > 0 && Array.isArray(boxCenter) && boxCenter.length === 2 && boxCenter.every(Number.isFinite)) {
    return {boxWidth, boxCenter: [boxCenter[0], boxCenter[1]]};
  }
  throw new ModelDamagedError(`${where}: detector.crop: box_width above 0 and the two numbers of box_center are expected.`);
}
