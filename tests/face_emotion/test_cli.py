"""The face-emotion command on pictures: what is read, what is printed, how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from face_emotion import EmotionRecognizer, __version__
from model_build.synthetic.faces import draw_faces
from tests.support.cli import colour_frame, sources
from tests.support.paths import ROOT
from tests.support.runtime import write_model_folder


@pytest.fixture(scope="module")
def recognizer() -> EmotionRecognizer:
    return EmotionRecognizer.load()


def test_csv_has_what_the_recognizer_says(command, recognizer, folder):
    ended = command("--format", "csv", folder / "one.png", folder / "deep" / "two.png", folder / "nobody.png")
    assert (ended.status, ended.err) == (0, "3 files: 3 read\n")
    one, *two, nobody = ended.rows
    (face,) = recognizer.recognize(folder / "one.png")
    assert one["source"] == str(folder / "one.png")
    assert (one["face"], one["track"], one["time"], one["label"]) == ("1", "", "", face.label)
    assert [float(one[side]) for side in ("x_min", "y_min", "x_max", "y_max")] == pytest.approx(
        face.box, abs=0.06
    )
    assert {name: float(one[f"p_{name}"]) for name in face.probabilities} == pytest.approx(
        face.probabilities, abs=6e-5
    )
    assert [row["face"] for row in two] == ["1", "2"]
    assert set(nobody.values()) == {str(folder / "nobody.png"), ""}


def test_json_lines_have_an_object_for_each_picture(command, recognizer, folder):
    one, two, nobody = command(
        "--format", "jsonl", folder / "one.png", folder / "deep/two.png", folder / "nobody.png"
    ).lines
    (face,) = recognizer.recognize(folder / "one.png")
    assert one["faces"][0]["label"] == face.label
    assert one["faces"][0]["probabilities"] == pytest.approx(face.probabilities, abs=6e-5)
    assert (one["width"], one["height"], one["time"]) == (320, 240, None)
    assert (len(two["faces"]), nobody["faces"]) == (2, [])


def test_the_table_names_each_face(command, recognizer, folder):
    ended = command(folder)
    (face,) = recognizer.recognize(folder / "one.png")
    row = next(line for line in ended.out.splitlines() if "one.png" in line)
    assert face.label in row and f"{100 * face.probabilities[face.label]:.0f} %" in row
    assert sum("two.png" in line for line in ended.out.splitlines()) == 2
    assert "none" in next(line for line in ended.out.splitlines() if "nobody.png" in line)


def test_several_threads_keep_the_order(command, tmp_path):
    for number in range(9):
        Image.fromarray(colour_frame(labels=[number % 7], seed=number)).save(tmp_path / f"{number}.png")
    one, many = (command("--format", "csv", "--jobs", jobs, tmp_path) for jobs in (1, 3))
    assert one.out == many.out
    assert [Path(row["source"]).name for row in many.rows] == [f"{number}.png" for number in range(9)]


def test_folders_globs_and_lists(command, folder, tmp_path):
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_bytes(b"")
    jsonl = ("--format", "jsonl")
    assert sources(command(*jsonl, folder)) == ["two.png", "nobody.png", "one.png"]
    assert sources(command(*jsonl, folder / "*.png")) == ["nobody.png", "one.png"]
    assert sources(command(*jsonl, folder / "**/*.png")) == ["two.png", "nobody.png", "one.png"]
    assert sources(command(*jsonl, folder / "one.png", folder)) == ["one.png", "two.png", "nobody.png"]
    (tmp_path / "list").write_text(f"{folder / 'one.png'}\n\n{folder / 'deep'}\n")
    assert sources(command(*jsonl, "--files-from", tmp_path / "list")) == ["one.png", "two.png"]
    (folder / "a[1].png").write_bytes((folder / "one.png").read_bytes())
    assert sources(command(*jsonl, folder / "a[1].png")) == ["a[1].png"]  # a file before a pattern
    assert sources(command(*jsonl, "--save", folder / "out", folder)) == sources(
        command(*jsonl, "--save", folder / "out", folder)
    )  # what the first run saved is no input of the second


def test_a_picture_and_a_list_on_stdin(folder):
    words = [sys.executable, "-m", "face_emotion", "--format", "jsonl"]
    content = (folder / "one.png").read_bytes()
    done = subprocess.run([*words, "-"], cwd=ROOT, input=content, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert (done.stderr, json.loads(done.stdout)["source"]) == (b"1 file: 1 read\n", "stdin")
    names = f"{folder / 'one.png'}\n".encode()
    done = subprocess.run(
        [*words, "--files-from", "-"], cwd=ROOT, input=names, capture_output=True, timeout=60
    )
    assert json.loads(done.stdout)["source"] == str(folder / "one.png")
    done = subprocess.run([*words, "-"], cwd=ROOT, input=b"", capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, b"error: stdin: nothing came in\n")
    done = subprocess.run(
        [*words, "--files-from", "-"], cwd=ROOT, input=b"\n", capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (2, b"error: --files-from -: the list is empty\n")


def test_every_kind_of_picture_gives_the_same_faces(command, tmp_path):
    frame = colour_frame()
    upright = Image.fromarray(frame)
    upright.save(tmp_path / "upright.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(frame)).save(tmp_path / "turned.png", exif=exif)
    upright.convert("CMYK").save(tmp_path / "cmyk.tif")
    nobody = Image.fromarray(colour_frame([], []))
    upright.save(tmp_path / "moving.png", save_all=True, append_images=[nobody])
    wide = np.asarray(upright.convert("L")).astype(np.uint16) * 257
    Image.fromarray(wide).save(tmp_path / "wide.png")
    found = {
        Path(line["source"]).name: line["faces"] for line in command("--format", "jsonl", tmp_path).lines
    }
    assert len(found) == 5
    assert found["turned.png"] == found["moving.png"] == found["upright.png"]
    for name in ("cmyk.tif", "wide.png"):
        (face,), (wanted,) = found[name], found["upright.png"]
        assert face["box"] == pytest.approx(wanted["box"], abs=3)


def test_face_crops_are_not_searched_for(command, recognizer, tmp_path):
    Image.fromarray(draw_faces(1, 3, 64)[0][0]).save(tmp_path / "crop.png")
    (line,) = command("--cropped", "--format", "jsonl", tmp_path / "crop.png").lines
    (face,) = recognizer.recognize(tmp_path / "crop.png", cropped=True)
    assert line["faces"][0]["box"] == [0, 0, 64, 64]
    assert line["faces"][0]["probabilities"] == pytest.approx(face.probabilities, abs=6e-5)


def test_a_head_is_chosen(command, folder):
    answers = {}
    for head in ("labels", "votes", "both"):
        (line,) = command("--format", "jsonl", "--head", head, folder / "one.png").out.splitlines()
        answers[head] = json.loads(line)["faces"][0]["probabilities"]
        (face,) = EmotionRecognizer.load(head=head).recognize(folder / "one.png")
        assert answers[head] == pytest.approx(face.probabilities, abs=1e-4)
    assert answers["labels"] != answers["votes"]
    default = json.loads(command("--format", "jsonl", folder / "one.png").out)["faces"][0]["probabilities"]
    assert default == answers["both"]
    assert "invalid choice: 'crowd'" in command("--head", "crowd", folder / "one.png").err


def test_any_model_with_its_manifest(command, folder, tmp_path):
    own = write_model_folder(tmp_path / "own", ("glad", "überrascht", "a,b"))
    for model in (own, own / "manifest.json", own / "float32.tflite"):
        ended = command("--model", model, "--format", "csv", folder / "one.png")
        assert list(ended.rows[0])[-3:] == ["p_glad", "p_überrascht", "p_a,b"]
        assert ended.rows[0]["label"] in ("glad", "überrascht", "a,b")
    (own / "int8.tflite").write_bytes(b"something else")
    assert "damaged or changed" in command("--model", own, folder / "one.png").err
    assert command("--model", own, folder / "one.png").status == 2
    assert "no such model folder" in command("--detector", tmp_path / "none", folder / "one.png").err


def test_a_bar_on_stderr_shows_how_far_it_is(folder):
    """stderr is a terminal here; the table goes into a pipe and stays whole."""
    terminal, inside = os.openpty()
    words = [sys.executable, "-m", "face_emotion", str(folder)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=inside, timeout=60)
    os.close(inside)
    shown = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while chunk := os.read(terminal, 4096):
            shown += chunk
    os.close(terminal)
    assert b"pictures" in shown and b"3/3" in shown
    assert done.returncode == 0 and b"pictures " not in done.stdout and b"one.png" in done.stdout


def test_version_and_help(command):
    assert command("--version").out == f"face-emotion {__version__}\n"
    assert "--webcam" in command("--help").out


def test_it_starts_quickly_and_loads_no_more_than_it_needs(folder):
    code = (
        "import sys\n"
        "from face_emotion.__main__ import main\n"
        f"assert main(['--format', 'csv', {str(folder / 'one.png')!r}]) == 0\n"
        "heavy = {'tensorflow', 'keras', 'rich', 'model_build', 'scipy'}\n"
        "print(heavy & {name.split('.')[0] for name in sys.modules})\n"
    )
    done, used = timed(code)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "set()"), done.stderr
    _, numpy_alone = timed("import numpy")
    assert used < 6 * numpy_alone  # about 2.5 times, 0.3 s, where nothing else runs


def timed(code: str) -> tuple[subprocess.CompletedProcess, float]:
    """Runs Python code in a process of its own; returns how it ended and its seconds of the processor."""
    before = os.times()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    after = os.times()
    return done, sum(after[2:4]) - sum(before[2:4])


def test_the_benchmark_says_how_many_images_a_second(command, folder):
    start = time.monotonic()
    ended = command("--benchmark", "--seconds", "0.3", "--jobs", "2")
    assert ended.status == 0 and time.monotonic() - start < 30
    assert float(ended.out.split(" images/s")[0]) > 0
    assert "640×480, 1.0 faces each" in ended.out and "2 threads" in ended.out
    assert "320×240, 0.0 faces" in command("--benchmark", "--seconds", "0.1", folder / "nobody.png").out
    assert command("--benchmark", folder / "missing.png").status == 2
