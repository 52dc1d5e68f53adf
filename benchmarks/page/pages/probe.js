/** @file Keeps hold of the WebAssembly memories that whoever is loaded after it makes: `globalThis.wasmMemories`. */

globalThis.wasmMemories = [];

/**
 * Wraps a function of WebAssembly that instantiates a module.
 * @param {(...args: any[]) => Promise<WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource>} original
 */
const watched = (original) => async (/** @type {unknown[]} */ ...args) => {
  const result = await original.apply(WebAssembly, args);
  const {exports} = 'instance' in result ? result.instance : result;
  const found = Object.values(exports ?? {}).find((entry) => entry instanceof WebAssembly.Memory);
  if (found) globalThis.wasmMemories.push(found);
  return result;
};

const {instantiate, instantiateStreaming} = WebAssembly;
Object.assign(WebAssembly, {
  instantiate: watched(instantiate),
  instantiateStreaming: watched(instantiateStreaming),
});
