"""What python -m web.vendor brings: each runtime's packages, licences and the changes made before bundling.

Page and node import the same bundles. Nothing that the page does not load is vendored: neither runtime's threaded
variant (threads gain nothing on networks this small and TF.js's hang under a strict content-security policy), nor the
one without WebAssembly SIMD, and of LiteRT.js only the build on plain SIMD (the one on relaxed SIMD is no faster here).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from face_emotion.errors import InputError

TFJS = "4.22.0"
LITERT = "2.5.3"
BUNDLER = ("esbuild", "0.28.2")
# The packages name the Apache License without bringing its text; this file has it.
APACHE = "long/LICENSE"


@dataclass(frozen=True)
class Runtime:
    """A runtime under web/static/vendor/<name>/.

    name: the folder and NAME.js in it; title: of the bundle's first line; packages: version, licence and licence
    text of all that ends up in the bundle, also of what the packages themselves leave open; embedded: libraries
    compiled into the binaries and their licences, all in LICENSE-wasm.txt, which is written by hand and kept; entry:
    the module that is bundled; binaries and texts: files copied from node_modules, by the name they get; prepare:
    changes made in node_modules before bundling; options: further ones of the bundler.
    """

    name: str
    title: str
    packages: dict[str, tuple[str, str, str]]
    embedded: dict[str, str]
    entry: str
    binaries: dict[str, str]
    texts: dict[str, str]
    prepare: Callable[[Path], None]
    written: dict[str, Callable[[Path], str]] = field(default_factory=dict)
    options: tuple[str, ...] = ()


def _without_threads(modules: Path) -> None:
    """Replaces the loader and worker of TF.js's threaded variant: nothing may start them."""
    wasm = modules / "@tensorflow/tfjs-backend-wasm/wasm-out"
    (wasm / "tfjs-backend-wasm-threaded-simd.js").write_text("export default null;\n", encoding="utf-8")
    worker = wasm / "tfjs-backend-wasm-threaded-simd.worker.js"
    worker.write_text("export const wasmWorkerContents = '';\n", encoding="utf-8")


def _seedrandom_licence(modules: Path) -> str:
    readme = (modules / "seedrandom/README.md").read_text(encoding="utf-8")
    alea = (modules / "seedrandom/lib/alea.js").read_text(encoding="utf-8").split("\n\n(function", 1)[0]
    licence = readme[readme.index("LICENSE (MIT)") :].strip()
    return f"seedrandom {licence}\n\n\nIts lib/alea.js:\n\n{alea.strip()}\n"


def _as_one_module(modules: Path) -> None:
    """Makes LiteRT.js one ES module.

    Its own loader starts the WebAssembly glue with importScripts or a <script> element and finds the binary beside
    the worker; here the glue is imported and the binary is where loadLiteRt is told, whatever a bundler named it. It
    also asks for a GPU, which would not be used, and logs each step as an error.
    """
    glue = (modules / "@litertjs/core/wasm/litert_wasm_compat_internal.js").read_text(encoding="utf-8")
    loader = modules / "@litertjs/wasm-utils/dist"
    (loader / "glue.js").write_text(f"{glue}\nexport default ModuleFactory;\n", encoding="utf-8")
    (loader / "index.js").write_text(_LITERT_LOADER, encoding="utf-8")
    core = modules / "@litertjs/core/dist/index.js"
    text, asked = core.read_text(encoding="utf-8"), "await Environment.create()"
    if text.count(asked) != 1:
        raise InputError(
            f"@litertjs/core {LITERT}: {asked!r} is not in it once; look at web/vendor_packages.py"
        )
    core.write_text(text.replace(asked, "await Environment.create({webGpuDevice: null})"), encoding="utf-8")


_LITERT_LOADER = """
import createModule from './glue.js';
export async function createWasmLib(LiteRt, address) {
  const quiet = (line) => line.startsWith('INFO:') || console.warn(line);
  const locateFile = () => address;
  return new LiteRt(await createModule({locateFile, print: quiet, printErr: quiet}));
}
"""

_XNNPACK = {
    "XNNPACK": "BSD-3-Clause",
    "cpuinfo": "BSD-2-Clause",
    "pthreadpool": "BSD-2-Clause",
    "Emscripten": "MIT",
    "musl": "MIT",
    "FP16": "MIT",
    "FXdiv": "MIT",
}

RUNTIMES = (
    Runtime(
        name="tfjs",
        title=f"TensorFlow.js {TFJS}",
        packages={
            "@tensorflow/tfjs-core": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
            "@tensorflow/tfjs-converter": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
            "@tensorflow/tfjs-backend-wasm": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
            "@tensorflow/tfjs-backend-cpu": (TFJS, "Apache-2.0", "LICENSE-tfjs.txt"),
            "long": ("4.0.0", "Apache-2.0", "LICENSE-tfjs.txt"),
            "seedrandom": ("3.0.5", "MIT", "LICENSE-seedrandom.txt"),
        },
        embedded=_XNNPACK,
        entry="""
import {env} from '@tensorflow/tfjs-core';
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
export {env, setBackend, getBackend, ready, tensor, tidy, dispose, memory, version_core}
  from '@tensorflow/tfjs-core';
export {loadGraphModel, GraphModel} from '@tensorflow/tfjs-converter';
export {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
""",
        binaries={
            "tfjs-backend-wasm-simd.wasm": "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
        },
        texts={"LICENSE-tfjs.txt": APACHE},
        written={"LICENSE-seedrandom.txt": _seedrandom_licence},
        prepare=_without_threads,
    ),
    Runtime(
        name="litert",
        title=f"LiteRT.js {LITERT}",
        packages={
            "@litertjs/core": (LITERT, "Apache-2.0", "LICENSE-litert.txt"),
            "@litertjs/wasm-utils": (LITERT, "Apache-2.0", "LICENSE-litert.txt"),
        },
        embedded=_XNNPACK
        | {
            "TensorFlow Lite": "Apache-2.0",
            "Abseil": "Apache-2.0",
            "FlatBuffers": "Apache-2.0",
            "gemmlowp": "Apache-2.0",
            "ruy": "Apache-2.0",
            "Protocol Buffers": "BSD-3-Clause",
            "FarmHash": "MIT",
            "Eigen": "MPL-2.0",
            "FFT package": "Ooura (free use)",
        },
        entry="export {loadLiteRt, loadAndCompile, unloadLiteRt, Tensor} from '@litertjs/core';\n",
        binaries={"litert.wasm": "@litertjs/core/wasm/litert_wasm_compat_internal.wasm"},
        texts={"LICENSE-litert.txt": APACHE},
        prepare=_as_one_module,
        # Its glue has a branch for node, which needs CommonJS; without `process` it takes the browser's.
        options=("--define:globalThis.process=undefined", "--external:node:*"),
    ),
)
