"""How a run of Maven that fails, is killed or crashes is told apart; shell scripts stand in for Maven."""

from __future__ import annotations

from pathlib import Path

import pytest

from face_emotion.errors import InputError
from mobile.android.ci.maven import run_maven


def script(folder: Path, *lines: str) -> list[str]:
    """A command that notes each of its runs as a line of runs.txt, then does what `lines` say."""
    runs = folder / "runs.txt"
    return ["sh", "-c", "\n".join([f"echo run >> {runs}", f"count=$(wc -l < {runs})", *lines])]


def runs(folder: Path) -> int:
    return len((folder / "runs.txt").read_text(encoding="utf-8").splitlines())


def test_a_build_that_succeeds_runs_once(tmp_path: Path) -> None:
    run_maven(script(tmp_path, "echo '[INFO] BUILD SUCCESS'"), tmp_path / "log" / "maven.log")
    assert runs(tmp_path) == 1
    assert (tmp_path / "log" / "maven.log").read_text(encoding="utf-8") == "[INFO] BUILD SUCCESS\n"


def test_a_failing_compiler_is_quoted_and_not_asked_again(tmp_path: Path) -> None:
    lines = ("echo '[INFO] compiling'", "printf '\\033[0m[ERROR] Unresolved reference\\n' >&2", "exit 1")
    with pytest.raises(
        InputError, match=r"^mvn failed: \[ERROR\] Unresolved reference; all of it stands in .*log$"
    ):
        run_maven(script(tmp_path, *lines), tmp_path / "maven.log")
    assert runs(tmp_path) == 1


def test_a_killed_jvm_is_started_once_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("echo '[INFO] compiling'", "[ $count = 1 ] && kill -KILL $$", "echo '[INFO] BUILD SUCCESS'")
    run_maven(script(tmp_path, *lines), tmp_path / "maven.log")
    assert runs(tmp_path) == 2
    said = capsys.readouterr().err
    assert (
        said == "mvn was ended by SIGKILL without an error of its own, after: [INFO] compiling; once more …\n"
    )


def test_a_download_that_breaks_off_is_begun_once_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = "echo '[ERROR] Could not transfer artifact a:b:1 from central: Connection reset'"
    run_maven(script(tmp_path, f"[ $count = 1 ] && {broken} && exit 1", "exit 0"), tmp_path / "maven.log")
    assert runs(tmp_path) == 2
    said = capsys.readouterr().err
    assert said.startswith("mvn failed: [ERROR] Could not transfer artifact a:b:1") and "once more …" in said


def test_an_error_of_the_second_run_is_quoted(tmp_path: Path) -> None:
    lines = ("[ $count = 1 ] && kill -KILL $$", "echo '[ERROR] Unresolved reference'", "exit 1")
    with pytest.raises(InputError, match=r"^mvn failed: \[ERROR\] Unresolved reference"):
        run_maven(script(tmp_path, *lines), tmp_path / "maven.log")
    assert runs(tmp_path) == 2


def test_a_jvm_that_crashes_twice_is_an_error_with_all_that_it_said_of_it(tmp_path: Path) -> None:
    # What OpenJDK 17 printed when it was sent SIGSEGV.
    report = """[INFO] Building core
#
# A fatal error has been detected by the Java Runtime Environment:
#
#  SIGSEGV (0xb) at pc=0x00007f62719b8f14, pid=4838, tid=4838
#
# JRE version: OpenJDK Runtime Environment (17.0.21.1+2)
# Java VM: OpenJDK 64-Bit Server VM (17.0.21.1+2, mixed mode, serial gc, linux-amd64)
# Problematic frame:
# C  [libc.so.6+0x85f14]
#
# No core dump will be written. Core dumps have been disabled.
#
# An error report file with more information is saved as:
# /tmp/hs_err_pid4838.log
#
# If you would like to submit a bug report, please visit:
#   https://bugs.debian.org/openjdk-17
#
"""
    (tmp_path / "report").write_text(report, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        run_maven(script(tmp_path, f"cat {tmp_path / 'report'}", "kill -ABRT $$"), tmp_path / "maven.log")
    (line,) = str(raised.value).splitlines()
    assert line.startswith("mvn was ended by SIGABRT without an error of its own, after: ")
    assert "A fatal error has been detected" in line and "| SIGSEGV (0xb) at pc=" in line
    assert "| C  [libc.so.6+0x85f14] |" in line
    assert runs(tmp_path) == 2


def test_a_run_that_does_not_end_is_stopped_at_its_limit_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^mvn was stopped after 0\.5 s; what it printed stands in .*log$"):
        run_maven(script(tmp_path, "exec sleep 60"), tmp_path / "maven.log", limit=0.5)
    assert runs(tmp_path) == 1


def test_a_jvm_that_dies_silently_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="SIGKILL without an error of its own, after: no output; all of it"):
        run_maven(script(tmp_path, "kill -KILL $$"), tmp_path / "maven.log")
