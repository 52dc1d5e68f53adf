// What App.tsx takes of others, as far as it uses it: the project does not install them. fast-tflite as 3.0.1 declares it.
declare module 'react' {
  export function useEffect(effect: () => void | (() => void), inputs: unknown[]): void;
  export function useState<T>(start: T): [T, (next: T) => void];
}
declare module 'react/jsx-runtime' {
  export namespace JSX {
    interface IntrinsicElements {}
    interface IntrinsicAttributes {
      key?: unknown;
    }
  }
  export const jsx: any;
  export const jsxs: any;
  export const Fragment: any;
}
declare module 'react-native' {
  export function Text(props: {children?: unknown}): any;
  export function View(props: {children?: unknown}): any;
}
declare module 'react-native-fast-tflite' {
  interface Tensor {name: string; dataType: 'uint8' | 'float32' | 'int8'; shape: number[]}
  interface TfliteModel {
    readonly inputs: Tensor[]; readonly outputs: Tensor[];
    runSync(input: ArrayBuffer[]): ArrayBuffer[]; run(input: ArrayBuffer[]): Promise<ArrayBuffer[]>; dispose(): void;
  }
  export function loadTensorflowModel(source: number | {url: string}, delegates?: string[]): Promise<TfliteModel>;
}
