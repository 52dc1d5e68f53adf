// What our modules use of the vendored engines: their own declarations would bring the packages. An asterisk stands for the way to a file.

declare module '*/vendor/tfjs/tfjs.js' {
  export interface Tensor {
    shape: number[];
    /** A view into WebAssembly's memory; of a float32 tensor, as all of ours are. */
    dataSync(): Float32Array;
  }
  export interface GraphModel {
    modelSignature: {outputs: Record<string, unknown>};
    /** The names of the outputs that the signature gives them, in the order of `predict`. */
    outputNodes: string[];
    predict(input: Tensor): Tensor | Tensor[];
    dispose(): void;
  }
  export interface ModelArtifacts {
    modelTopology: object;
    weightSpecs: object[];
    weightData: ArrayBuffer;
  }
  export function setWasmPaths(folderOrFiles: string | Record<string, string>, usePlatformFetch: boolean): void;
  export function env(): {platform: {fetch(path: string, options?: RequestInit): Promise<Response>}};
  export function setBackend(name: 'wasm'): Promise<boolean>;
  export function ready(): Promise<void>;
  export function tensor(values: Float32Array, shape: number[], type: 'float32'): Tensor;
  export function dispose(tensors: Tensor[]): void;
  export function memory(): {numTensors: number};
  export function loadGraphModel(source: string | {load: () => Promise<ModelArtifacts>}): Promise<GraphModel>;
}

declare module '*/vendor/litert/litert.js' {
  export class Tensor {
    constructor(values: Uint8Array | Float32Array, shape: number[]);
    toTypedArray(): Uint8Array | Float32Array;
    delete(): void;
  }
  export interface CompiledModel {
    getInputDetails(): {dtype: string}[];
    /** In the order of `run`. */
    getOutputDetails(): {name: string}[];
    run(input: Tensor): Promise<Tensor[]>;
    delete(): void;
  }
  export function loadLiteRt(address: string): Promise<unknown>;
  export function loadAndCompile(model: Uint8Array, options: {accelerator: 'wasm'}): Promise<CompiledModel>;
}
