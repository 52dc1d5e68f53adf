/** @typedef {import('./pixels.js').Frame} Frame */
/** @typedef {import('./baseline.js').Owner} Owner */
/** @typedef {Map<number | null, import('./baseline.js').Known>} Baselines by track; null: every face */
/** @typedef {import('./checks.js').Reach} Reach */
/** @typedef {import('./contract.js').Head | 'both'} Whose answer */
/** @typedef {{frame: Frame, time: number | null, cropped: boolean, baselines: Baselines, reach: Reach | null}} RecognizeArguments */
/**
 * What the worker is asked, and what it answers.
 * @typedef {object} Calls
 * @property {{args: import('./loading.js').LoadOptions, value: {owner: Owner, manifest: any, reach: Reach}}} load
 * @property {{args: RecognizeArguments, value: import('./recognizer.js').Result}} recognize
 * @property {{args: {frames: Frame[], count: number | null, cropped: boolean}, value: import('./baseline.js').Known}} learnNeutral
 * @property {{args: {frame: Frame, place: import('./geometry.js').Transform}, value: Uint8Array<ArrayBuffer>}} crop
 * @property {{args: {crops: Uint8Array[], head: Whose | undefined}, value: import('./reader.js').Classified}} classify
 * @property {{args: object, value: undefined}} reset
 */
/** A worker with one recognizer in it. */
export class Bridge {
    /**
     * @param {string} [folder] which runtime/worker.js is in, ends with a slash; default: worker.js beside this module
     * @throws {ModelMissingError} if that is of another origin than the page
     * @throws {import('./errors.js').PolicyError} if the page's policy wants Trusted Types
     */
    constructor(folder?: string);
    /** Whether the worker was ended, or ended by itself: nothing can be asked any more. */
    get isOver(): boolean;
    /**
     * The first call; whatever it fails of ends the worker.
     * @param {Calls['load']['args']} options
     * @param {{signal?: AbortSignal, onProgress?: (progress: import('./loading.js').Progress) => void}} [control]
     */
    load(options: Calls["load"]["args"], { signal, onProgress }?: {
        signal?: AbortSignal;
        onProgress?: (progress: import("./loading.js").Progress) => void;
    }): Promise<{
        owner: Owner;
        manifest: any;
        reach: Reach;
    }>;
    /**
     * Calls a method of worker.js.
     * @template {keyof Calls} Method
     * @param {Method} method
     * @param {Calls[Method]['args']} args
     * @param {{transfer?: Transferable[], onProgress?: (progress: import('./loading.js').Progress) => void}} [options]
     * @returns {Promise<Calls[Method]['value']>}
     */
    call<Method extends keyof Calls>(method: Method, args: Calls[Method]["args"], { transfer, onProgress }?: {
        transfer?: Transferable[];
        onProgress?: (progress: import("./loading.js").Progress) => void;
    }): Promise<Calls[Method]["value"]>;
    /**
     * Ends the worker, and with it everything that it holds; calls that wait are refused.
     * @param {Error} [reason]
     */
    close(reason?: Error): void;
    #private;
}
export type Frame = import("./pixels.js").Frame;
export type Owner = import("./baseline.js").Owner;
/**
 * by track; null: every face
 */
export type Baselines = Map<number | null, import("./baseline.js").Known>;
export type Reach = import("./checks.js").Reach;
/**
 * answer
 */
export type Whose = import("./contract.js").Head | "both";
export type RecognizeArguments = {
    frame: Frame;
    time: number | null;
    cropped: boolean;
    baselines: Baselines;
    reach: Reach | null;
};
/**
 * What the worker is asked, and what it answers.
 */
export type Calls = {
    load: {
        args: import("./loading.js").LoadOptions;
        value: {
            owner: Owner;
            manifest: any;
            reach: Reach;
        };
    };
    recognize: {
        args: RecognizeArguments;
        value: import("./recognizer.js").Result;
    };
    learnNeutral: {
        args: {
            frames: Frame[];
            count: number | null;
            cropped: boolean;
        };
        value: import("./baseline.js").Known;
    };
    crop: {
        args: {
            frame: Frame;
            place: import("./geometry.js").Transform;
        };
        value: Uint8Array<ArrayBuffer>;
    };
    classify: {
        args: {
            crops: Uint8Array[];
            head: Whose | undefined;
        };
        value: import("./reader.js").Classified;
    };
    reset: {
        args: object;
        value: undefined;
    };
};
