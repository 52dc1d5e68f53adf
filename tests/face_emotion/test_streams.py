"""A command whose terminal is not there: streams that are closed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PICTURE = ROOT / "assets" / "page-phone.png"
# By a shell's `>&-`: the number is free, and the next file that is opened would take it.
SHELL = 'exec "$@" <&- >&-'


@pytest.mark.parametrize("format_", ["table", "csv", "jsonl"])
def test_a_command_without_stdin_and_stdout_reads_all_the_same(format_: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "face_emotion", "--format", format_, "--save", tmp_path / "out", PICTURE]
    done = subprocess.run(
        ["sh", "-c", SHELL, "sh", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=300
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "1 file: 1 read")
    (copy,) = (tmp_path / "out").iterdir()
    assert copy.read_bytes()[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")  # and no table in it


def test_native_lines_do_not_stand_in_a_file_that_took_a_closed_streams_place(tmp_path: Path) -> None:
    program = (
        "import json, os, pathlib, sys; from face_emotion.streams import printable; printable(); "
        "file = open(sys.argv[1], 'w'); print('lost'); sys.stdout.flush(); os.write(1, b'native'); "
        "json.dump([file.fileno(), sys.stdin.read()], file)"
    )
    words = [sys.executable, "-c", program, tmp_path / "said.json"]
    subprocess.run(["sh", "-c", SHELL, "sh", *words], cwd=ROOT, check=True, timeout=120)
    number, read = json.loads((tmp_path / "said.json").read_text())
    assert number > 1 and read == ""
