// What the example uses of React Native itself, whose own declarations would bring the whole of it.

declare module 'react-native' {
  export interface ViewProps {style?: object; children?: React.ReactNode; onLayout?: unknown; pointerEvents?: unknown; nativeID?: string}
  export const View: (properties: ViewProps) => React.ReactNode;
  export const Text: (properties: ViewProps) => React.ReactNode;
  export const StyleSheet: {absoluteFill: object};
}
declare const performance: {now(): number};
