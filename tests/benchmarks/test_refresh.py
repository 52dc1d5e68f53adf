"""What hangs on a release: all parts are known, none is stale, and the command finds, makes and records them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.refresh import command, record
from benchmarks.refresh.parts import PARTS, WANTED, Part
from benchmarks.refresh.tables import write_tables
from face_emotion.errors import InputError
from tests.support.paths import ROOT

# Pictures that no release changes: how they came about is said where they are shown.
BY_HAND = {
    "assets/android-phone.png": "tests/mobile draw it",
    "assets/experiment.png": "python -m model_build experiment: networks of five epochs, none of them released",
    "assets/matrix.svg": "python -m model_build matrix: networks of its own, none of them released",
}


def test_nothing_that_hangs_on_the_released_models_is_stale():
    found = {part.name: record.state(part, ROOT, record.read_record()) for part in PARTS}
    stale = {name: state for name, state in found.items() if state.kind in (record.STALE, record.MISSING)}
    assert stale == {}, "a model changed: run python -m benchmarks refresh --check"


def test_the_record_names_all_parts_and_no_others():
    assert list(record.read_record()) == [part.name for part in PARTS]


def test_every_picture_is_made_by_a_part_or_by_hand():
    listed = subprocess.run(
        ["git", "ls-files", "assets"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    made = {path for part in PARTS for path in record.digests(part.outputs, ROOT)}
    assert (
        set(listed.stdout.split()) == {path for path in made if path.startswith("assets/")} | BY_HAND.keys()
    )


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_parts_patterns_name_files_and_its_command_is_one(part: Part):
    for pattern in (*part.models, *part.code, *part.outputs):
        assert record.digests([pattern], ROOT), pattern
    if part.command[0] == "-m":
        module = ROOT / part.command[1].replace(".", "/")
        assert module.with_suffix(".py").is_file() or (module / "__main__.py").is_file()
    else:
        assert (ROOT / part.command[0]).is_file()
    assert {word for word in part.command if word.startswith("{")} <= WANTED.keys()


def test_a_part_stands_behind_what_it_is_made_of():
    """What one writes is not read by one before it."""
    for place, part in enumerate(PARTS):
        outputs = record.digests(part.outputs, ROOT).keys()
        for earlier in PARTS[:place]:
            assert not outputs & record.digests((*earlier.models, *earlier.code), ROOT).keys(), (
                earlier.name,
                part.name,
            )


COPY = Part(
    "copy",
    "a copy of the model",
    (
        "-c",
        "import pathlib; pathlib.Path('out.txt').write_bytes(pathlib.Path('models/net.bin').read_bytes())",
    ),
    ("out.txt",),
    models=("models/*.bin",),
    code=("code/*.py",),
    by_hand="look at it",
)
TABLE = Part("table", "needs data", ("-c", "pass", "{data}"), ("out.txt",), models=("models/*.bin",))
FAILS = Part("fails", "cannot work", ("-c", "raise SystemExit(3)"), ("out.txt",), models=("models/*.bin",))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of one model, made by COPY and recorded, and by TABLE."""
    (tmp_path / "models").mkdir()
    (tmp_path / "code").mkdir()
    (tmp_path / "models/net.bin").write_bytes(b"one")
    (tmp_path / "code/a.py").write_text("one")
    (tmp_path / "out.txt").write_bytes(b"one")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "PARTS", (COPY, TABLE))
    place = tmp_path / "record.json"
    place.write_text("{}")
    monkeypatch.setattr(record.read_record, "__defaults__", (place,))
    monkeypatch.setattr(record.note, "__defaults__", (place,))
    assert main(["refresh", "--only", "copy", "table", "--made", "by hand"]) == 0
    return tmp_path


def stored(tree: Path) -> dict[str, dict[str, object]]:
    return json.loads((tree / "record.json").read_text())


