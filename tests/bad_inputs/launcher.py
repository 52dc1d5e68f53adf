"""Starts cases: forked from a server that has imported what is slow, or in a process of their own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from face_emotion.errors import InputError
from tests.bad_inputs.case import Case, Ended
from tests.bad_inputs.server import ONE_AT_A_TIME

RUNTIME = ("face_emotion.command.run", "web.app", "model_build.synthetic.faces", "mobile.android.ci.tools")
BUILD = (
    "tensorflow",
    "tf_keras",
    "model_build.commands",
    "model_build.pipeline",
    "converters.tfjs",
    "benchmarks.refresh",
)
OF_TENSORFLOW = ("model_build", "converters", "benchmarks")  # modules whose server imports TensorFlow too


class Launcher:
    """Runs one case at a time in folders below `scratch`; a context manager, which ends its servers.

    root: the checkout, or copy of one, whose commands are run. scratch: a folder for the cases.
    """

    def __init__(self, root: Path, scratch: Path) -> None:
        self._root, self._scratch = root, scratch
        self._servers: dict[bool, tuple[subprocess.Popen[bytes], Any]] = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))},
            **ONE_AT_A_TIME,
            "PYTHONPATH": str(root),
            "LANG": "C.UTF-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_USE_LEGACY_KERAS": "1",
            "XDG_CACHE_HOME": str(scratch / "cache"),
            "COLUMNS": "120",
        }

    def close(self) -> None:
        """Ends the servers."""
        for process, stream in self._servers.values():
            stream.close()
            process.wait()

    def __enter__(self) -> Launcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, case: Case) -> tuple[Ended, Path]:
        """Runs a case; returns how it ended and the folder that it ran in, which is gone."""
        place = Path(tempfile.mkdtemp(prefix="case-", dir=self._scratch))
        folder = place / "here"
        folder.mkdir()
        try:
            case.prepare(folder)
            (folder / case.below).mkdir(parents=True, exist_ok=True)
            if case.fresh or case.stdout in ("closed", "gone"):
                ended = self._fresh(case, folder, place)
            else:
                ended = self._forked(case, folder, place)
            left = tuple(path.name for path in folder.rglob(".*.partial"))
            return Ended(ended.status, ended.output, ended.errors, ended.timed_out, left), folder
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _forked(self, case: Case, folder: Path, place: Path) -> Ended:
        stream = self._server(case.module.split(".")[0] in OF_TENSORFLOW)
        request = {
            "module": case.module,
            "words": case.words,
            "folder": str(folder / case.below),
            "environment": case.environment,
            "limits": case.limits,
            "seconds": case.seconds,
            "interrupt": case.interrupt,
            "stdin": case.stdin,
            "stdout": case.stdout or str(place / "stdout"),
            "stderr": str(place / "stderr"),
        }
        stream.write(json.dumps(request).encode() + b"\n")
        reply = json.loads(stream.readline())
        output = "" if case.stdout else _text(place / "stdout")
        return Ended(reply["status"], output, _text(place / "stderr"), reply["timed_out"])

    def _server(self, tensorflow: bool) -> Any:
        if tensorflow not in self._servers:
            ours, theirs = socket.socketpair()
            packages = BUILD if tensorflow else RUNTIME
            words = [sys.executable, "-m", "tests.bad_inputs.server", str(theirs.fileno()), *packages]
            process = subprocess.Popen(
                words,
                cwd=self._root,
                env=self.environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            theirs.close()
            stream = ours.makefile("rwb", buffering=0)
            if stream.readline() != b"ready\n":
                raise InputError("tests.bad_inputs.server: did not start; its own message stands above")
            self._servers[tensorflow] = (process, stream)
        return self._servers[tensorflow][1]

    def _fresh(self, case: Case, folder: Path, place: Path) -> Ended:
        def limited() -> None:
            os.setsid()
            if case.stdout == "closed":
                os.close(1)
            for name, most in case.limits.items():
                resource.setrlimit(getattr(resource, name), (most, most))

        with open(case.stdin, "rb") as stdin, open(place / "stderr", "wb") as stderr:
            if case.stdout == "gone":
                reader, writer = os.pipe()
                os.close(reader)
            else:
                writer = os.open(
                    case.stdout if case.stdout not in ("", "closed") else place / "stdout",
                    os.O_WRONLY | os.O_CREAT,
                )
            process = subprocess.Popen(
                [sys.executable, "-m", case.module, *(os.fsencode(word) for word in case.words)],
                cwd=os.fsencode(folder / case.below),
                env=self.environment | case.environment,
                stdin=stdin,
                stdout=writer,
                stderr=stderr,
                preexec_fn=limited,
            )
            os.close(writer)
            try:
                process.wait(case.seconds)
                timed_out = False
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                timed_out = True
        output = _text(place / "stdout") if case.stdout == "" else ""
        return Ended(process.returncode, output, _text(place / "stderr"), timed_out)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else ""
