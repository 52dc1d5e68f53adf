/** @typedef {{frame: import('./pixels.js').Frame, time: number | null, cropped: boolean}} RecognizeArguments */
/**
 * What the worker is asked, and what it answers.
 * @typedef {object} Calls
 * @property {{args: import('./loading.js').LoadOptions, value: {labels: string[], manifest: any}}} load
 * @property {{args: RecognizeArguments, value: import('./recognizer.js').Result}} recognize
 * @property {{args: object, value: undefined}} reset
 */
/** A worker with one recognizer in it. */
export class Bridge {
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
export type RecognizeArguments = {
    frame: import("./pixels.js").Frame;
    time: number | null;
    cropped: boolean;
};
/**
 * What the worker is asked, and what it answers.
 */
export type Calls = {
    load: {
        args: import("./loading.js").LoadOptions;
        value: {
            labels: string[];
            manifest: any;
        };
    };
    recognize: {
        args: RecognizeArguments;
        value: import("./recognizer.js").Result;
    };
    reset: {
        args: object;
        value: undefined;
    };
};
