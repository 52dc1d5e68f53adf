"""Runs commands as `python -m MODULE …` would, each in a process forked from one that has imported what is slow.

    python -m tests.bad_inputs.server FD [PACKAGE …]      started by launcher.py

A forked process becomes the command: its own folder, argument vector, stdin, stdout and stderr by file descriptor,
session, limits. The module then runs as `__main__`, and the process ends as the interpreter ends any: uncaught
exceptions, functions at exit, flushing, exit status. Packages are imported only, which starts no thread.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import resource
import runpy
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

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
            ended = _awaited(process, request["seconds"], request["interrupt"])
            stream.write(json.dumps(ended).encode() + b"\n")
    return None


def _awaited(process: int, seconds: float, interrupt: float | None) -> dict[str, Any]:
    """Waits for a process, and ends it and what it started after so many seconds; interrupt: when Ctrl-C comes."""
    watched = os.pidfd_open(process)
    if interrupt is not None:
        while not (select.select([watched], [], [], 0)[0] or _has_taken_signals(process)):
            select.select([watched], [], [], 0.002)
        if not select.select([watched], [], [], interrupt)[0]:
            os.kill(process, signal.SIGINT)
    ended, _, _ = select.select([watched], [], [], seconds)
    os.close(watched)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # what a command left running too
    _, status = os.waitpid(process, 0)
    return {"status": os.waitstatus_to_exitcode(status), "timed_out": not ended}


def _has_taken_signals(process: int) -> bool:
    """Whether a process has a handler of SIGTERM, which termination.end_gently sets and Python does not."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("SigCgt:"):
            return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return True  # it has ended


def become(request: dict[str, Any]) -> str:
    """Makes this process the command of a request; returns the name of its module."""
    os.setsid()
    if request["interrupt"] is not None:
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # `nohup … &` starts everything below deaf to it
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
    sys.path[0] = str(Path.cwd())
    return module


def run_to_its_end(module: str) -> NoReturn:
    """Runs a module as `__main__` and ends this process as the interpreter would, but for taking its modules apart.

    That alone takes longer than most commands once TensorFlow is imported; commands in fresh processes do it.
    """
    status = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if ended.code is not None and not isinstance(ended.code, int):
            print(ended.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as the interpreter does
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError) as error:
            with contextlib.suppress(OSError):
                os.write(2, f"Exception ignored in: {stream}: {error!r}\n".encode())
            status = 120
    os._exit(status & 0xFF)


if __name__ == "__main__":
    for package in sys.argv[2:]:
        importlib.import_module(package)
    gc.collect()
    gc.freeze()  # what was imported is no garbage: a collection would copy it into every forked process
    os.write(int(sys.argv[1]), b"ready\n")
    started = next_command(int(sys.argv[1]))
    if started is not None:
        run_to_its_end(become(started))
