// Runs TF.js graph models in node on the runtime that the page uses (web/static/vendor/tfjs).
// Started by tfjs_runtime.py as: node tfjs_runner.mjs JOB.json
//   JOB: {vendor, models: [{folder, files, input, dtype, shape}], batch}  + {output: file}   -> run the first over all its rows
//        {..., rounds, warmup}                                                       -> time each on its first row
// Numbers go through raw little-endian files; stdout gets one line of JSON.
import {readFile, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

/** @typedef {typeof import('../web/static/vendor/tfjs/tfjs.js')} TensorFlow */
/** @typedef {import('../web/static/vendor/tfjs/tfjs.js').GraphModel} GraphModel */
/** @typedef {{model: GraphModel, values: Float32Array, shape: number[], rowLength: number}} Loaded */

/**
 * @type {{vendor: string, models: {folder: string, files: string[], input: string, dtype: string, shape: number[]}[], batch: number,
 *   output: string, rounds?: number, warmup: number}}
 */
const job = JSON.parse(await readFile(process.argv[2], 'utf8'));
const vendor = pathToFileURL(`${job.vendor}/`);

// TF.js is told that it runs in a worker, as on the page; its wasm loader still finds node and expects CommonJS.
// Node's own fetch refuses file: URLs; this one reads nothing but the runtime's and the models' own files, which Python has
// checked, so that nothing here reaches a network, or a file elsewhere.
const readable = new Set(job.models.flatMap(({folder, files}) => [...files, `${folder}/model.json`]));
Object.assign(globalThis, {
  WorkerGlobalScope: class {},
  require: createRequire(import.meta.url),
  __dirname: dirname(fileURLToPath(import.meta.url)),
});
globalThis.fetch = async (/** @type {string | URL | Request} */ url) => {
  const path = fileURLToPath(new URL(String(url)));
  if (!readable.has(path) && dirname(path) !== job.vendor) throw new Error(`Error: ${path} is none of the model's files`);
  return new Response(await readFile(path), {headers: {'Content-Type': 'application/octet-stream'}});
};

/** @type {TensorFlow} */
const tf = await import(new URL('tfjs.js', vendor).href);
tf.setWasmPaths(vendor.href, true);
if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend does not start');
await tf.ready();

/** @type {Loaded[]} */
const models = [];
for (const {folder, input, dtype, shape} of job.models) {
  const model = await tf.loadGraphModel(new URL('model.json', pathToFileURL(`${folder}/`)).href);
  const bytes = await readFile(input);
  const values = dtype === 'uint8' ?
    Float32Array.from(bytes) :
    new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  models.push({model, values, shape, rowLength: shape.slice(1).reduce((product, size) => product * size, 1)});
}

/**
 * Runs rows first..last-1 and returns {output name: {shape, values}}.
 * @param {Loaded} loaded @param {number} first @param {number} last
 */
function run({model, values, shape, rowLength}, first, last) {
  const names = Object.keys(model.modelSignature.outputs);
  const input = tf.tensor(
    values.subarray(first * rowLength, last * rowLength), [last - first, ...shape.slice(1)], 'float32');
  const result = model.predict(input);
  const tensors = Array.isArray(result) ? result : [result];
  const read = tensors.map((tensor, k) => [names[k], {shape: tensor.shape, values: tensor.dataSync()}]);
  tf.dispose([input, ...tensors]);
  return Object.fromEntries(read);
}

/** @param {Loaded} model */
async function runAll(model) {
  /** @type {Record<string, {shape: number[], chunks: Buffer[]}>} */
  const parts = {};
  const count = model.shape[0];
  for (let first = 0; first < count; first += job.batch) {
    const outputs = run(model, first, Math.min(first + job.batch, count));
    for (const [name, {shape, values: part}] of Object.entries(outputs)) {
      parts[name] ??= {shape: [count, ...shape.slice(1)], chunks: []};
      parts[name].chunks.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
    }
  }
  const names = Object.keys(parts);
  await writeFile(job.output, Buffer.concat(names.flatMap((name) => parts[name].chunks)));
  return names.map((name) => ({name, shape: parts[name].shape}));
}

/** @param {number} rounds */
function time(rounds) {
  for (const model of models) {
    for (let round = 0; round < job.warmup; round++) run(model, 0, 1);
  }
  const milliseconds = models.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < models.length; k++) {
      const which = (k + round) % models.length; // no model always runs after the same other one
      const start = performance.now();
      run(models[which], 0, 1);
      milliseconds[which].push(performance.now() - start);
    }
  }
  return milliseconds;
}

const answer = job.rounds ? time(job.rounds) : await runAll(models[0]);
process.stdout.write(JSON.stringify(answer) + '\n');
