// What the examples use of esbuild and React, whose own declarations would bring the packages, and of ours.

declare module 'face-emotion-kit/models/*.js' {
  const model: import('../static/runtime/addresses.js').PlacedModel;
  export default model;
}

declare module 'esbuild' {
  export function build(options: {
    entryPoints: Record<string, string>, bundle: boolean, format: 'esm', minify: boolean, outdir: string,
  }): Promise<unknown>;
}

declare module 'react' {
  export const StrictMode: (properties: {children: object}) => object;
  export function useEffect(effect: () => () => void, inputs: unknown[]): void;
  export function useRef<Value>(value: Value): {current: Value};
  export function useState<State>(value: State): [State, (value: State) => void];
}

declare module 'react-dom/client' {
  export function createRoot(place: HTMLElement): {render(content: object): void};
}

declare module 'react/jsx-runtime' {
  export namespace JSX {
    type Element = object;
    interface ElementChildrenAttribute {children: unknown}
    interface IntrinsicElements {[name: string]: any}
  }
  export const Fragment: unknown;
  export const jsx: unknown, jsxs: unknown;
}
