"""A stage is skipped only while its inputs and its outputs are what they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_build.stages import digests, run_stage

INPUTS = {"epochs": 3, "dataset": "abc"}
OUTPUTS = ["result.txt", "folder"]


class Stage:
    """A stage that writes a file and a folder, counts its runs and keeps what was said."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.runs, self.said = folder, 0, []

    def action(self) -> None:
        self.runs += 1
        (self.folder / "result.txt").write_text("result")
        (self.folder / "folder" / "below").mkdir(parents=True, exist_ok=True)
        (self.folder / "folder" / "below" / "a.txt").write_text("a")

    def run(self, inputs: dict = INPUTS, action=None) -> bool:
        return run_stage(self.folder, "make", inputs, OUTPUTS, action or self.action, self.said.append)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A stage that has run once."""
    made = Stage(tmp_path)
    assert made.run()
    return made


def test_unchanged_is_skipped(stage: Stage):
    assert not stage.run()
    assert not stage.run(dict(reversed(INPUTS.items())))  # the order of keys means nothing
    assert stage.runs == 1
    assert stage.said == ["make …", "make: done in 0 s", "make: unchanged", "make: unchanged"]


def test_changed_inputs_run_again(stage: Stage):
    assert stage.run({**INPUTS, "epochs": 4})
    assert stage.run()  # back again: the record is of the last run
    assert stage.runs == 3


@pytest.mark.parametrize("name", ["result.txt", "folder/below/a.txt"])
@pytest.mark.parametrize("damage", ["edited", "missing", "renamed"])
def test_changed_outputs_run_again(stage: Stage, name: str, damage: str):
    path = stage.folder / name
    if damage == "edited":
        path.write_text("A")
    elif damage == "missing":
        path.unlink()
    else:
        path.rename(path.with_name("b.txt"))
    assert stage.run()
    assert stage.runs == 2
    if damage != "renamed":
        assert not stage.run()


def test_an_added_file_in_an_output_folder_runs_again(stage: Stage):
    (stage.folder / "folder" / "extra").write_text("")
    assert stage.run()


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"inputs": 1}'])
def test_a_damaged_record_runs_again(stage: Stage, content: str):
    (stage.folder / "stages" / "make.json").write_text(content)
    assert stage.run()
    assert not stage.run()


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_an_exception_leaves_no_record(tmp_path: Path, kind: type[BaseException]):
    stage = Stage(tmp_path)

    def failing() -> None:
        stage.action()
        raise kind

    with pytest.raises(kind):
        stage.run(action=failing)
    assert not (tmp_path / "stages").exists()
    assert stage.run()


def test_an_exception_after_other_outputs_runs_again_with_the_old_inputs(stage: Stage):
    def failing() -> None:
        (stage.folder / "result.txt").write_text("half of another result")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        stage.run({**INPUTS, "epochs": 4}, failing)
    assert stage.run()


def test_digests_name_what_is_missing(tmp_path: Path):
    (tmp_path / "a").write_text("1")
    found = digests(tmp_path, ["a", "b"])
    assert found["b"] is None
    assert len(found["a"]) == 64
