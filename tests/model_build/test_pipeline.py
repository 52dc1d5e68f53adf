"""model_build.pipeline: what a build leaves behind, and that each stage runs when, and only when, it has to."""

from __future__ import annotations

import dataclasses
import json
import time

import numpy as np
import pytest

from converters.tfjs_stock import installed
from face_emotion.files import read_json, write_json
from model_build import describing, pipeline
from model_build.data.dataset import SELECTION
from model_build.data.votes import ferplus_rule
from model_build.network import checkpoint
from model_build.quantization.export import Exported, export
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings
from tests.support.build import faces_dataset, tiny_plan
from tests.support.report import STOCK
from tests.support.training import softmax, tiny_dataset

STAGES = [
    "audit",
    "train",
    "quantize",
    "convert",
    "benchmark",
    "evaluate",
    "robustness",
    *(["stock"] if installed() else []),  # tensorflowjs has no package for some machines
    "describe",
    "verify",
]
LAYOUT = {
    "audit/audit.json",
    "audit/audit.txt",
    "benchmark.json",
    "config.json",
    "contract.json",
    "evaluation.json",
    "float/checkpoint.npz",
    "float/history.json",
    "float/saved_model/saved_model.pb",
    "float/state.npz",
    "float16.tflite",
    "float32.tflite",
    "golden.json",
    "int8.tflite",
    "int8_ptq.tflite",
    "manifest.json",
    "MODEL_CARD.md",
    "qat/checkpoint.npz",
    "qat/history.json",
    "qat/saved_model/saved_model.pb",
    "report.html",
    "robustness.json",
    "robustness.png",
    "tfjs/model.json",
    "tfjs/weights.bin",
    *(["stock_tfjs.json"] if installed() else []),
}


def _run(folder, monkeypatch=None, **changes) -> list[str]:
    """Builds into `folder` again and returns what was said; with `monkeypatch` without manifest, verify, report."""
    lines = []
    if monkeypatch is not None:
        monkeypatch.setattr(pipeline, "describe_stage", lambda plan, folder: None)
        monkeypatch.setattr(pipeline, "verify_stage", lambda plan, folder: [])
    plan = dataclasses.replace(tiny_plan(), say=lines.append, **changes)
    assert pipeline.build(plan, folder) == []
    return lines


def _ran(lines: list[str]) -> list[str]:
    return [line.removesuffix(" …") for line in lines if line.endswith("…")]


def test_a_build_leaves_the_whole_layout_and_nothing_half_written(tiny_build):
    files = {path.relative_to(tiny_build).as_posix() for path in tiny_build.rglob("*") if path.is_file()}
    assert files >= LAYOUT
    assert not [name for name in files if "partial" in name]
    described = json.loads(json.dumps(tiny_plan().describe()))
    assert read_json(tiny_build / "config.json") == described


def test_a_second_run_finds_every_stage_unchanged_and_is_quick(tiny_copy):
    before = {path: path.stat().st_mtime_ns for path in tiny_copy.rglob("*.tflite")}
    started = time.perf_counter()
    lines = _run(tiny_copy)
    assert lines == [f"{stage}: unchanged" for stage in STAGES]
    assert {path: path.stat().st_mtime_ns for path in tiny_copy.rglob("*.tflite")} == before
    first = sum(row["seconds"] for row in read_json(tiny_copy / "float/history.json"))
    assert time.perf_counter() - started < 60 + first  # minutes without the stages' own work


@pytest.mark.parametrize(
    "output, stage",
    [
        ("audit/audit.txt", "audit"),
        ("benchmark.json", "benchmark"),
        ("evaluation.json", "evaluate"),
        ("robustness.json", "robustness"),
    ],
)
def test_a_touched_output_runs_its_stage_and_no_other(tiny_copy, monkeypatch, output, stage):
    content = (tiny_copy / output).read_text()
    (tiny_copy / output).write_text(content + "\n")
    assert _ran(_run(tiny_copy, monkeypatch)) == [stage]
    assert (tiny_copy / output).read_text() == content or stage == "benchmark"
    (tiny_copy / output).unlink()
    assert _ran(_run(tiny_copy, monkeypatch)) == [stage]


def test_a_verification_that_found_something_wrong_is_not_remembered(tiny_copy, monkeypatch):
    monkeypatch.setattr(describing.verification, "verify", lambda folder: ["int8.tflite: another"])
    (tiny_copy / "stages/verify.json").unlink()
    for _ in range(2):
        assert describing.verify_stage(tiny_plan(), tiny_copy) == ["int8.tflite: another"]
    monkeypatch.undo()
    assert describing.verify_stage(tiny_plan(), tiny_copy) == []
    assert (tiny_copy / "stages/verify.json").is_file()


