"""A block that lasts too long: one line and a status, even while C code keeps Python's lock."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.support.paths import ROOT

LINE = 'error: it\'s "too" late; $HOME `x` %s'
HANGS = {
    # PyDLL keeps Python's lock during a call, as TensorFlow does while it connects.
    "with Python's lock": "ctypes.PyDLL(None).sleep(60)",
    "in Python": "time.sleep(60)",
    "in a loop": "\n    while True: pass",
}


def run(block: str, after: str = "", before: str = "") -> tuple[subprocess.CompletedProcess[str], float]:
    """Runs a block with two seconds' time in a process; returns how it ended and the seconds that it took."""
    script = f"""
import ctypes, sys, time
from face_emotion.native_log import quiet
from model_build.hosts.deadline import deadline
{before}
with deadline(2, {LINE!r}, 2):
    sys.stdout.write("begun"); sys.stdout.flush()
    {block}
{after}
"""
    begun = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=50
    )
    return ended, time.monotonic() - begun


@pytest.mark.parametrize("how", HANGS)
def test_a_block_that_hangs_ends_with_its_line_and_status(how):
    ended, seconds = run(HANGS[how])
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "begun", f"{LINE}\n")
    assert 2 < seconds < 30


@pytest.mark.parametrize("before", ["", "files = [open('/dev/null') for _ in range(20)]"])
def test_the_line_is_seen_though_the_block_has_redirected_stderr(before):
    ended, _ = run("with quiet(): ctypes.PyDLL(None).sleep(60)", before=before)
    assert (ended.returncode, ended.stderr) == (2, f"{LINE}\n")


def test_with_stderr_closed_the_status_stays():
    ended, _ = run("ctypes.PyDLL(None).sleep(60)", before="import os; os.close(2)")
    assert (ended.returncode, ended.stderr) == (2, "")


def test_a_block_that_ends_in_time_is_left_alone():
    ended, seconds = run("time.sleep(0.1)", "time.sleep(5); print(' and done')")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "begun and done\n", "")
    assert seconds > 5


def test_an_error_of_the_block_stays_its_own():
    ended, _ = run("raise KeyError('mine')", "")
    assert ended.returncode == 1 and ended.stderr.rstrip().endswith("KeyError: 'mine'")


def test_without_such_timers_a_trace_says_where_it_hung():
    ended, _ = run(
        "pass",
        "import model_build.hosts.deadline as module\n"
        "with module._traced(1):\n"
        "    ctypes.PyDLL(None).sleep(60)\n",
    )
    assert ended.returncode == 1 and "Timeout (0:00:01)!" in ended.stderr
