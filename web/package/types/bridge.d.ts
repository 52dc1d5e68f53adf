/** A worker with one recognizer in it. */
export class Bridge {
    /**
     * Calls a method of worker.js.
     * @param {'load' | 'recognize' | 'reset'} method
     * @param {object} [args]
     * @param {{transfer?: Transferable[], onProgress?: (progress: any) => void}} [options]
     * @returns {Promise<any>}
     */
    call(method: "load" | "recognize" | "reset", args?: object, { transfer, onProgress }?: {
        transfer?: Transferable[];
        onProgress?: (progress: any) => void;
    }): Promise<any>;
    /**
     * Ends the worker, and with it everything that it holds; calls that wait are refused.
     * @param {Error} [reason]
     */
    close(reason?: Error): void;
    #private;
}
