"""The recipes of the released models: commands that parse, in an order that works, with the released settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from face_emotion.files import sha256_of
from model_build.__main__ import main as run_command_line
from model_build.command_line import parser
from model_build.experiments import released
from model_build.experiments.seeds import spread, table
from model_build.network.architecture import Architecture, architecture
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings, from_flags, to_dict
from tests.support.paths import ROOT

# What a setting that came later was for the runs of SEEDS.json, where that is not its default.
BEFORE = {"normalization": "none"}
# Teachers that stood in the repository when those ran, and are trained again by the recipes.
MOVED = {
    Path(f"models/teachers/{name}.npz"): Path(f"build/{name}/float/checkpoint.npz")
    for name in ("residual-muon-strong", "residual-muon-taught")
}
MODELS = sorted(path.parent.name for path in ROOT.glob("models/*/config.json"))


def _parsed(name: str):
    return parser().parse_args(released.words(name, "fer2013.tar.gz", "votes.csv"))


def test_every_released_model_has_a_recipe():
    assert sorted(released.RELEASED) == MODELS


@pytest.mark.parametrize("model", MODELS)
def test_the_last_command_is_what_the_released_model_was_made_with(model: str):
    config = json.loads((ROOT / "models" / model / "config.json").read_text())
    arguments = _parsed(released.RELEASED[model])
    classes = (TrainSettings, AugmentSettings, QuantizeSettings)
    settings = to_dict(*(from_flags(cls, arguments) for cls in classes))
    # A setting that came later than the model has its default.
    assert config["settings"].items() <= settings.items()
    defaults = to_dict(*(cls() for cls in classes))
    assert {name: settings[name] for name in settings.keys() - config["settings"]}.items() <= defaults.items()
    assert architecture(arguments.variant) == Architecture.from_dict(config["architecture"])
    given = [ROOT / path for path in arguments.teacher if path.parts[0] == "models"]
    assert {sha256_of(path) for path in given} <= set(config["teachers"])
    assert len(arguments.teacher) == len(config["teachers"])
    assert bool(arguments.initial) == bool(config["initial"])


@pytest.mark.parametrize("model", MODELS)
def test_a_step_reads_only_what_an_earlier_one_wrote_or_the_project_has(model: str):
    written: set[Path] = set()
    for name in released.chain(released.RELEASED[model]):
        arguments = _parsed(name)
        read = [getattr(arguments, entry, None) for entry in ("initial", "start", "end")]
        for path in [*getattr(arguments, "teacher", []), *filter(None, read)]:
            assert path in written or (ROOT / path).is_file(), path
        written.add(arguments.out / "float" / "checkpoint.npz")


def test_no_step_is_left_over_and_none_runs_twice():
    last = [*released.RELEASED.values(), *(name for names in released.SEEDS.values() for name in names)]
    assert sorted(released.chain(*last)) == sorted(released.STEPS)


QUARTERS = {0: "", 1: "¼", 2: "½", 3: "¾"}


@pytest.mark.parametrize("row", [*released.RELEASED, *(f"{model} --seeds" for model in released.SEEDS)])
def test_the_readme_states_the_hours_of_each_recipe(row: str):
    model, _, seeds = row.partition(" ")
    names = released.chain(*(released.SEEDS[model] if seeds else [released.RELEASED[model]]))
    quarters = round(sum(released.STEPS[name].minutes for name in names) / 15)
    lines = (ROOT / "docs" / "TRAINING.md").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith(f"| `{row}` |"))
    assert line.endswith(f" | {quarters // 4}{QUARTERS[quarters % 4]} |")


@pytest.mark.parametrize("model", released.SEEDS)
def test_seeds_json_tells_of_what_the_recipes_of_several_seeds_make(model: str):
    found = json.loads((ROOT / "models" / "SEEDS.json").read_text())
    assert found["name"] == model
    names = released.SEEDS[model]
    assert [run["folder"] for run in found["runs"]] == list(names)
    assert [run["artifacts"].keys() for run in found["runs"]] == [found["spread"].keys()] * len(names)
    for name, run in zip(names, found["runs"], strict=True):
        words = run["command"].split()
        assert words[:3] == ["python", "-m", "model_build"]
        recipe = parser().parse_args(released.words(name, "fer2013.tar.gz", "fer2013new.csv"))
        said = vars(parser().parse_args(words[3:]))
        if "--normalization" not in words:
            said |= BEFORE
        said["teacher"] = [MOVED.get(path, path) for path in said["teacher"]]
        assert said == vars(recipe)
        classes = (TrainSettings, AugmentSettings, QuantizeSettings)
        stored = found["settings"] | {"seed": run["seed"]}
        # A setting that came later than the runs has its default.
        assert (
            to_dict(*(from_flags(cls, recipe) for cls in classes))
            == to_dict(*(cls() for cls in classes)) | BEFORE | stored
        )
    again = spread(table(found["runs"]))
    assert again.keys() == found["spread"].keys()
    for artifact, sets in found["spread"].items():
        assert again[artifact].keys() == sets.keys()
        for name, figures in sets.items():
            for figure, stated in figures.items():
                assert stated == pytest.approx(again[artifact][name][figure], rel=1e-3, abs=2e-6)


def test_steps_run_in_turn_until_one_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    ran = []
    monkeypatch.setattr(released, "run_build", lambda command: ran.append(command) or 130 * (len(ran) == 2))
    assert run_command_line(["released", "small", "--data", "a b.csv", "--votes", "v.csv"]) == 130
    first, second, *_ = released.chain(released.RELEASED["small"])
    assert ran == [released.words(name, "a b.csv", "v.csv") for name in (first, second)]
    assert "--data 'a b.csv'" in capsys.readouterr().out


@pytest.mark.parametrize("status", [0, 2])
def test_with_seeds_every_seed_runs_and_then_their_spread(status: int, monkeypatch: pytest.MonkeyPatch):
    ran: list[list[str]] = []
    monkeypatch.setattr(
        released, "run_build", lambda command: ran.append(command) or (7 if command[0] == "seeds" else status)
    )
    words = ["released", "small", "--seeds", "--data", "d", "--votes", "v"]
    assert run_command_line(words) == (status or 7)
    names = released.SEEDS["small"]
    folders = [f"build/{name}" for name in names]
    if status:
        assert len(ran) == 1
    else:
        assert [command[-1] for command in ran[-len(names) - 1 : -1]] == folders
        assert ran[-1] == ["seeds", *folders, "--out", "build/seeds.json"]
    ran.clear()
    assert (run_command_line([*words, "--print"]), ran) == (0, [])


def test_seeds_of_a_model_that_has_none_end_with_one_line(capsys: pytest.CaptureFixture):
    assert run_command_line(["released", "nano", "--seeds", "--data", "d", "--votes", "v"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "of small only, not of nano" in error


def test_the_command_line_knows_the_released_models():
    (verbs,) = (action for action in parser()._actions if action.dest == "verb")
    (model,) = (action for action in verbs.choices["released"]._actions if action.dest == "model")
    assert sorted(model.choices) == sorted(released.RELEASED)


def test_a_step_runs_in_a_process_of_its_own_whose_status_counts(capfd: pytest.CaptureFixture):
    assert released.run_build(["seeds", "no-such-build", "nor-this"]) == 2
    assert capfd.readouterr().err == "error: no-such-build: no such build folder\n"


def test_print_needs_no_data_and_a_run_says_what_it_needs(capsys: pytest.CaptureFixture):
    assert run_command_line(["released", "small", "--print"]) == 0
    said = capsys.readouterr().out
    assert said.count(" --data fer2013.tar.gz --votes fer2013new.csv ") == len(
        released.chain(released.RELEASED["small"])
    )
    assert run_command_line(["released", "small", "--data", "fer2013.tar.gz"]) == 2
    assert capsys.readouterr().err == (
        "error: give --data fer2013.tar.gz and --votes fer2013new.csv, or --print to see the commands only\n"
    )


def test_print_says_every_command_and_a_missing_file_ends_with_one_line(tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "model_build",
        "released",
        "small",
        "--data",
        "no.csv",
        "--votes",
        "v.csv",
    ]
    printed = subprocess.run([*command, "--print"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line for line in printed.stdout.splitlines() if line.startswith("python -m model_build ")]
    assert len(lines) == len(released.chain(released.RELEASED["small"]))
    failed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert failed.returncode == 2 and "no.csv" in failed.stderr.splitlines()[-1]
    unknown = subprocess.run([*command[:4], "huge", *command[5:]], cwd=ROOT, capture_output=True, text=True)
    assert unknown.returncode == 2 and unknown.stderr.startswith("error: argument model: invalid choice")


def test_ctrl_c_is_one_line_and_status_130(tmp_path):
    words = ["train", "--data", "synthetic", "--out", str(tmp_path / "out")]
    script = (
        f"import sys; from model_build.experiments.released import run_build; sys.exit(run_build({words}))"
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # `nohup … &` has it ignored below
    )
    for line in process.stdout:
        if line.startswith("train"):
            break
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 130
    assert error == "interrupted: run the same command again to go on where it stopped\n"
