"""face-emotion on what it cannot use: files skipped and listed, wrong flags, interruptions, readers that go away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from PIL import Image

from tests.support.cli import sources, video_frames, write_video
from tests.support.paths import ROOT


def test_unreadable_files_are_skipped_and_listed_at_the_end(command, folder):
    (folder / "empty.png").write_bytes(b"")
    (folder / "text.jpg").write_text("no picture")
    Image.new("RGB", (1, 1)).save(folder / "tiny.png")
    (folder / "clip.mp4").write_text("no video")
    (folder / "notes.txt").write_text("no picture")
    ended = command("--format", "jsonl", folder, folder / "missing.png", folder / "*.gif")
    assert ended.status == 1
    assert sources(ended) == ["two.png", "nobody.png", "one.png"]
    *skipped, tally = ended.err.splitlines()
    assert tally == (
        "9 files: 3 read, 6 left out (1 neither picture nor video, 1 no such file, "
        "1 not a video that can be read, 1 the file is empty, 1 not an image that can be read, 1 too small)"
    )
    assert sorted(skipped) == [
        f"skipped: {folder}/*.gif: nothing matches",
        f"skipped: {folder}/clip.mp4: not a video that can be read",
        f"skipped: {folder}/empty.png: the file is empty",
        f"skipped: {folder}/missing.png: no such file",
        f"skipped: {folder}/text.jpg: not an image that can be read",
        f"skipped: {folder}/tiny.png: 1×1 pixels where at least 8 a side are needed",
    ]


def test_a_picture_cut_off_is_counted_with_the_other_unreadable_ones(command, folder):
    """Pillow says "… is truncated (94 bytes not processed)", brackets within brackets."""
    Image.open(folder / "one.png").convert("RGB").save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "text.jpg").write_text("no picture")
    ended = command("--format", "jsonl", folder / "whole.jpg", folder / "half.jpg", folder / "text.jpg")
    half, _, tally = ended.err.splitlines()
    assert half.startswith(
        f"skipped: {folder}/half.jpg: not an image that can be read (image file is truncated ("
    )
    assert tally == "3 files: 1 read, 2 left out (2 not an image that can be read)"


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("a.png", b"", "the file is empty"),
        ("a.png", b"text", "not an image that can be read"),
        ("a.mp4", b"", "the file is empty"),
        ("a.mp4", b"text", "not a video that can be read"),
        ("a", b"text", "not an image that can be read"),
        (".", None, "no picture or video in this folder"),
    ],
)
def test_one_unusable_input_is_one_line_and_status_2(command, tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ended = command("--save", tmp_path / "out", tmp_path / name)
    assert (ended.status, ended.err.splitlines()) == (2, [f"error: {tmp_path / name}: {reason}"])
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize(
    "words, message",
    [
        ([], "name a picture, video or folder, or use --webcam"),
        (["--webcam", "a.png"], "--webcam: 'a.png': the number of a camera"),
        (["a.png", "--webcam", "0"], "--webcam: goes with neither PATHs nor --benchmark"),
        (["--format", "xml", "a.png"], "--format: invalid choice"),
        (["--jobs", "0", "a.png"], "--jobs: '0': a number of threads"),
        (["--seconds", "-1", "a.mp4"], "--seconds: '-1': a number of seconds above 0"),
        (["--seconds", "nan", "a.mp4"], "--seconds: 'nan': a number of seconds above 0"),
        (["--files-from", "-", "-"], "stdin is either a picture or a list"),
        (["--benchmark", "--save", "x"], "--benchmark: saves nothing"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_usage_errors_are_one_line_and_status_2(command, words, message):
    ended = command(*words)
    assert ended.status == 2
    assert message in ended.err and ended.err.count("\n") == 1
    assert (
        command("--files-from", "/nowhere/list").err
        == "error: --files-from /nowhere/list: No such file or directory\n"
    )


def test_an_interruption_ends_with_130_and_leaves_nothing_half_written(tmp_path):
    write_video(tmp_path / "clip.avi", video_frames(8) * 60)
    words = [sys.executable, "-m", "face_emotion", "--save", "out", "--format", "csv", "clip.avi"]
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for _ in range(3):
        process.stdout.readline()  # the heading and two frames: the first is in the film
    assert list((tmp_path / "out").iterdir())
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"interrupted\n")
    assert not list((tmp_path / "out").iterdir())


def test_a_reader_that_goes_away_ends_it_quietly(folder):
    script = f"{sys.executable} -m face_emotion --format csv {folder} {folder}/*.png | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("141\n", "")
