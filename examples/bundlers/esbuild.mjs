// npm run esbuild: bundles copied.js, and copies the kit, whose worker loads engines and networks beside itself.
import {cp, rm} from 'node:fs/promises';
import {build} from 'esbuild';

await rm('dist/esbuild', {recursive: true, force: true});
await build({entryPoints: {app: 'copied.js'}, bundle: true, format: 'esm', minify: true, outdir: 'dist/esbuild'});
await cp('node_modules/face-emotion-kit', 'dist/esbuild/face-emotion-kit', {recursive: true, dereference: true});
await cp('public', 'dist/esbuild', {recursive: true});
await cp('index.html', 'dist/esbuild/index.html');
