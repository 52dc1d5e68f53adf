"""The React Native library as an npm package: a folder that `npm install DIR` and `npm pack` take.

    python -m web.react_native DIR [--models models] [--model small …]     # writes the package
    python -m web.react_native --types      # regenerates mobile/react-native/types from the JSDoc (needs npm)

Its own modules stand in mobile/react-native/ and import the page's runtime where that is; the package has a copy of
what they import, and nothing else of the page. The types of its own modules are committed, and types.json says of which
sources they are; those of the page's are the page's package's.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, read_json, require_file, write_json
from face_emotion.model_files import ModelFolder
from web import npm
from web.checks import CONFIGS, install_packages, run_tool
from web.site import DETECTOR, MODELS, STATIC

SOURCE = Path(__file__).resolve().parents[1] / "mobile" / "react-native"
RUNTIME = STATIC / "runtime"
DEFAULT = ("nano", "small", "base")
FACES = 4  # of the golden ones that a network is asked at its start: any one tells released models apart
PAPERS = ("LICENSE", "README.md", "MODEL_CARD.md")
OUTSIDE = "../../web/static/runtime/"  # from a module of SOURCE, where its package says ./runtime/
IMPORT = re.compile(r"(?:from |import |import\()'(\.[^']+\.js)'")
MODEL_TYPES = """/** What createRecognizer takes as `model`. */
declare const model: import('../types/create.js').Model;
export default model;
"""
OPTIONS = ["--allowJs", "--checkJs", "--strict", "--declaration", "--emitDeclarationOnly"]
OPTIONS += ["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022"]


def write_package(target: Path, models: Path = MODELS, names: tuple[str, ...] = DEFAULT) -> int:
    """Writes the package to `target`, which is not there yet or empty; returns the number of files.

    models: a folder of models; names: those to bring, besides the detector. Raises InputError if the folder holds
    something, a model is missing or damaged, or the committed types are not those of the modules.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is not an empty folder; name another, or remove it first")
    check_types()
    npm.check_types()
    contents = modules() | model_files(models, names)
    for place in [name for name in contents if name.startswith("runtime/")]:
        types = Path(place).with_suffix(".d.ts")
        contents[f"types/{types.as_posix()}"] = (
            npm.PACKAGE / "types" / types.relative_to("runtime")
        ).read_bytes()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and path.suffix != ".js" and path.name != "types.json":
            contents[path.relative_to(SOURCE).as_posix()] = path.read_bytes()
    contents["LICENSE"] = npm.LICENSE.read_bytes()
    with atomic_path(target) as partial:
        for name, content in contents.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(content)
    return len(contents)


def modules() -> dict[str, bytes]:
    """Returns the package's own modules and what they import of the page's runtime, be it a type, by their place."""
    contents = {
        path.name: path.read_text(encoding="utf-8").replace(OUTSIDE, "./runtime/")
        for path in sorted(SOURCE.glob("*.js"))
    }
    waiting = [name for text in contents.values() for name in IMPORT.findall(text)]
    while waiting:
        name = waiting.pop().removeprefix("./")
        if name in contents:
            continue
        text = require_file(RUNTIME / name.removeprefix("runtime/"), "module").read_text(encoding="utf-8")
        contents[name] = text
        waiting += [f"runtime/{other.removeprefix('./')}" for other in IMPORT.findall(text)]
    return {name: text.encode() for name, text in sorted(contents.items())}


def model_files(models: Path, names: tuple[str, ...] = DEFAULT) -> dict[str, bytes]:
    """Returns models/ of the package: manifests, networks, what these are asked at their start, a module of each.

    Raises InputError if a file is missing or its sha256 is not its manifest's.
    """
    files = _model(models, DETECTOR, {"tflite": "tflite", "tflite_far": "far"}, "")
    for name in names:
        if Path(name).name != name or name == DETECTOR:
            raise InputError(f"--model {name}: name a classifier's folder of {models}")
        files |= _model(models, name, {"int8": "int8"}, f"import detector from './{DETECTOR}.js';\n")
        golden = read_json(models / name / "golden.json")
        check = {"faces": golden["faces"][:FACES], "logits": golden["int8"]["logits"][:FACES]}
        files[f"models/{name}/check.json"] = json.dumps(check).encode()
    return files


