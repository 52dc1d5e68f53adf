"""Files are written whole or not at all, and errors become one line and an exit status."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from face_emotion.errors import InputError, one_line, run_command
from face_emotion.files import (
    atomic_path,
    make_folder,
    read_json,
    require_file,
    sha256_of,
    write_json,
    write_text,
)
from tests.support.paths import ROOT


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_appears_whole_and_with_its_parents(tmp_path):
    target = tmp_path / "a" / "b" / "file.txt"
    with atomic_path(target) as partial:
        partial.write_text("new")
        assert partial.parent == target.parent
        assert not target.exists()
    assert target.read_text() == "new"
    assert _names(tmp_path) == ["a", "a/b", "a/b/file.txt"]


def test_a_file_is_replaced_only_at_the_end(tmp_path):
    target = tmp_path / "file.txt"
    target.write_text("old")
    with atomic_path(target) as partial:
        partial.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert _names(tmp_path) == ["file.txt"]


def test_a_folder_replaces_a_folder_with_all_that_was_in_it(tmp_path):
    target = tmp_path / "folder"
    target.mkdir()
    (target / "old").write_text("old")
    with atomic_path(target) as partial:
        partial.mkdir()
        (partial / "new").write_text("new")
    assert _names(tmp_path) == ["folder", "folder/new"]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, OSError])
@pytest.mark.parametrize("as_folder", [False, True])
def test_a_failure_leaves_what_was_there(tmp_path, failure, as_folder):
    target = tmp_path / "target"
    target.write_text("old")
    with pytest.raises(failure), atomic_path(target) as partial:
        if as_folder:
            partial.mkdir()
            (partial / "half").write_text("half")
        else:
            partial.write_text("half")
        raise failure
    assert _names(tmp_path) == ["target"]
    assert target.read_text() == "old"


def test_a_failure_before_anything_was_written_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), atomic_path(tmp_path / "target"):
        raise RuntimeError
    assert _names(tmp_path) == []


def test_remains_of_a_killed_process_with_the_same_number_are_overwritten(tmp_path):
    stale = tmp_path / f".file.txt.{os.getpid()}.partial"
    stale.mkdir()
    (stale / "old").write_text("old")
    write_text(tmp_path / "file.txt", "new")
    assert _names(tmp_path) == ["file.txt"]


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "kept").write_text("kept")
    assert run_command(lambda: write_text(target, "text")) == 2
    assert _names(tmp_path) == ["target", "target/kept"]


@pytest.mark.parametrize("below", ["file/out.txt", "file/deeper/out.txt"])
def test_a_file_where_a_folder_should_be_is_named(tmp_path, below):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(InputError, match="a file stands where a folder should be"):
        write_text(tmp_path / below, "text")
    with pytest.raises(InputError, match="file: a file stands"):
        make_folder(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "kept"


def test_make_folder_makes_parents_and_takes_one_that_stands(tmp_path):
    folder = make_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert make_folder(str(folder)) == folder


def test_require_file_names_what_is_wrong(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "full").write_text("x")
    assert require_file(str(tmp_path / "full")) == tmp_path / "full"
    with pytest.raises(InputError, match="missing: no such checkpoint"):
        require_file(tmp_path / "missing", "checkpoint")
    with pytest.raises(InputError, match="empty: the checkpoint is empty"):
        require_file(tmp_path / "empty", "checkpoint")
    with pytest.raises(InputError, match="is a folder where a checkpoint is expected"):
        require_file(tmp_path, "checkpoint")


def test_sha256_is_the_files(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abc" * 100_000)
    assert sha256_of(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_json_round_trip_and_newline_at_the_end(tmp_path):
    value = {"name": "Grüße", "numbers": [1, 2.5, None, True]}
    write_json(tmp_path / "value.json", value)
    assert read_json(tmp_path / "value.json") == value
    assert (tmp_path / "value.json").read_text(encoding="utf-8").endswith("}\n")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}])
def test_what_json_lacks_is_refused_and_nothing_written(tmp_path, value):
    with pytest.raises((ValueError, TypeError)):
        write_json(tmp_path / "value.json", {"value": value})
    assert _names(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [b"{", b"not json", b"\xff\xfe\x00", b'{"a": 1} trailing', b"[" * 100_000, b"9" * 5000],
    ids=["open", "text", "no UTF-8", "more behind it", "deep", "a huge number"],
)
def test_unreadable_json_is_named(tmp_path, content):
    (tmp_path / "value.json").write_bytes(content)
    with pytest.raises(InputError, match=r"value\.json: not valid JSON"):
        read_json(tmp_path / "value.json")


def test_missing_and_empty_json_are_named(tmp_path):
    (tmp_path / "empty.json").touch()
    for name in ("missing.json", "empty.json"):
        with pytest.raises(InputError, match=name):
            read_json(tmp_path / name)


def test_a_full_disk_leaves_the_old_file_and_exits_2(tmp_path):
    """RLIMIT_FSIZE makes a write fail in the middle, as a full disk does."""
    (tmp_path / "out.json").write_text('"old"')
    code = """
        import resource, sys
        from face_emotion.errors import run_command
        from face_emotion.files import write_json
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        sys.exit(run_command(lambda: write_json(sys.argv[1], ["x" * 1000] * 1000)))
    """
    ended = subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(code), str(tmp_path / "out.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "File too large" in ended.stderr
    assert "ulimit -f" in ended.stderr
    assert _names(tmp_path) == ["out.json"]
    assert json.loads((tmp_path / "out.json").read_text()) == "old"


@pytest.mark.parametrize("returned, status", [(None, 0), (0, 0), (1, 1), (3, 3)])
def test_run_command_passes_the_status_on(returned, status):
    assert run_command(lambda: returned) == status


def _raising(error: BaseException):
    def command():
        raise error

    return command


@pytest.mark.parametrize(
    "error, status, text",
    [
        (InputError("rows.csv row 3:\n  label 7"), 2, "error: rows.csv row 3: label 7\n"),
        (
            KeyboardInterrupt(),
            130,
            "interrupted: run the same command again to go on where it stopped\n",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "out.bin"),
            2,
            "error: out.bin: No space left on device; free some space and run the command again\n",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x"),
            2,
            "error: /x: Permission denied; choose another, or ask for the permission\n",
        ),
        (OSError("odd"), 2, "error: odd\n"),
    ],
)
def test_run_command_turns_errors_into_one_line(error, status, text, capsys):
    assert run_command(_raising(error)) == status
    assert capsys.readouterr().err == text


@pytest.mark.parametrize("error", [ValueError("ours"), KeyError("ours"), ZeroDivisionError()])
def test_run_command_keeps_the_traceback_of_our_own_defects(error):
    with pytest.raises(type(error)):
        run_command(_raising(error))


def test_a_message_that_is_too_long_keeps_what_it_names_and_what_to_do() -> None:
    names = " ".join(f"name{number}" for number in range(100))
    said = one_line(f"data/faces.csv: row 7:\nof {names}; use one of these names")
    assert said.startswith("data/faces.csv: row 7: of name0 name1 ") and said.endswith(
        "; use one of these names"
    )
    assert " … " in said and len(said) < 200
    assert one_line("a/long/" + 200 * "path/" + " is no file; name another") == "a/long/" + 200 * "path/" + (
        " is no file; name another"
    )
