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
export function planOf(manifest: any, where?: string): Plan;
/** YuNet at two sizes. */
export class YuNet {
    /**
     * @param {Network} near
     * @param {() => Promise<Network>} loadFar called when far is first needed, and again if it failed
     * @param {import('./yunet.js').YuNetSettings} settings
     * @param {Pick<Crop, 'boxWidth' | 'boxCenter'>} crop
     */
    constructor(near: Network, loadFar: () => Promise<Network>, settings: import("./yunet.js").YuNetSettings, crop: Pick<Crop, "boxWidth" | "boxCenter">);
    settings: import("./yunet.js").YuNetSettings;
    /**
     * The faces of an image, highest score first.
     * @param {import('./geometry.js').Pixels} image
     * @param {import('./checks.js').Reach} [reach]
     * @returns {Promise<Detection[]>}
     * @throws {import('./errors.js').ModelMissingError | ModelDamagedError} if the network for far does not load
     */
    detect(image: import("./geometry.js").Pixels, reach?: import("./checks.js").Reach): Promise<Detection[]>;
    /**
     * The state of one more video. It glances far once the network for that is there.
     * @param {number} [lookEvery] seconds between two looks at whole frames, 0 or more
     * @returns {import('./live.js').Live}
     */
    live(lookEvery?: number): import("./live.js").Live;
    /**
     * The faces of a picture of one person, highest score first: what near finds, looked at closely, so that it is known which
     * way up a face is; where it finds nobody, far.
     * @param {import('./geometry.js').Pixels} image
     * @returns {Promise<Detection[]>}
     * @throws {import('./errors.js').ModelMissingError | ModelDamagedError} as `detect`
     */
    portrait(image: import("./geometry.js").Pixels): Promise<Detection[]>;
    /** A contract's crop with what belongs to this detector's boxes. @param {Crop} crop @returns {Crop} */
    crop(crop: Crop): Crop;
    /**
     * Loads the network for far, unless it is there.
     * @returns {Promise<YuNetPass>}
     * @throws {import('./errors.js').ModelMissingError | ModelDamagedError} if it does not load; the next call tries again
     */
    openFar(): Promise<YuNetPass>;
    /** Frees what the networks hold. */
    dispose(): void;
    #private;
}
export type Detection = import("./detection.js").Detection;
export type Crop = import("./contract.js").Crop;
export type Network = Pick<import("./classifier.js").Network, "run" | "dispose">;
export type Detector = BlazeFace | YuNet;
/**
 * A detector whose networks are still to be loaded.
 */
export type Plan = {
    /**
     * side of the square, in pixels, of the network that every image is shown to
     */
    nearSize: number;
    /**
     * of the one for far; 0: there is none
     */
    farSize: number;
    /**
     * loadFar is called when far is first needed,
     * and again if it failed
     */
    make: (near: Network, loadFar: () => Promise<Network>) => Detector;
};
import { YuNetPass } from './pass.js';
import { BlazeFace } from './blazeface.js';
