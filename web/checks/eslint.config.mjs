/**
 * @file What ESLint asks of every JavaScript file of ours: its recommended rules, and that no promise is lost.
 */
import eslint from '@eslint/js';
import {parser, plugin} from 'typescript-eslint';

export default [
  eslint.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs,jsx}'],
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    languageOptions: {
      parser,
      parserOptions: {
        project: ['page', 'worker', 'node', 'native'].map((name) => `tsconfig.${name}.json`),
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: {'@typescript-eslint': plugin},
    rules: {
      'no-undef': 'off', // tsc knows the names that a page, a worker and node have
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': 'error', // one way out: @ts-expect-error, with its reason
      '@typescript-eslint/no-floating-promises': ['error', {
        // The runner waits for what these return.
        allowForKnownSafeCalls: [{from: 'package', package: 'node:test', name: 'test'}],
      }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/require-await': 'error',
      '@typescript-eslint/return-await': 'error',
    },
  },
];