@pytest.mark.parametrize("output", ["manifest.json", "MODEL_CARD.md", "report.html"])
def test_what_describes_a_build_is_made_anew_where_it_was_touched(tiny_copy, output):
    before = (tiny_copy / output).read_bytes()
    (tiny_copy / output).write_bytes(before + b" ")
    lines = []
    describing.describe_stage(dataclasses.replace(tiny_plan(), say=lines.append), tiny_copy)
    assert lines[0] == "describe …"
    assert (tiny_copy / output).read_bytes() == before


def test_a_float_graph_that_is_not_the_stock_converters_is_a_problem(tiny_copy, monkeypatch):
    write_json(tiny_copy / "stock_tfjs.json", STOCK | {"largest_difference": 0.5})
    monkeypatch.setattr(pipeline, "stock_stage", lambda plan, folder: None)
    monkeypatch.setattr(pipeline, "describe_stage", lambda plan, folder: None)
    monkeypatch.setattr(pipeline, "verify_stage", lambda plan, folder: ["another"])
    assert pipeline.build(tiny_plan(), tiny_copy) == [
        "stock_tfjs.json: our float TF.js model differs from the stock converter's by 5.0e-01 on 1,000 pictures; "
        "at most 1e-05 is expected",
        "another",
    ]


def test_without_tensorflowjs_a_build_says_that_the_stage_is_left_out(tiny_copy, monkeypatch):
    monkeypatch.setattr(pipeline.tfjs_stock, "installed", lambda: False)
    assert _run(tiny_copy, monkeypatch)[-1] == "stock: left out, tensorflowjs is not installed"


def test_a_lost_checkpoint_comes_back_from_the_finished_training_and_changes_nothing(tiny_copy, monkeypatch):
    before = (tiny_copy / "float/checkpoint.npz").read_bytes()
    (tiny_copy / "float/checkpoint.npz").unlink()
    assert _ran(_run(tiny_copy, monkeypatch)) == ["train"]
    assert (tiny_copy / "float/checkpoint.npz").read_bytes() == before


def test_a_touched_artifact_is_converted_again_to_the_same_bytes(tiny_copy, monkeypatch):
    before = {path.name: path.read_bytes() for path in tiny_copy.glob("*.tflite")}
    (tiny_copy / "int8.tflite").write_bytes(b"x")
    (tiny_copy / "tfjs/weights.bin").unlink()
    assert _ran(_run(tiny_copy, monkeypatch)) == ["convert"]
    assert {path.name: path.read_bytes() for path in tiny_copy.glob("*.tflite")} == before


@pytest.mark.parametrize(
    "changes, stages",
    [
        ({}, []),
        (
            {"dataset": faces_dataset(test=116)},
            [stage for stage in STAGES if stage not in ("stock", "verify")],
        ),
        ({"train": TrainSettings(epochs=3)}, ["train", "quantize", "describe"]),
        ({"augment": AugmentSettings(mixup=0.2)}, ["train", "quantize", "describe"]),
        ({"quantize": QuantizeSettings(qat_epochs=2)}, ["quantize", "describe"]),
        ({"heads": ("labels", "votes")}, ["train", "describe"]),
        ({"command": "another", "name": "another"}, ["describe"]),
    ],
)
def test_a_stage_depends_on_what_it_reads(tiny_build, monkeypatch, changes, stages):
    """Whatever reads a stage's files runs after it by their hashes; here no stage is really run."""
    keys = {}

    def recorded(folder, name, inputs, outputs, action, say):
        keys[name] = inputs

    monkeypatch.setattr(pipeline, "run_stage", recorded)
    monkeypatch.setattr(describing, "run_stage", recorded)

    def keys_of(plan):
        keys.clear()
        pipeline._audit(plan, tiny_build)
        for stage in (
            pipeline.train_stage,
            pipeline.quantize_stage,
            pipeline.convert_stage,
            pipeline.measure_stage,
            pipeline.robustness_stage,
            pipeline.stock_stage,
            describing.describe_stage,
            describing.verify_stage,
        ):
            stage(plan, tiny_build)
        return dict(keys)

    plan = tiny_plan()
    before, after = keys_of(plan), keys_of(dataclasses.replace(plan, **changes))
    assert list(before) == STAGES
    changed = [stage for stage in STAGES if before[stage] != after[stage]]
    assert changed == [stage for stage in stages if stage != "benchmark"]


def test_the_manifest_describes_the_exported_network(tiny_build):
    facts = read_json(tiny_build / "manifest.json")["network"]
    stored = checkpoint.load(tiny_build / "float/checkpoint.npz")
    statistics = ("_norm/2", "_norm/3")
    classifier = (32 + 1) * 4  # an artifact has one for the blend and one for all heads, here one
    assert facts["parameters"] == sum(value.size for value in stored.weights.values()) + classifier
    trained = sum(value.size for name, value in stored.weights.items() if not name.endswith(statistics))
    assert trained < facts["parameters"] < facts["macs"]
    assert set(facts) == {"architecture", "parameters", "macs"}


