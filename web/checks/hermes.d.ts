// What Hermes has that node has not, and what its tests put in front of their app.

declare function print(text: string): void;
declare var recorded: {
  networks: Record<string, {inputs: import('../../mobile/react-native/tflite.js').Tensor[],
    outputs: import('../../mobile/react-native/tflite.js').Tensor[]}>,
  runs: Record<string, string[]>,
  golden: import('../../mobile/react-native/conformance.js').Golden,
  pictures: {rgba: string, width: number, height: number, options: object}[],
};

declare module 'face-emotion-kit-react-native/models/*.js' {
  const model: import('../../mobile/react-native/create.js').Model;
  export default model;
}
