"""A build that SIGTERM ends: status 143, one line, nothing half written, and it goes on from there."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import numpy as np

from tests.support.build import FLAGS, nothing_half_written, start, write_own_classes

LINE = "terminated: run the same command again to go on where it stopped"


def test_a_terminated_build_ends_with_143_and_one_line(tmp_path: Path) -> None:
    write_own_classes(tmp_path / "faces", train=8, test=3)
    process = start("model_build", "build", "--data", "faces", "--variant", "nano-own", *FLAGS, cwd=tmp_path)
    state = tmp_path / "build" / "nano-own" / "float" / "state.npz"
    while process.poll() is None and not state.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 143, errors
    assert [line for line in errors.splitlines() if "terminated" in line] == [LINE]
    assert "Traceback" not in errors
    nothing_half_written(tmp_path / "build")
    with np.load(state) as stored:
        assert "__state__" in stored.files