def _model(models: Path, name: str, artifacts: dict[str, str], detector: str) -> dict[str, bytes]:
    """The files of one model. artifacts: by entry of its manifest, what its module calls the network."""
    folder = ModelFolder.open(models / name)
    place = f"models/{name}"
    text = f"{detector}import manifest from './{name}/manifest.json';\n"
    files = {f"{place}/manifest.json": (models / name / "manifest.json").read_bytes()}
    for artifact, word in artifacts.items():
        path = folder.artifact(artifact)
        files[f"{place}/{path.name}"] = path.read_bytes()
        text += f"import {word} from './{name}/{path.name}';\n"
    named = ", ".join(key if key == word else f"{key}: {word}" for key, word in artifacts.items())
    if detector:
        text += f"import check from './{name}/check.json';\n\n"
        text += f"export default {{manifest, check, detector, files: {{{named}}}}};\n"
    else:
        text += f"\nexport default {{manifest, files: {{{named}}}}};\n"
    files[f"{place}.js"] = text.encode()
    if detector:
        files[f"{place}.d.ts"] = MODEL_TYPES.encode()
    for paper in PAPERS:
        if (models / name / paper).exists():
            files[f"{place}/{paper}"] = (models / name / paper).read_bytes()
    return files


def check_types() -> None:
    """Raises InputError if mobile/react-native/types were made from other modules than there are."""
    stated: Any = read_json(SOURCE / "types.json")
    if stated["sources"] != _sources():
        raise InputError(f"{SOURCE / 'types'}: not of these modules; run: python -m web.react_native --types")


def write_types() -> list[str]:
    """Checks all of the package's modules with TypeScript, writes the types of its own, returns the file names.

    Raises InputError with TypeScript's first complaint, or npm's last line if it fails.
    """
    install = install_packages()
    with tempfile.TemporaryDirectory(prefix="types-", dir=install) as name:
        folder = Path(name)
        for place, content in modules().items():
            (folder / "source" / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / "source" / place).write_bytes(content)
        shutil.copyfile(CONFIGS / "native.d.ts", folder / "native.d.ts")
        roots = ["native.d.ts", *(f"source/{place}" for place in modules())]
        compiler = str(install / "node_modules/typescript/bin/tsc")
        done = run_tool(
            "node", [compiler, *OPTIONS, "--rootDir", "source", "--outDir", "types", *roots], folder
        )
        if done.returncode != 0:
            raise InputError(f"tsc: {done.stdout.decode('utf-8', 'replace').splitlines()[0]}")
        with atomic_path(SOURCE / "types") as partial:
            shutil.copytree(folder / "types", partial, ignore=shutil.ignore_patterns("runtime"))
    typescript = read_json(CONFIGS / "package.json")["devDependencies"]["typescript"]
    stated = {
        "command": "python -m web.react_native --types",
        "typescript": typescript,
        "sources": _sources(),
    }
    write_json(SOURCE / "types.json", stated)
    return sorted(path.relative_to(SOURCE).as_posix() for path in (SOURCE / "types").rglob("*.d.ts"))


def _sources() -> str:
    """Returns one sha256 over the names and contents of all modules."""
    digest = hashlib.sha256()
    for place, content in modules().items():
        digest.update(f"{place}\n".encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _main() -> int:
    parser = CommandParser(prog="python -m web.react_native", description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=file_path, metavar="DIR", help="where to write the package")
    parser.add_argument(
        "--models", type=file_path, default=MODELS, help="the folder of models (default: models)"
    )
    parser.add_argument(
        "--model",
        nargs="+",
        default=DEFAULT,
        metavar="NAME",
        help=f"those to bring (default: {' '.join(DEFAULT)})",
    )
    parser.add_argument(
        "--types", action="store_true", help="regenerate mobile/react-native/types with TypeScript"
    )
    options = parser.parse_args()
    if options.types == (options.folder is not None):
        raise InputError("name a folder for the package, or --types")
    if options.types:
        for name in write_types():
            print(name)
    else:
        count = write_package(options.folder, options.models, tuple(options.model))
        print(f"{options.folder}: {count} files; npm install {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command(_main))
