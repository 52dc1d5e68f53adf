"""The React Native package: a folder that `npm install DIR` and `npm pack` take.

    python -m web.react_native DIR [--models models]     # writes the package: runtime, models, types
    python -m web.react_native --types                   # regenerates mobile/react-native/types (needs npm)

Its own modules stand in mobile/react-native/; of web/static/runtime it takes what they import, which a check holds to
plain JavaScript (web/checks/tsconfig.native.json). Each model's manifest is written into its module; Metro bundles its
.tflite files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from face_emotion.errors import InputError, run_command
from face_emotion.files import atomic_path, read_json, require_file, write_json
from web.checks import CONFIGS, install_packages, run_tool
from web.npm import LICENSE, OPTIONS
from web.site import DETECTOR, MODELS

SOURCE = Path(__file__).parents[1] / "mobile" / "react-native"
RUNTIME = Path(__file__).parent / "static" / "runtime"
PREFIX = "../../web/static/runtime/"  # of an import in the checkout; ./runtime/ in the package
IMPORTS = re.compile(r"""(?:from|import)\s+'([^']+)'|import\('([^']+)'\)""")
CHECKED = 3  # faces by which a bundled file is told from another one
MODEL_TYPES = """/** What createRecognizer is given. */
declare const model: import('../types/create.js').Model;
export default model;
"""


def write_package(target: Path, models: Path = MODELS) -> int:
    """Writes the package to `target`, a folder that is not there yet or is empty; returns the number of files.

    Raises InputError if the folder holds something, a model's file is missing, or the committed types are not those of
    the modules.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is not an empty folder; name another, or remove it first")
    if read_json(SOURCE / "types.json")["sources"] != _digest(modules()):
        raise InputError(
            f"{SOURCE / 'types'}: not the types of today's modules; run: python -m web.react_native --types"
        )
    contents: dict[str, bytes] = {name: text.encode() for name, text in modules().items()}
    contents |= _models(models)
    for name in ("package.json", "README.md"):
        contents[name] = (SOURCE / name).read_bytes()
    contents["LICENSE"] = LICENSE.read_bytes()
    for path in sorted((SOURCE / "types").rglob("*.d.ts")):
        contents[path.relative_to(SOURCE).as_posix()] = path.read_bytes()
    with atomic_path(target) as partial:
        for name, content in contents.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(content)
    return len(contents)


def modules() -> dict[str, str]:
    """Returns the package's modules by name, with imports as they are there: its own, and runtime/ as far as needed."""
    found = {
        path.name: path.read_text(encoding="utf-8").replace(PREFIX, "./runtime/")
        for path in sorted(SOURCE.glob("*.js"))
    }
    wanted = [name for text in found.values() for name in _imported(text) if name.startswith("./runtime/")]
    while wanted:
        name = wanted.pop().removeprefix("./")
        if name not in found:
            found[name] = (RUNTIME / name.removeprefix("runtime/")).read_text(encoding="utf-8")
            wanted += [f"./runtime/{one.removeprefix('./')}" for one in _imported(found[name])]
    return found


def _imported(text: str) -> list[str]:
    """Returns what a module imports when it is loaded; types, which stand in comments, are left out."""
    code = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)
    return [one or other for one, other in IMPORTS.findall(code)]


def _models(models: Path) -> dict[str, bytes]:
    """Returns models/: a module for each model, the detector's part of it in a module of its own, and their files."""
    contents: dict[str, bytes] = {}
    for folder in sorted(path.parent for path in models.glob("*/manifest.json")):
        name, manifest = folder.name, read_json(folder / "manifest.json")
        wanted = ("tflite", "tflite_far") if name == DETECTOR else ("int8",)
        files = {
            one: manifest["artifacts"][one]["files"][0]["file"]
            for one in wanted
            if one in manifest["artifacts"]
        }
        entries = "".join(f"    {one}: require('./{name}/{file}'),\n" for one, file in files.items())
        stated = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
        text = f"export default {{\n  manifest: {stated},\n  files: {{\n{entries}  }},\n"
        if name != DETECTOR:
            check = json.dumps(_check(folder), separators=(",", ":"))
            text = f"import detector from './{DETECTOR}.js';\n\n{text}  check: {check},\n  detector,\n"
            contents[f"models/{name}.d.ts"] = MODEL_TYPES.encode()
        contents[f"models/{name}.js"] = f"{text}}};\n".encode()
        for file in files.values():
            contents[f"models/{name}/{file}"] = require_file(folder / file, "network").read_bytes()
        for paper in ("LICENSE", "MODEL_CARD.md"):
            if (folder / paper).is_file():
                contents[f"models/{name}/{paper}"] = (folder / paper).read_bytes()
    return contents


def _check(folder: Path) -> dict[str, object]:
    """Returns some faces of a model's golden vectors, normalised already, and the logits that it gives for them."""
    golden = read_json(folder / "golden.json")
    return {"faces": golden["faces"][:CHECKED], "logits": golden["int8"]["logits"][:CHECKED]}


def write_types() -> list[str]:
    """Checks the package's modules with TypeScript, writes its types and types.json, returns the file names.

    Raises InputError with TypeScript's first complaint, or npm's last line if it fails.
    """
    install, sources = install_packages(), modules()
    with tempfile.TemporaryDirectory(prefix="native-", dir=install) as name:
        folder = Path(name)
        shutil.copyfile(CONFIGS / "native.d.ts", folder / "native.d.ts")
        for module, text in sources.items():
            (folder / "source" / module).parent.mkdir(parents=True, exist_ok=True)
            (folder / "source" / module).write_text(text, encoding="utf-8")
        options = ["es2022" if option.startswith("es2022,") else option for option in OPTIONS]
        compiler = str(install / "node_modules/typescript/bin/tsc")
        roots = ["native.d.ts", *(f"source/{module}" for module in sources)]
        done = run_tool(
            "node", [compiler, *options, "--rootDir", "source", "--outDir", "types", *roots], folder
        )
        if done.returncode != 0:
            raise InputError(f"tsc: {done.stdout.decode('utf-8', 'replace').splitlines()[0]}")
        with atomic_path(SOURCE / "types") as partial:
            shutil.copytree(folder / "types", partial)
    write_json(
        SOURCE / "types.json",
        {
            "command": "python -m web.react_native --types",
            "typescript": read_json(CONFIGS / "package.json")["devDependencies"]["typescript"],
            "sources": _digest(sources),
        },
    )
    return sorted(path.relative_to(SOURCE).as_posix() for path in (SOURCE / "types").rglob("*.d.ts"))


def _digest(sources: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(sources.items()):
        digest.update(f"{name}\n".encode() + hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m web.react_native", description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="where to write the package")
    parser.add_argument("--models", type=Path, default=MODELS, help="the models to bring (default: models)")
    parser.add_argument("--types", action="store_true", help="regenerate the types with TypeScript")
    options = parser.parse_args()
    if options.types == (options.folder is not None):
        raise InputError("name a folder for the package, or --types")
    if options.types:
        for name in write_types():
            print(name)
    else:
        count = write_package(options.folder, options.models)
        print(f"{options.folder}: {count} files; npm install {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
