// All that React Native has beside the language which the package for it uses. A browser has it too.

declare const console: {warn(message: string): void};
declare const performance: {now(): number};
