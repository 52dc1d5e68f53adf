/** @file Keeps hold of the WebAssembly memories that whoever is loaded after it makes: `globalThis.wasmMemories`. */

globalThis.wasmMemories = [];
for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...args) => {
    const result = await original.apply(WebAssembly, args);
    const exported = Object.values((result.instance ?? result).exports ?? {});
    const found = exported.find((entry) => entry instanceof WebAssembly.Memory);
    if (found) globalThis.wasmMemories.push(found);
    return result;
  };
}
