/**
 * A network of one input.
 * @param {NativeModel} model
 * @param {{type: 'uint8' | 'float32', shape: number[]}} input that its manifest states
 * @param {string} what it is called in errors
 * @param {boolean} [sync] whether `runSync` is called: the thread waits, which costs a small network less than the change
 * @returns {Network}
 * @throws {ModelDamagedError} if its input is another, or an output has numbers of another type
 */
export function networkOf(model: NativeModel, input: {
    type: "uint8" | "float32";
    shape: number[];
}, what: string, sync?: boolean): Network;
export type Tensor = {
    name: string;
    dataType: string;
    shape: number[];
};
/**
 * What loadTensorflowModel of react-native-fast-tflite 3 gives, as far as it is used here. Any object like it will do.
 */
export type NativeModel = {
    inputs: Tensor[];
    outputs: Tensor[];
    /**
     * on a thread of its own; the bytes of each input in, those
     * of each output out
     */
    run: (input: ArrayBuffer[]) => Promise<ArrayBuffer[]>;
    /**
     * the same, at once
     */
    runSync?: ((input: ArrayBuffer[]) => ArrayBuffer[]) | undefined;
    /**
     * frees its memory
     */
    dispose?: (() => void) | undefined;
};
export type Network = import("./runtime/classifier.js").Network;
