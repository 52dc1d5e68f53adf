"""The runtime's tests in the oldest and in the newest versions that pyproject.toml allows, on other Pythons.

    .venv/bin/python .ci/environments.py [oldest newest]

oldest: Python 3.12, the lower bound of each dependency as it is written; newest: Python 3.13, what pip finds today. The
made-up networks of the tests come from this Python's TensorFlow. Ends with 1 if a test fails, with 2 if a Python is
not found.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = {"oldest": "3.12", "newest": "3.13"}
TOOLS = ["pytest==9.1.1", "hypothesis==6.170.15"]  # as in requirements-dev.txt
TESTS = ["tests/face_emotion", "tests/web/test_server.py", "tests/web/test_server_forms.py"]


def main(names: list[str]) -> int:
    """Sets up each environment in build/environments and runs the tests there; returns the exit status."""
    worst = 0
    for name in names or list(PYTHONS):
        python = find_python(PYTHONS[name])
        if python is None:
            print(f"{name}: no Python {PYTHONS[name]} on the PATH or in pyenv", file=sys.stderr)
            return 2
        folder = ROOT / "build" / "environments" / name
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        own = folder / "bin" / "python"
        pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted(name), *TOOLS], check=True)
        environment = {**os.environ, "TENSORFLOW_PYTHON": sys.executable}
        command = [own, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
        print(f"{name}: Python {PYTHONS[name]}, {', '.join(wanted(name))}", flush=True)
        worst = max(worst, min(1, subprocess.run(command, cwd=ROOT, env=environment).returncode))
    return worst


def wanted(name: str) -> list[str]:
    """What pip is asked for: the lower bounds themselves, or the ranges."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ranges = [
        *project["dependencies"],
        *project["optional-dependencies"]["video"],
        *project["optional-dependencies"]["heic"],
        *project["optional-dependencies"]["web"],
    ]
    return [re.sub(r">=([^,]+).*", r"==\1", one) for one in ranges] if name == "oldest" else ranges


def find_python(version: str) -> Path | str | None:
    """The interpreter of a version such as "3.12": of the PATH, or pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for candidate in [f"python{version}", *sorted(pyenv.glob(f"{version}.*/bin/python"))]:
        try:
            done = subprocess.run(
                [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
            )
        except OSError:
            continue
        if done.returncode == 0 and done.stdout.strip() == version:
            return candidate
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
