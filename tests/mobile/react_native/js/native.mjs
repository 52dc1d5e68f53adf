// TensorFlow Lite in node's tests: a Python process runs the networks (tests/support/tflite_child.py). What it gives behaves as
// react-native-fast-tflite does: ArrayBuffers in, and the same ArrayBuffers out each time, which the next answer overwrites.
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** @typedef {import('../../../../mobile/react-native/tflite.js').NativeModel} NativeModel */
/** @typedef {import('../../../../mobile/react-native/create.js').Model} Model */
/** @typedef {{file: string, input: Buffer, outputs: Buffer[]}} Run */

export const MODELS = new URL('../../../../models/', import.meta.url);

/**
 * A JSON file under models/.
 * @param {string} path
 */
export const released = (path) => JSON.parse(readFileSync(new URL(path, MODELS), 'utf8'));

/**
 * What models/NAME.js of the package exports, its files as paths.
 * @param {string} name
 * @returns {Model}
 */
export function modelOf(name) {
  const golden = released(`${name}/golden.json`);
  /** @param {string} path */
  const file = (path) => new URL(path, MODELS).pathname;
  return {
    manifest: released(`${name}/manifest.json`), files: {int8: file(`${name}/int8.tflite`)},
    check: {faces: golden.faces.slice(0, 4), logits: golden.int8.logits.slice(0, 4)},
    detector: {
      manifest: released('face_detector/manifest.json'),
      files: {tflite: file('face_detector/near.tflite'), tflite_far: file('face_detector/far.tflite')},
    },
  };
}

/** The golden vectors of a model. @param {string} name */
export const goldenOf = (name) => ({
  model: released(`${name}/golden.json`), detector: released('face_detector/golden.json'),
  sequence: released('golden_sequence.json'), baseline: released('golden_baseline.json'),
});

/** Networks in a process of their own, opened by `load`; `runs` is what they were asked, and answered. */
export class Native {
  #child = spawn(process.env.PYTHON ?? 'python', ['-m', 'tests.support.tflite_child'], {stdio: ['pipe', 'pipe', 'inherit']});
  #parts = this.#child.stdout[Symbol.asyncIterator]();
  #read = Buffer.alloc(0);
  #count = 0;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** @type {Run[]} */
  runs = [];
  disposed = 0;

  /** @param {string} path @returns {Promise<NativeModel>} */
  load = async (path) => {
    const {inputs, outputs} = await this.#ask({path}, Buffer.alloc(0));
    const number = this.#count++;
    /** @type {ArrayBuffer[]} */
    let buffers = [];
    return {
      inputs, outputs,
      run: async ([input]) => {
        const sent = Buffer.from(input.slice(0)); // as the C++ side does, before it returns
        const {parts} = await this.#ask({run: number, bytes: sent.length}, sent);
        this.runs.push({file: path.slice(path.lastIndexOf('/') + 1), input: sent, outputs: parts});
        if (!buffers.length) buffers = parts.map((/** @type {Buffer} */ {length}) => new ArrayBuffer(length));
        parts.forEach((/** @type {Buffer} */ part, /** @type {number} */ place) => new Uint8Array(buffers[place]).set(part));
        return buffers;
      },
      dispose: () => { this.disposed += 1; },
    };
  };

  close() {
    this.#child.stdin.end();
  }

  /** One question after the other. @param {object} message @param {Buffer} bytes @returns {Promise<any>} */
  #ask(message, bytes) {
    const answer = this.#last.then(async () => {
      this.#child.stdin.write(`${JSON.stringify(message)}\n`);
      this.#child.stdin.write(bytes);
      const head = JSON.parse(await this.#line());
      if (head.error) throw new Error(head.error);
      const parts = [];
      for (const length of head.bytes ?? []) parts.push(await this.#take(length));
      return {...head, parts};
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #line() {
    while (!this.#read.includes(10)) await this.#more();
    return (await this.#take(this.#read.indexOf(10) + 1)).toString();
  }

  /** @param {number} length */
  async #take(length) {
    while (this.#read.length < length) await this.#more();
    const taken = Buffer.from(this.#read.subarray(0, length));
    this.#read = this.#read.subarray(length);
    return taken;
  }

  async #more() {
    const {value, done} = await this.#parts.next();
    if (done) throw new Error('tflite_child.py has ended');
    this.#read = Buffer.concat([this.#read, value]);
  }
}
