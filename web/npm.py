"""The runtime as an npm package: a folder that `npm install DIR` and `npm pack` take.

    python -m web.npm DIR [--models models]     # writes the package: runtime, engines, models, types
    python -m web.npm --types                   # regenerates web/package/types from the JSDoc (needs the npm registry)

The types are committed; types.json beside them says from which sources they were made, and a test compares.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, read_json, write_json
from web.checks import CONFIGS, install_packages, run_tool
from web.site import DETECTOR, MODELS, STATIC, build_site

PACKAGE = Path(__file__).parent / "package"
LICENSE = Path(__file__).parents[1] / "LICENSE"
RUNTIME = STATIC / "runtime"
PARTS = ("runtime/", "vendor/", "models/")
PAPERS = ("LICENSE", "README.md", "MODEL_CARD.md")  # of each model
MODULE_TYPES = """/** Where its files are. */
declare const model: import('../types/addresses.js').PlacedModel;
export default model;
"""
OPTIONS = [
    "--allowJs",
    "--checkJs",
    "--strict",
    "--declaration",
    "--emitDeclarationOnly",
    "--target",
    "es2022",
]
OPTIONS += ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"]


def write_package(target: Path, models: Path) -> int:
    """Writes the package to `target`, a folder that is not there yet or is empty; returns the number of files.

    Raises InputError if the folder holds something, for the models as build_site does, or if the committed types
    are not those of the modules.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is not an empty folder; name another, or remove it first")
    check_types()
    # The page shows each model's LICENSE as LICENSE.txt; here it keeps its own name, with the other papers below.
    contents = {
        url: entry.content()
        for url, entry in build_site(models).items()
        if url.startswith(PARTS) and not url.endswith("/LICENSE.txt")
    }
    contents |= _model_modules(list(contents))
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.name != "types.json":
            contents[path.relative_to(PACKAGE).as_posix()] = path.read_bytes()
    contents["LICENSE"] = LICENSE.read_bytes()
    for path in sorted(models.glob("*/*")):
        if path.name in PAPERS:
            contents[f"models/{path.parent.name}/{path.name}"] = path.read_bytes()
    with atomic_path(target) as partial:
        for name, content in contents.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(content)
    return len(contents)


def _model_modules(urls: list[str]) -> dict[str, bytes]:
    """Returns models/NAME.js for each model: in that form bundlers find its files, whatever they call them then."""
    modules = {}
    for name in sorted({url.split("/")[1] for url in urls if url.endswith("/manifest.json")}):
        files = [url.removeprefix(f"models/{name}/") for url in urls if url.startswith(f"models/{name}/")]
        networks = [file for file in files if file.endswith((".tflite", ".bin", "/model.json"))]
        text = "export default {\n  manifest: " + _literal(f"./{name}/manifest.json") + ",\n  files: {\n"
        text += "".join(f"    '{file}': {_literal(f'./{name}/{file}')},\n" for file in networks) + "  },\n"
        if name != DETECTOR and f"models/{DETECTOR}/manifest.json" in urls:
            text = f"import detector from './{DETECTOR}.js';\n\n{text}  detector,\n"
        modules[f"models/{name}.js"] = f"{text}}};\n".encode()
        modules[f"models/{name}.d.ts"] = MODULE_TYPES.encode()
    return modules


def _literal(place: str) -> str:
    return f"new URL('{place}', import.meta.url).href"


def check_types() -> None:
    """Raises InputError if web/package/types were made from other modules than those in web/static/runtime."""
    if read_json(PACKAGE / "types.json")["sources"] != _sources():
        raise InputError(f"{PACKAGE / 'types'}: not the types of {RUNTIME}; run: python -m web.npm --types")


def write_types() -> list[str]:
    """Checks the page's modules with TypeScript, writes web/package/types and types.json, returns the file names.

    Raises InputError with TypeScript's first complaint, or npm's last line if it fails.
    """
    install = install_packages()
    with tempfile.TemporaryDirectory(prefix="types-", dir=install) as name:
        folder = Path(name)
        shutil.copytree(RUNTIME, folder / "source/runtime")
        shutil.copyfile(CONFIGS / "vendor.d.ts", folder / "vendor.d.ts")  # instead of the minified engines
        # The worker's script exports nothing, and is typed as a page's cannot be (web/checks does that).
        modules = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.js"))]
        roots = ["vendor.d.ts", *(path for path in modules if path != "source/runtime/worker.js")]
        compiler = str(install / "node_modules/typescript/bin/tsc")
        done = run_tool(
            "node", [compiler, *OPTIONS, "--rootDir", "source", "--outDir", "types", *roots], folder
        )
        if done.returncode != 0:
            raise InputError(f"tsc: {done.stdout.decode('utf-8', 'replace').splitlines()[0]}")
        with atomic_path(PACKAGE / "types") as partial:
            shutil.copytree(folder / "types/runtime", partial)
    write_json(
        PACKAGE / "types.json",
        {
            "command": "python -m web.npm --types",
            "typescript": read_json(CONFIGS / "package.json")["devDependencies"]["typescript"],
            "sources": _sources(),
        },
    )
    return sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "types").rglob("*.d.ts"))


def _sources() -> str:
    """Returns one sha256 over the names and contents of all modules."""
    digest = hashlib.sha256()
    for path in sorted(RUNTIME.rglob("*.js")):
        digest.update(f"{path.relative_to(RUNTIME).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _main() -> int:
    parser = CommandParser(prog="python -m web.npm", description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=file_path, metavar="DIR", help="where to write the package")
    parser.add_argument(
        "--models", type=file_path, default=MODELS, help="the models to bring (default: models)"
    )
    parser.add_argument("--types", action="store_true", help="regenerate web/package/types with TypeScript")
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