def test_training_improved_the_network(tiny_build):
    evaluation = read_json(tiny_build / "evaluation.json")
    assert evaluation["artifacts"]["int8"]["test"]["accuracy"] > 0.4  # of four classes


def test_problems_that_verify_finds_are_returned(tiny_copy, monkeypatch):
    monkeypatch.setattr(describing.verification, "verify", lambda folder: ["something is wrong"])
    monkeypatch.setattr(describing.verification, "classifiers", lambda folder, facts: {})
    stated = read_json(tiny_copy / "manifest.json")["synthetic_check"]
    monkeypatch.setattr(describing.verification, "synthetic_check", lambda found: stated)
    (tiny_copy / "stages/verify.json").unlink()
    assert pipeline.build(tiny_plan(), tiny_copy) == ["something is wrong"]


def test_both_trainings_judge_every_head(tiny_build, tmp_path, monkeypatch):
    jobs = {}
    monkeypatch.setattr(pipeline, "train", lambda job, folder, engine, company: jobs.update(train=job))
    monkeypatch.setattr(pipeline, "quantize", lambda job, folder: jobs.update(quantize=job))
    monkeypatch.setattr(pipeline, "run_stage", lambda folder, name, inputs, outputs, work, say: work())
    plan = dataclasses.replace(tiny_plan(), heads=("labels", "votes"))
    pipeline.train_stage(plan, tmp_path)
    pipeline.quantize_stage(plan, tiny_build)
    assert jobs["train"].heads == ("labels", "votes")
    assert jobs["train"].describe()["heads"] == ["labels", "votes"]
    assert jobs["quantize"].source.heads == ("labels",)  # those of the float checkpoint


def test_one_head_answers_by_its_own_sharpness(tiny_build):
    contract = read_json(tiny_build / "contract.json")
    assert contract["heads"] == ["labels"]
    assert contract["blend"] == contract["sharpness"]
    assert contract == read_json(tiny_build / "manifest.json")["contract"]
    exported = export(checkpoint.load(tiny_build / "qat/checkpoint.npz"))
    assert pipeline.calibrated(exported, faces_dataset()).to_dict() == contract


def loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log likelihood in nats."""
    return float(-np.log(softmax(logits)[np.arange(len(labels)), labels]).mean())


@pytest.fixture(scope="module")
def asked(trained_qat) -> dict:
    """By head: the tiny two-headed network's logits [N,heads,K] on the selection images of the head, and the labels."""
    data = tiny_dataset()
    selection = (data.split == SELECTION) & ~data.leaked()
    labels = {"labels": data.labels, "votes": ferplus_rule(data.votes)}
    exported = export(trained_qat.checkpoint)
    rows = {head: np.flatnonzero(selection & (found >= 0)) for head, found in labels.items()}
    return {
        head: (exported.logits(data.images[rows[head]]).reshape(len(rows[head]), 2, 7), found[rows[head]])
        for head, found in labels.items()
    }


def test_each_heads_sharpness_fits_its_own_labels(two_headed, asked):
    contract = read_json(two_headed / "contract.json")
    assert (contract["heads"], len(contract["sharpness"])) == (["labels", "votes"], 2)
    for place, (logits, labels) in enumerate(asked.values()):
        own, sharpness = logits[:, place], contract["sharpness"][place]
        assert sharpness > 0 and sharpness == round(sharpness, 4)
        best = loss(sharpness * own, labels)
        assert best < loss(0.9 * sharpness * own, labels) and best < loss(1.1 * sharpness * own, labels)


def test_the_blend_fits_the_mean_of_both_questions(two_headed, asked):
    blend = read_json(two_headed / "contract.json")["blend"]

    def mean_loss(weights) -> float:
        return np.mean([loss(np.einsum("h,nhk->nk", weights, found), own) for found, own in asked.values()])

    random = np.random.default_rng(0)
    assert len(blend) == 2 and all(weight == round(weight, 4) >= 0 for weight in blend)
    assert all(mean_loss(blend) <= mean_loss(others) + 1e-6 for others in random.uniform(0, 4, (50, 2)))
    assert mean_loss(blend) < mean_loss([1, 0]) and mean_loss(blend) < mean_loss([0, 1])


def test_what_is_three_times_as_loud_weighs_a_third(trained_qat):
    class Louder(Exported):
        def logits(self, images):
            return 3 * super().logits(images)

    exported = export(trained_qat.checkpoint)
    quiet = pipeline.calibrated(exported, tiny_dataset())
    loud = pipeline.calibrated(Louder(exported.model, exported.contract), tiny_dataset())
    np.testing.assert_allclose(np.array(quiet.sharpness) / 3, loud.sharpness, rtol=0.01)
    np.testing.assert_allclose(np.array(quiet.blend) / 3, loud.blend, rtol=0.02, atol=0.002)
