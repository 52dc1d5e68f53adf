"""A model that nobody knows is run once in a process of its own before it is loaded here.

    require_sound(content)        # ValueError with the reason; at once for a released model

LiteRT is native code: a damaged file may end the process, or take minutes and tens of gigabytes, and a sha256 beside
the file does not help, because whoever damaged the one wrote the other. A released model (released.json, written by
`python -m converters released`) is known by its sha256. Any other is prepared and run once in a child with at most 1 GB
of memory and 10 s of processor time; what came of it is remembered in the user's cache folder (XDG_CACHE_HOME, else
~/.cache), by sha256 and LiteRT's version. Only Linux enforces the limit of memory; elsewhere a warning says that once.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

from face_emotion.files import write_text

MOST_BYTES = 1 << 30  # of the child's memory: released models need less than 130 MB of it
MOST_SECONDS = 10  # of processor time; released models need 0.5 with Python's start
LONGEST_WAIT = 60  # seconds by the clock, on a machine that has other things to do
RELEASED = Path(__file__).with_name("released.json")
SOUND = "sound"
FOLDER = Path("face-emotion-kit", "tried")
LIMITED = sys.platform == "linux"
UNLIMITED = (
    f"this system does not limit a process's memory: a model that is none of the released may take more than "
    f"{MOST_BYTES >> 30} GB"
)
UNTRIED = "a model that is none of the released is loaded without having been tried: no process can be started for it"
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from face_emotion.litert import try_once; try_once()"
_trusted: set[tuple[str, bool]] = set()  # sha256, and whether by the reference kernels


def require_sound(model: bytes, reference_kernels: bool = False) -> None:
    """Raises ValueError, with the reason, for a .tflite file's content that does not run within the limits.

    reference_kernels: by which kernels it is to be run. A model that is known, or was tried before, costs its sha256.
    """
    digest = hashlib.sha256(model).hexdigest()
    if digest in released() or (digest, reference_kernels) in _trusted:
        return
    record = _record(digest, reference_kernels)
    verdict = _remembered(record)
    if verdict is None:
        verdict, lasting = _tried(model, reference_kernels)
        if lasting and record is not None:
            with contextlib.suppress(OSError, ValueError):  # a cache that cannot be written is none
                write_text(record, verdict + "\n")
    if verdict != SOUND:
        raise ValueError(verdict)
    _trusted.add((digest, reference_kernels))


def trust(model: bytes) -> None:
    """Takes a .tflite file's content for sound in this process, which has just made it; not by the reference kernels,
    which end the process for a network that has hardly been trained."""
    _trusted.add((hashlib.sha256(model).hexdigest(), False))


@functools.cache
def released() -> dict[str, str]:
    """Returns the released .tflite files: their places below models/ by sha256."""
    known: dict[str, str] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return known


def _tried(model: bytes, reference_kernels: bool) -> tuple[str, bool]:
    """Runs a model in a child; returns SOUND or what is wrong, and whether another time would find the same."""
    if not sys.executable or getattr(sys, "frozen", False):  # a frozen program would start itself
        warnings.warn(UNTRIED, RuntimeWarning, stacklevel=2)
        return SOUND, False
    if not LIMITED:
        warnings.warn(UNLIMITED, RuntimeWarning, stacklevel=2)
    kernels = "reference" if reference_kernels else "usual"
    words = [sys.executable, "-c", _CHILD, json.dumps(sys.path), kernels, str(MOST_SECONDS)]
    try:
        done = subprocess.run(
            words, input=model, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=LONGEST_WAIT
        )
    except subprocess.TimeoutExpired:
        return f"it had not run once after {LONGEST_WAIT} s", False
    except OSError:
        warnings.warn(UNTRIED, RuntimeWarning, stacklevel=2)
        return SOUND, False
    limits = f"{MOST_BYTES >> 30} GB and {MOST_SECONDS} s"
    if done.returncode in (-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)):
        return f"run once, with at most {limits}: it does not end", done.returncode != -signal.SIGKILL
    if done.returncode < 0:
        known = {number.value: number.name for number in signal.Signals}
        name = known.get(-done.returncode, f"signal {-done.returncode}")
        return f"run once, with at most {limits}: it ends the process by {name}", True
    said = " ".join(done.stdout.decode("utf-8", "replace").split())[:100]
    if said == SOUND:
        return SOUND, True
    return f"run once, with at most {limits}: {said or 'it ends the process'}", bool(said)


def limit_this_process(
    seconds: int = MOST_SECONDS, most_bytes: int = MOST_BYTES, memory: str = "RLIMIT_AS"
) -> None:
    """Gives this process the limits, for good; nothing where the system knows none.

    seconds: of processor time. memory: which limit of the system counts the bytes (RLIMIT_DATA for a program that
    reserves far more addresses than it uses).
    """
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (getattr(resource, memory), (most_bytes, most_bytes)),
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),  # SIGXCPU first, which tells why
        (resource.RLIMIT_CORE, (0, 0)),
    ):
        with contextlib.suppress(OSError, ValueError):  # a lower one is set already, or there is none
            resource.setrlimit(kind, most)


def _record(digest: str, reference_kernels: bool) -> Path | None:
    """Returns the file in which the verdict on a model is kept; None without a folder for it."""
    try:
        version = importlib.metadata.version("ai-edge-litert")
        given = os.environ.get("XDG_CACHE_HOME", "")
        cache = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    except (importlib.metadata.PackageNotFoundError, RuntimeError):
        return None
    return cache / FOLDER / f"{digest}-{version}{'-reference' * reference_kernels}.txt"


def _remembered(record: Path | None) -> str | None:
    try:
        return record.read_text(encoding="utf-8").strip() or None if record else None
    except (OSError, UnicodeDecodeError):
        return None
