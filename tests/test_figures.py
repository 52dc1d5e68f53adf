"""The figures in README and docs/ are those of the released models' manifests and of PEERS.json."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.peers import table
from converters.manifest import read_manifest
from face_emotion.files import read_json
from model_build.evaluation.finished_build import read_build
from model_build.experiments import seeds
from model_build.reporting.certainty import certainty_sentence
from model_build.reporting.own_neutral_table import gain_sentence
from tests.support.paths import ROOT

RELEASED = sorted(path.parents[1] for path in ROOT.glob("models/*/float/checkpoint.npz"))
RESULTS, TRAINING = ROOT / "docs" / "RESULTS.md", ROOT / "docs" / "TRAINING.md"
SETS = ("PrivateTest", "PrivateTest without leaked", "PrivateTest FER+ majority", "PrivateTest FER+ own rule")


@pytest.mark.parametrize("folder", RELEASED, ids=lambda folder: folder.name)
@pytest.mark.parametrize(("file", "artifact"), [("int8.tflite", "int8"), ("tfjs", "tfjs")])
def test_table_row_equals_the_manifest(folder: Path, file: str, artifact: str) -> None:
    manifest = read_manifest(folder)
    lines = RESULTS.read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if line.startswith(f"| **this kit, `models/{folder.name}/{file}`**"))
    scores = manifest["metrics"]["artifacts"][artifact]
    assert f"{manifest['artifacts'][artifact]['bytes']:,}" in row
    for name in SETS:
        assert f"{100 * scores[name]['accuracy']:.2f} %" in row.replace("**", "")


@pytest.mark.parametrize("folder", RELEASED, ids=lambda folder: folder.name)
@pytest.mark.parametrize("head", ["labels", "votes"])
def test_a_heads_row_equals_the_manifest(folder: Path, head: str) -> None:
    lines = RESULTS.read_text(encoding="utf-8").splitlines()
    start = f"| **this kit, `models/{folder.name}/int8.tflite`, {head} head**"
    (row,) = (line for line in lines if line.startswith(start))
    scores = read_manifest(folder)["metrics"]["heads"][head]
    for name in SETS:
        assert f"{100 * scores[name]['accuracy']:.2f} %" in row.replace("**", "")


@pytest.mark.parametrize("folder", RELEASED, ids=lambda folder: folder.name)
def test_the_coverage_curve_is_that_of_the_evaluation(folder: Path) -> None:
    found = read_build(folder).evaluation["certainty"]["PrivateTest"]
    assert [point["coverage"] for point in found["curve"]] == [
        0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0
    ]  # fmt: skip
    cells = [f"{100 * point['accuracy']:.1f}" for point in found["curve"]]
    certain = f"{100 * found['accuracy']:.1f} of {100 * found['coverage']:.1f} % ({found['threshold']:.2f})"
    row = f"| `{folder.name}` | {' | '.join(cells)} | {certain} |"
    assert row in RESULTS.read_text(encoding="utf-8").splitlines()


def test_runtime_version_and_labels_equal_the_manifest() -> None:
    manifest = read_manifest(ROOT / "models" / "small")
    text = " ".join((ROOT / "docs" / "MODEL_FILE.md").read_text(encoding="utf-8").split())
    assert ", ".join(manifest["contract"]["labels"]) in text
    assert f"TensorFlow Lite {manifest['artifacts']['int8']['minimum_runtime']} or newer" in text


def test_the_peers_table_is_that_of_peers_json() -> None:
    result = read_json(ROOT / "models" / "PEERS.json")
    text = RESULTS.read_text(encoding="utf-8")
    assert table.markdown(result) in text
    for sentence in table.sentences(result):
        assert sentence in " ".join(text.split())
    for folder in RELEASED:
        for name in ("int8", "tfjs"):
            stated = read_manifest(folder)["artifacts"][name]["bytes"]
            assert result["networks"][f"{folder.name}/{name}"]["bytes"] == stated


def test_the_sentence_about_several_seeds_is_that_of_seeds_json() -> None:
    text = " ".join(TRAINING.read_text(encoding="utf-8").split())
    assert seeds.sentence(read_json(ROOT / "models" / "SEEDS.json")) in text


def test_the_sentence_about_ptq_and_mirror_images_is_that_of_the_evaluation() -> None:
    text = " ".join(TRAINING.read_text(encoding="utf-8").split())
    found = read_json(ROOT / "models" / "small" / "evaluation.json")
    int8, ptq = (
        f"{100 * found['artifacts'][name]['PrivateTest']['accuracy']:.2f}" for name in ("int8", "int8_ptq")
    )
    both = (
        f"`small`: {int8} % of PrivateTest both"
        if int8 == ptq
        else f"`small`: {int8} and {ptq} % of PrivateTest"
    )
    assert f"{both}, one crop" in text
    assert f"gives `small` {100 * found['flip']['int8']['PrivateTest']['accuracy']:.2f} %." in text


@pytest.mark.parametrize("folder", RELEASED, ids=lambda folder: folder.name)
def test_the_experiment_behind_a_released_model_has_its_command_and_its_figures(folder: Path) -> None:
    lines = (ROOT / "models" / "EXPERIMENTS.md").read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if f"(released: `{folder.name}`)" in line)
    manifest, evaluation = read_manifest(folder), read_json(folder / "evaluation.json")
    assert f"`{manifest['provenance']['command']}`" in row
    own_rule = evaluation["protocol"]["headline"]["set"] == "PrivateTest FER+ own rule"
    chosen = "PublicTest FER+ own rule" if own_rule else "PublicTest without leaked"
    for artifact in ("float", "qat", "int8", "int8_ptq"):
        assert f"{100 * evaluation['artifacts'][artifact][chosen]['accuracy']:.2f} %" in row, artifact


def test_the_table_of_several_seeds_is_that_of_seeds_json() -> None:
    result = read_json(ROOT / "models" / "SEEDS.json")
    lines = (ROOT / "models" / "EXPERIMENTS.md").read_text(encoding="utf-8").splitlines()
    for name in ("PublicTest without leaked", *SETS[:3]):
        found = [
            result["spread"][artifact][name]["accuracy"] for artifact in ("float", "qat", "int8", "int8_ptq")
        ]
        means = [f"{100 * each['mean']:.2f} ± {100 * each['deviation']:.2f}" for each in found]
        runs = [f"{100 * run['artifacts']['int8'][name]['accuracy']:.2f}" for run in result["runs"]]
        row = f"| {name} | {' | '.join(means)} | {', '.join(runs)} |"
        assert row in lines, row


def test_what_a_neutral_picture_brings_and_what_is_unclear_are_the_released_figures() -> None:
    text = " ".join((ROOT / "docs" / "PYTHON.md").read_text(encoding="utf-8").split())
    build = read_build(ROOT / "models" / "small")
    (found,) = build.baselines
    assert gain_sentence("small", found) in text
    assert certainty_sentence(build) in text


def test_the_readmes_line_of_results_is_that_of_the_manifests_and_of_peers_json() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").replace("**", "").split())
    heads = read_manifest(ROOT / "models" / "base")["metrics"]["heads"]
    labels = 100 * heads["labels"]["PrivateTest"]["accuracy"]
    votes = 100 * heads["votes"]["PrivateTest FER+ own rule"]["accuracy"]
    peers = read_json(ROOT / "models" / "PEERS.json")["networks"]
    best = max(
        (100 * peer["sets"]["PrivateTest"]["accuracy"], name)
        for name, peer in peers.items()
        if not peer["ours"]
    )
    assert f"`models/base` is right for {labels:.1f} % (the label head)" in text
    assert f"and for {votes:.1f} % of what a crowd sees" in text
    assert best[1] == "human" and f"`@vladmandic/human`, for {best[0]:.1f} %." in text


def test_the_readme_leads_to_each_users_first_command_at_once() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 130
    first_screen = "\n".join(lines[:30])
    for command in ("`make serve`", "`face-emotion photo.jpg`", "`make android`", "`make build`"):
        assert command in first_screen


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", re.sub(r"(?ms)^```.*?^```", "", text)):
            address, _, anchor = (link[0] or link[1]).partition("#")
            if address.startswith("http"):
                continue
            target = page.parent / address if address else page
            assert target.exists(), f"{page.name}: {address}"
            if anchor:
                headings = re.findall(r"(?m)^#+ (.+)$", target.read_text(encoding="utf-8"))
                assert anchor in [
                    re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings
                ]


def test_every_row_of_a_table_has_the_cells_of_its_header() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "converters" / "TFJS_ROUTES.md"]
    for page in [*pages, *(ROOT / "models").rglob("*.md"), *(ROOT / "mobile").rglob("README.md")]:
        text = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
        for block in re.findall(r"(?m)(?:^\|.*\n)+", text):
            cells = [len(re.sub(r"\\\||`[^`]*`", "", line).strip().split("|")) for line in block.splitlines()]
            assert len(set(cells)) == 1, f"{page.relative_to(ROOT)}: {block[:80]}"
