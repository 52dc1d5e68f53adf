// The kit in a bundled app, with esbuild. In this folder:
//
//     (cd ../.. && python -m web.npm examples/bundler/face-emotion-kit)
//     npm install && npm run build      # writes dist/, which any web server can send
//
// The kit is not bundled but copied: its worker, WebAssembly and networks are found beside its modules.
import {cp, rm} from 'node:fs/promises';
import {build} from 'esbuild';

/** @type {import('esbuild').Plugin} */
const beside = {
  name: 'kit-beside-the-bundle',
  setup({onResolve}) {
    const path = './face-emotion-kit/runtime/emotion.js';
    onResolve({filter: /^face-emotion-kit$/}, () => ({path, external: true}));
  },
};

await rm('dist', {recursive: true, force: true});
await cp('node_modules/face-emotion-kit', 'dist/face-emotion-kit', {recursive: true, dereference: true});
for (const file of ['index.html', 'icon.svg']) await cp(file, `dist/${file}`);
await build({entryPoints: ['app.js'], bundle: true, format: 'esm', minify: true, outdir: 'dist', plugins: [beside]});
