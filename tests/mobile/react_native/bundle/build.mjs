// The app that hermes_app.js is, as Metro makes one: bundled by esbuild, its language lowered by React Native's own Babel preset.
//
//     node build.mjs PACKAGE PACKAGES OUT      # the written package, a folder with node_modules, a folder
//
// It writes release.js and development.js, what React Native's own hermesc compiles, and old.js, without classes, for a Hermes
// that has none.
import {createRequire} from 'node:module';
import {writeFileSync} from 'node:fs';

const [kit, packages, out] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const built = await require('esbuild').build({
  entryPoints: [new URL('hermes_app.js', import.meta.url).pathname],
  alias: {'face-emotion-kit-react-native': kit}, loader: {'.tflite': 'file'}, assetNames: '[name]',
  bundle: true, format: 'iife', target: 'es2022', outdir: '/', write: false, logLevel: 'warning',
});
const script = built.outputFiles.find((/** @type {{path: string}} */ {path}) => path.endsWith('.js'));
/** @type {Record<string, object>} */
const KINDS = {
  release: {dev: false}, development: {dev: true}, old: {dev: false, unstable_transformProfile: 'default'},
};
for (const [kind, options] of Object.entries(KINDS)) {
  const preset = [require.resolve('@react-native/babel-preset'), {
    enableBabelRuntime: false, disableImportExportTransform: true, disableDeepImportWarnings: true, ...options}];
  const {code} = await require('@babel/core').transformAsync(script.text, {
    babelrc: false, configFile: false, filename: '/app/app.js', sourceType: 'script', presets: [preset],
  });
  writeFileSync(`${out}/${kind}.js`, code);
}
