/** @file What stands in for react-native-fast-tflite in node: LiteRT in a process of its own, with the same inputs and answers. */
import {spawn} from 'node:child_process';
import {join} from 'node:path';

const {PACKAGE = '', PYTHON = ''} = process.env;
const SIZES = /** @type {Record<string, number>} */ ({uint8: 1, float32: 4});
/** @typedef {{name: string, dataType: string, shape: number[]}} Tensor */

// What Metro makes of require('./small/int8.tflite') in models/NAME.js: something that leads to the file.
Object.assign(globalThis, {require: (/** @type {string} */ place) => join(PACKAGE, 'models', place)});

/** @type {import('node:child_process').ChildProcess[]} */
const running = [];

/** Ends all processes: node would wait for them. */
export function endAll() {
  for (const child of running) child.kill();
}

/**
 * Loads a network as loadTensorflowModel does.
 * @param {string} file
 */
export async function loadTensorflowModel(file) {
  const child = spawn(PYTHON, ['-m', 'tests.support.tflite_process', file], {stdio: ['pipe', 'pipe', 'ignore']});
  running.push(child);
  let read = Buffer.alloc(0);
  let isOver = false;
  child.stdout.on('data', (part) => { read = Buffer.concat([read, part]); });
  child.stdout.on('end', () => { isOver = true; });
  /** @param {() => boolean} enough */
  const until = async (enough) => {
    while (!enough()) {
      if (isOver) throw new Error(`${file}: cannot be loaded`);
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  };
  await until(() => read.includes(10));
  const line = read.indexOf(10);
  /** @type {{inputs: Tensor[], outputs: Tensor[]}} */
  const {inputs, outputs} = JSON.parse(read.subarray(0, line).toString());
  read = read.subarray(line + 1);
  const sizes = outputs.map(({dataType, shape}) => shape.reduce((product, side) => product * side, SIZES[dataType]));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    inputs, outputs,
    /** @param {ArrayBuffer[]} given */
    async run([given]) {
      child.stdin.write(Buffer.from(given));
      await until(() => read.length >= total);
      let from = 0;
      const answers = sizes.map((size) => new Uint8Array(read.subarray(from, from += size)).buffer);
      read = read.subarray(total);
      return answers;
    },
  };
}
