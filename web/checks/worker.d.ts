// The name that the benchmark's probe shares with its worker.

declare var wasmMemories: WebAssembly.Memory[];
