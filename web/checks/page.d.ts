// What the benchmark's pages use of the peers, which are fetched for it only, and the names that these pages and the
// stand-in for emotion.js share with the Python that drives them.

declare module '*/peers/human/dist/human.esm.js' {
  interface Tensor {
    dataSync(): Float32Array;
  }
  export class Human {
    constructor(config: object);
    tf: {
      loadGraphModel(address: string): Promise<{execute(input: Tensor): Tensor}>;
      tensor(values: Float32Array, shape: number[], type: 'float32'): Tensor;
      dispose(tensors: Tensor[]): void;
    };
    load(): Promise<void>;
    detect(picture: HTMLCanvasElement): Promise<{face: {box: number[], emotion?: {emotion: string}[]}[], error: string | null}>;
  }
}

declare module '*/peers/face-api/dist/face-api.esm.js' {
  interface Tensor {
    dispose(): void;
  }
  interface Faces extends Promise<{box: {x: number, y: number, width: number, height: number}}[]> {
    withFaceExpressions(): Promise<{expressions: {asSortedArray(): {expression: string}[]}}[]>;
  }
  export const tf: {
    setWasmPaths(folder: string, usePlatformFetch: boolean): void;
    setBackend(name: 'wasm'): Promise<boolean>;
    ready(): Promise<void>;
    tensor(values: Float32Array, shape: number[], type: 'float32'): Tensor;
  };
  export const nets: {
    tinyFaceDetector: {load(address: string): Promise<void>};
    ssdMobilenetv1: {load(address: string): Promise<void>};
    faceExpressionNet: {load(address: string): Promise<void>, predictExpressions(input: Tensor): Promise<unknown>};
  };
  export class TinyFaceDetectorOptions {
    constructor(options?: {inputSize: number});
  }
  export class SsdMobilenetv1Options {
    constructor(options: {maxResults: number});
  }
  export function detectAllFaces(
    picture: HTMLCanvasElement, options: TinyFaceDetectorOptions | SsdMobilenetv1Options): Faces;
}

interface Window {
  opened: Promise<import('../../benchmarks/page/pages/subject.js').Opened>;
}
declare var opened: Window['opened'];
declare var ready: Promise<boolean>;
declare var find: (data: string) => Promise<number[][]>;
declare var first: Promise<{labels: string[], milliseconds: number}>;
declare var openSubjects: () => Promise<Record<string, string[]>>;
declare var measure: (work: 'classify' | 'recognize', rounds: number) => Promise<Record<string, number[]>>;
declare var runFrames: (count: number) => Promise<number>;
declare var measureWorker: () => Promise<{tensors: number | null, wasm: number}>;

declare var mock: {
  boxes?: [number, number, number, number][], delay?: number, loadError?: string, error?: string, errorName?: string,
  unclear?: boolean, firstTrack?: number, learnError?: string, learnDelay?: number, lookDelay?: number,
  timings?: {detect: number, classify: number},
} | undefined;
declare var calls: number | undefined;
declare var reach: string | null | undefined;
declare var resets: number | undefined;
declare var learnt: number[] | undefined;
declare var baselines: [number, object][] | null | undefined;
