"""Mean and spread of builds that differ in nothing but their seed."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.__main__ import main
from model_build.evaluation.evaluate import evaluate_build
from model_build.experiments import released
from model_build.experiments.seeds import FIGURES, sentence, spread, summarise
from tests.support.paths import ROOT
from tests.support.report import Noisy, dataset, write_contract

WRONG = {10: 10, 11: 20, 12: 24}  # seed -> how many of the 70 test rows it gets wrong


def _build(folder: Path, seed: int, wrong: int, data=None, kinds=("float", "int8"), **settings) -> Path:
    folder.mkdir()
    data = data or dataset()
    rows = set(range(140, 140 + wrong))
    write_contract(folder, data.class_names)
    evaluate_build(folder, data, {kind: Noisy(data, rows) for kind in kinds})
    config = {
        "name": "small",
        "command": f"build --seed {seed}",
        "settings": {"seed": seed, "epochs": 3} | settings,
    }
    write_json(folder / "config.json", config)
    return folder


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("seeds")
    return [_build(folder / f"small-{seed}", seed, wrong) for seed, wrong in WRONG.items()]


def test_mean_and_deviation_are_those_of_a_sample(builds: list[Path]):
    result = summarise(builds)
    accuracies = [(70 - wrong) / 70 for wrong in WRONG.values()]
    found = result["spread"]["int8"]["PrivateTest"]["accuracy"]
    assert found["mean"] == pytest.approx(statistics.mean(accuracies), abs=1e-5)
    assert found["deviation"] == pytest.approx(statistics.stdev(accuracies), abs=1e-5)
    assert (found["least"], found["most"]) == pytest.approx((46 / 70, 60 / 70), abs=1e-5)
    rows = pd.DataFrame({"artifact": "int8", "set": "test", **{figure: [1.0, 3.0] for figure in FIGURES}})
    expected = {"mean": 2.0, "deviation": pytest.approx(2**0.5), "least": 1.0, "most": 3.0}
    assert spread(rows) == {"int8": {"test": dict.fromkeys(FIGURES, expected)}}


def test_every_run_keeps_its_own_figures(builds: list[Path]):
    result = summarise(builds)
    assert [run["seed"] for run in result["runs"]] == list(WRONG)
    assert [run["folder"] for run in result["runs"]] == [folder.name for folder in builds]
    for folder, run in zip(builds, result["runs"], strict=True):
        own = read_json(folder / "evaluation.json")["artifacts"]
        for artifact, sets in run["artifacts"].items():
            assert sets == {
                name: {key: score[key] for key in ("images", *FIGURES) if key != "worst_recall"}
                | {"worst_recall": min(entry["recall"] for entry in score["per_class"] if entry["support"])}
                for name, score in own[artifact].items()
            }
    assert result["settings"] == {"epochs": 3}


def test_only_what_all_builds_have_is_summarised(builds: list[Path], tmp_path: Path):
    other = _build(tmp_path / "other", 13, 5, kinds=("float", "int8", "int8_ptq"))
    for folders in ([*builds, other], [other, *builds]):
        result = summarise(folders)
        assert set(result["spread"]) == {"float", "int8"}
        assert all(set(run["artifacts"]) == {"float", "int8"} for run in result["runs"])


def test_the_command_prints_the_sets_and_writes_the_file(builds: list[Path], tmp_path: Path, capsys):
    out = tmp_path / "seeds.json"
    assert main(["seeds", *map(str, builds), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    (row,) = (line for line in printed.splitlines() if " PrivateTest  " in line)
    # 60, 50 and 46 of 70; their mean, and their deviation in points
    assert row.replace("│", " ").split()[1:] == ["85.71%", "71.43%", "65.71%", "74.29%", "10.30"]
    assert sentence(read_json(out)) in printed
    assert sentence(read_json(out)) == (
        "3 seeds of `small` (10, 11, 12), nothing else changed: 74.29 ± 10.30 % of PrivateTest "
        "(mean and standard deviation, int8, one crop; from 65.71 to 85.71 %)."
    )


def test_nothing_is_written_where_a_file_stands_for_a_folder(builds: list[Path], tmp_path: Path, capsys):
    (tmp_path / "file").write_text("kept")
    assert main(["seeds", *map(str, builds), "--out", str(tmp_path / "file" / "seeds.json")]) == 2
    assert capsys.readouterr().err.startswith(f"error: {tmp_path / 'file'}: a file stands where")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 10}, r"has the seed of .*small-10, 10"),
        ({"seed": 13, "epochs": 4}, "in more than the seed: settings.epochs;"),
        ({"seed": 13, "views": 8}, "in more than the seed: settings.views;"),
        ({"seed": 13, "data": dataset(name="mine")}, "evaluated on other images"),
    ],
)
def test_builds_that_cannot_be_put_together_are_named(builds: list[Path], tmp_path: Path, changes, message):
    other = _build(tmp_path / "other", wrong=5, **changes)
    with pytest.raises(InputError, match=rf"^{other}\S*: .*{message}"):
        summarise([*builds, other])


def test_a_build_alone_has_no_spread_and_one_without_a_seed_is_named(builds: list[Path], tmp_path: Path):
    with pytest.raises(InputError, match="name at least two"):
        summarise(builds[:1])
    other = _build(tmp_path / "other", 13, 5)
    config = json.loads((other / "config.json").read_text())
    del config["settings"]["seed"]
    write_json(other / "config.json", config)
    with pytest.raises(InputError, match=r"other/config\.json: names no seed"):
        summarise([*builds, other])


def test_a_missing_folder_is_one_line_and_exit_2(tmp_path: Path):
    missing = str(tmp_path / "none")
    command = [sys.executable, "-m", "model_build", "seeds", missing, missing]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (2, f"error: {missing}: no such build folder")


def test_the_recipes_of_several_seeds_differ_in_the_seed_alone():
    for names in released.SEEDS.values():
        commands = [released.words(name, "d", "v") for name in names]
        numbers = [words[words.index("--seed") + 1] for words in commands]
        assert len(set(numbers)) == len(names) >= 3
        without = {
            tuple(word for word in words if word not in (number, f"build/{name}"))
            for words, number, name in zip(commands, numbers, names, strict=True)
        }
        assert len(without) == 1
