/**
 * @file The recognizer's own worker with a probe in it, which answers {engine} on the channel "memory".
 *
 * The probe is imported first, so that it sees every WebAssembly module that the engine makes.
 */
import './probe.js';
import '../runtime/worker.js';

const channel = new BroadcastChannel('memory');
channel.addEventListener('message', ({data: {engine}}) => void answer(engine));

/** @param {'tfjs' | 'litert'} engine */
async function answer(engine) {
  channel.postMessage({
    tensors: engine === 'tfjs' ? (await import('../vendor/tfjs/tfjs.js')).memory().numTensors : null,
    wasm: globalThis.wasmMemories.reduce((total, {buffer}) => total + buffer.byteLength, 0),
  });
}
