"""`experiment`: declared networks under one budget, a row each, the Pareto front, and going on where it stopped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import model_build.__main__ as build_main
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.experiments import experiment
from model_build.experiments.variants import VARIANTS, chosen_variants
from model_build.network import architecture
from model_build.network.engine import load_engine
from tests.support.build import BUILD_NETWORK, faces_dataset, tiny_plan

TINY = {
    "stack": architecture.Architecture(((8, 2), (8, 2)), (), 0, dropout=0.0),
    "inverted": replace(BUILD_NETWORK, head=16),
}


def _plan(**changes):
    lines = []
    plan = replace(tiny_plan(faces_dataset(192, 60, 20), epochs=1, **changes), say=lines.append)
    return plan, lines


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished experiment on drawn faces: its folder and what it returned."""
    folder = tmp_path_factory.mktemp("experiment")
    return folder, experiment.run(_plan()[0], TINY, folder, rounds=2)


def test_every_variant_gets_a_row(finished):
    folder, result = finished
    assert read_json(folder / "experiment.json") == result
    assert (result["set"], result["settings"]["epochs"]) == ("validation without leaked", 1)
    rows = {row["variant"]: row for row in result["rows"]}
    assert set(rows) == set(TINY)
    accuracies = [row["accuracy"] for row in result["rows"]]
    assert accuracies == sorted(accuracies, reverse=True)
    keras = load_engine().keras
    # An int8 file has a classifier of four classes for the blend beside that of its one head: of 8 and 16 channels.
    classifier = {"stack": 4 * (8 + 1), "inverted": 4 * (16 + 1)}
    for name, row in rows.items():
        trained = architecture.build(keras, TINY[name], 4).count_params()
        assert row["parameters"] == trained + classifier[name]
        assert row["bytes"] == (folder / name / "int8_ptq.tflite").stat().st_size
        assert row["interval"][0] <= row["accuracy"] <= row["interval"][1]
        assert 0 < row["median_ms"] <= row["p90_ms"]
    assert {row["variant"] for row in result["rows"] if row["pareto"]} == experiment.pareto(result["rows"])
    assert (folder / "pareto.png").read_bytes().startswith(b"\x89PNG")
    heading, *lines = (folder / "experiment.csv").read_text().splitlines()
    assert heading == "variant,parameters,macs,bytes,accuracy,low,high,median_ms,p90_ms,pareto"
    assert [line.split(",")[0] for line in lines] == [row["variant"] for row in result["rows"]]
    assert [float(line.split(",")[6]) for line in lines] == [row["interval"][1] for row in result["rows"]]


def test_what_is_finished_is_skipped_and_what_is_missing_made_again(finished):
    folder, first = finished
    plan, lines = _plan()
    second = experiment.run(plan, TINY, folder, rounds=2)
    assert [line for line in lines if line.endswith("unchanged")] == [
        "train: unchanged",
        "measure: unchanged",
    ] * 2
    figures = ("variant", "accuracy", "bytes", "parameters")
    assert [[row[key] for key in figures] for row in second["rows"]] == [
        [row[key] for key in figures] for row in first["rows"]
    ]
    (folder / "stack" / "row.json").unlink()
    plan, lines = _plan()
    experiment.run(plan, TINY, folder, rounds=2)
    assert [line for line in lines if line.endswith("…")] == ["measure …"]


def test_the_front_is_what_nothing_beats():
    rows = [
        {"variant": name, "accuracy": accuracy, "bytes": size, "median_ms": ms}
        for name, accuracy, size, ms in (
            ("best", 0.7, 500, 0.5),
            ("smallest", 0.6, 100, 0.5),
            ("fastest", 0.5, 500, 0.1),
            ("beaten", 0.6, 200, 0.5),
            ("twin", 0.7, 500, 0.5),
        )
    ]
    assert experiment.pareto(rows) == {"best", "smallest", "fastest", "twin"}
    assert experiment.pareto(rows[:1]) == {"best"}


def test_the_table_names_every_variant(finished, capsys):
    experiment.print_table(finished[1])
    text = capsys.readouterr().out
    assert all(re.search(rf"\b{name}\b", text) for name in TINY)


def test_every_declared_variant_is_another_network_of_the_seed_s_families():
    keras = load_engine().keras
    sizes = {name: architecture.build(keras, shape, 7).count_params() for name, shape in VARIANTS.items()}
    assert {"reference", "wide", "deep", "kernel-5", "head-384", "vgg", "residual"} <= set(sizes)
    assert len({*VARIANTS.values()}) == len(VARIANTS)
    assert sizes["narrow"] < sizes["reference"] < sizes["wide"]
    assert sizes["shallow"] < sizes["reference"] < sizes["deep"]
    assert max(sizes.values()) < 600_000


def test_variants_are_chosen_by_name_in_the_declared_order():
    assert list(chosen_variants(["vgg", "reference"])) == ["reference", "vgg"]
    assert chosen_variants([]) == VARIANTS
    with pytest.raises(InputError, match="--only resnet: unknown; use one or more of reference, narrow"):
        chosen_variants(["reference", "resnet"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--only", "resnet"], "--only resnet: unknown"), (["--noise", "2"], "--noise 2.0: must lie")],
)
def test_bad_flags_are_one_line_before_anything_long(tmp_path, capsys, arguments, message):
    assert build_main.main(["experiment", *arguments, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()
