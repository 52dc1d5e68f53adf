"""Runs commands as `python -m MODULE …` would, each in a process forked from one that has imported what is slow.

    python -m tests.bad_inputs.server FD [PACKAGE …]      started by launcher.py

A forked process becomes the command: its own folder, argument vector, stdin, stdout and stderr by file descriptor,
session, limits. The module then runs as `__main__` at the end of this file, so that the interpreter ends it as it
ends any program: uncaught exceptions, flushing, exit status. Packages are imported only, which starts no thread.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import runpy
import select
import signal
import sys
from typing import Any

ONE_AT_A_TIME = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


def next_command(channel: int) -> dict[str, Any] | None:
    """Forks for each request that comes in, and reports how it ended; returns in the forked process with its request.

    Returns None in this process when the other side has closed the channel.
    """
    with os.fdopen(channel, "r+b", buffering=0) as stream:
        for line in iter(stream.readline, b""):
            request: dict[str, Any] = json.loads(line)
            process = os.fork()
            if process == 0:
                return request
            stream.write(json.dumps(_awaited(process, request["seconds"])).encode() + b"\n")
    return None


def _awaited(process: int, seconds: float) -> dict[str, Any]:
    """Waits for a process, and ends it and what it started after so many seconds."""
    watched = os.pidfd_open(process)
    ended, _, _ = select.select([watched], [], [], seconds)
    os.close(watched)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # what a command left running too
    _, status = os.waitpid(process, 0)
    return {"status": os.waitstatus_to_exitcode(status), "timed_out": not ended}


def become(request: dict[str, Any]) -> str:
    """Makes this process the command of a request; returns the name of its module."""
    os.setsid()
    os.chdir(os.fsencode(request["folder"]))
    for number, key, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(request[key], flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.update(request["environment"])
    for name, most in request["limits"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    module: str = request["module"]
    sys.argv = [module, *request["words"]]
    sys.orig_argv = [sys.executable, "-m", module, *request["words"]]
    sys.path[0] = os.getcwd()
    return module


if __name__ == "__main__":
    for package in sys.argv[2:]:
        importlib.import_module(package)
    os.write(int(sys.argv[1]), b"ready\n")
    started = next_command(int(sys.argv[1]))
    if started is not None:
        runpy.run_module(become(started), run_name="__main__", alter_sys=True)