def test_a_changed_model_makes_its_parts_stale_until_they_are_made_again(tree: Path, capsys):
    assert main(["refresh", "--check"]) == 0
    assert capsys.readouterr().out.endswith("nothing is stale\n")
    (tree / "models/net.bin").write_bytes(b"two")
    assert main(["refresh", "--check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "copy: stale (models/net.bin)"
    assert lines[1].endswith("# a copy of the model; about 0.5 min")
    assert lines[2] == "table: stale (models/net.bin)"
    assert lines[3] == "    python -c pass DATA    # needs data; about 0.5 min; needs --data fer2013.tar.gz"
    assert lines[4] == "2 stale"
    assert (tree / "out.txt").read_bytes() == b"one"
    assert main(["refresh"]) == 1
    said = capsys.readouterr().out
    assert "    by hand: look at it\n" in said
    assert said.endswith("table: left out, give --data fer2013.tar.gz\n")
    assert (tree / "out.txt").read_bytes() == b"two"
    assert stored(tree)["copy"]["how"][10:].startswith(": run by refresh in ")
    (tree / "data.csv").touch()
    assert main(["refresh", "--data", str(tree / "data.csv")]) == 0
    assert capsys.readouterr().out.startswith("table: needs data, about 0.5 min")
    assert main(["refresh"]) == 0
    assert capsys.readouterr().out == "nothing is stale\n"


def test_a_model_that_came_or_went_and_an_output_that_is_missing_are_found(tree: Path, capsys):
    (tree / "models/second.bin").write_bytes(b"new")
    assert main(["refresh", "--check", "--only", "copy"]) == 1
    assert capsys.readouterr().out.startswith("copy: stale (models/second.bin)\n")
    (tree / "models/second.bin").unlink()
    (tree / "models/net.bin").unlink()
    assert main(["refresh", "--check", "--only", "copy"]) == 1
    assert capsys.readouterr().out.startswith("copy: stale (models/net.bin)\n")
    (tree / "out.txt").unlink()
    assert main(["refresh", "--check", "--only", "copy"]) == 1
    assert capsys.readouterr().out.startswith("copy: missing (out.txt)\n")


def test_changed_code_is_told_and_made_anew_but_fails_no_check(tree: Path, capsys):
    (tree / "code/a.py").write_text("two")
    assert main(["refresh", "--check"]) == 0
    assert main(["refresh", "--list"]) == 0
    assert "copy: code changed\n" in capsys.readouterr().out
    assert main(["refresh"]) == 0
    assert main(["refresh", "--list"]) == 0
    assert "copy: fresh\n" in capsys.readouterr().out


def test_a_command_that_fails_is_named_and_not_recorded(tree: Path, monkeypatch, capsys):
    before = stored(tree)
    monkeypatch.setattr(command, "PARTS", (FAILS,))
    assert main(["refresh", "--only", "fails"]) == 2
    assert capsys.readouterr().err.startswith("error: fails: its command ended with 3; ")
    assert stored(tree) == before


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--only", "nothing"], "--only nothing: no such part (there are: copy, table)"),
        (["--made", "by hand"], "--made: name the parts with --only"),
        (["--data", "nowhere.csv"], "--data nowhere.csv: no such file or folder"),
    ],
    ids=["unknown", "made-what", "no-data"],
)
def test_refusals_are_one_line(words: list[str], line: str, tree: Path, capsys):
    assert main(["refresh", *words]) == 2
    assert capsys.readouterr().err == f"error: {line}\n"


def test_a_damaged_record_is_one_line(tmp_path: Path):
    (tmp_path / "record.json").write_text('{"copy": {"models": {}}}')
    with pytest.raises(InputError, match=r"record\.json: damaged; get it from git again"):
        record.read_record(tmp_path / "record.json")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A copy of what `tables` reads and writes."""
    for name in ("models/PEERS.json", "models/SEEDS.json", "docs/RESULTS.md", "docs/TRAINING.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_documents_say_what_the_figures_are_and_nothing_else_changes(documents: Path):
    assert write_tables(documents) == []
    before = (documents / "docs/RESULTS.md").read_text()
    peers = json.loads((documents / "models/PEERS.json").read_text())
    peers["networks"]["nano/int8"]["bytes"] = 123_456_789
    peers["comparisons"]["nano/int8"]["PrivateTest"]["only_a"] = 987
    (documents / "models/PEERS.json").write_text(json.dumps(peers))
    spread = json.loads((documents / "models/SEEDS.json").read_text())
    spread["name"] = "tiny"
    (documents / "models/SEEDS.json").write_text(json.dumps(spread))
    changed = write_tables(documents)
    assert [path.name for path in changed] == ["RESULTS.md", "TRAINING.md"]
    after = (documents / "docs/RESULTS.md").read_text()
    other = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if len(set(pair)) > 1]
    assert [new.split("|")[1].strip() if new[0] == "|" else new[:14] for _, new in other] == [
        "**this kit, `models/nano/int8.tflite`**",
        "`models/nano` ",
    ]
    assert "123,456,789" in other[0][1] and "987 images only ours" in other[1][1]
    text = (documents / "docs/TRAINING.md").read_text()
    assert "3 seeds of `tiny` (10, 11, 12)" in text and "3 seeds of `small`" not in text
    assert "PublicTest ranks the three in another order" in text


def test_a_document_without_the_place_is_named(documents: Path):
    path = documents / "docs/RESULTS.md"
    path.write_text(path.read_text().replace("| network | bytes |", "| net | bytes |"))
    with pytest.raises(InputError, match=r"RESULTS\.md: 0 places for \| network"):
        write_tables(documents)


def test_the_check_takes_seconds_and_needs_no_flag():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "refresh", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "nothing is stale\n"), done.stdout + done.stderr
