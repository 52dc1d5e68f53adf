"""A user's own classes, from class folders to the page: their names stand in no file of the kit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import model_build.__main__ as build_main
from converters.manifest import read_contract, read_manifest
from face_emotion import EmotionRecognizer
from face_emotion.contract import Contract
from model_build.data import loading
from model_build.evaluation.verification import classifiers
from model_build.network import checkpoint
from tests.support.browser import chromium_before_a_wall, page_of, require_chromium
from tests.support.build import OWN_CLASSES, CommandBuild
from tests.support.cli import BOX, Command, colour_frame
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR, write_model_folder
from tests.support.web import Server, serving

require_chromium()


@pytest.fixture
def command(capfd) -> Command:
    return Command(capfd)


@pytest.fixture(scope="module")
def models(own_build: CommandBuild, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with nothing but a build of own classes, and the detector."""
    folder = tmp_path_factory.mktemp("models")
    shutil.copytree(own_build.folder, folder / "own")
    shutil.copytree(DETECTOR, folder / "face_detector")
    return folder


@pytest.fixture(scope="module")
def server(models: Path) -> Iterator[Server]:
    with serving("--models", str(models)) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


def test_folders_become_contract_checkpoints_and_every_artifact(own_build: CommandBuild):
    manifest = read_manifest(own_build.folder)
    labels = Contract.from_dict(manifest["contract"]).labels
    assert set(labels) == set(OWN_CLASSES)
    assert loading.load(own_build.data).class_names == labels
    for kind in ("float", "qat"):
        assert checkpoint.load(own_build.folder / kind / "checkpoint.npz").labels == labels
    found = classifiers(own_build.folder, read_contract(own_build.folder))
    assert {"int8", "float32", "tfjs"} <= set(found)
    for name, classifier in found.items():
        assert classifier.probabilities(np.zeros((1, 48, 48), np.uint8)).shape == (1, len(labels)), name


def test_the_command_says_them(command, own_build: CommandBuild):
    labels = read_manifest(own_build.folder)["contract"]["labels"]
    ended = command("--model", own_build.folder, "--cropped", "--format", "csv", own_build.data / "test")
    assert (ended.status, ended.err) == (0, "24 files: 24 read\n")
    assert len(ended.rows) == len(list(own_build.data.glob("test/*/*.png")))
    assert list(ended.rows[0])[-len(labels) :] == [f"p_{label}" for label in labels]
    assert {row["label"] for row in ended.rows} <= set(labels)
    crop = min((own_build.data / "test" / labels[0]).iterdir())
    table = command("--model", own_build.folder, "--cropped", crop).out
    assert EmotionRecognizer.load(own_build.folder).recognize(crop, cropped=True)[0].label in table


@pytest.mark.parametrize("engine", ["tfjs", "litert"])
def test_the_page_says_them(server: Server, browser, own_build: CommandBuild, engine: str):
    labels = read_manifest(own_build.folder)["contract"]["labels"]
    with page_of(browser, server.url) as page:
        page.wait_for_selector('#stage[data-state="ready"]', timeout=60_000)
        if engine != "tfjs":
            page.select_option("#engine", engine)
            page.wait_for_selector("#stage[data-state=loading]")
            page.wait_for_selector('#stage[data-state="ready"]', timeout=60_000)
        content = cv2.imencode(".png", colour_frame()[:, :, ::-1])[1].tobytes()
        page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": content})
        page.wait_for_selector("#stage:not([data-state])", timeout=60_000)  # it was read, and is shown
        (shown,) = page.locator(".face-label").all_inner_texts()
        assert shown in (*labels, "unclear")
        assert all(label in page.locator(".face").inner_text() for label in labels)
        assert page.locator(".face .bar").count() == len(labels)
        assert [text.strip() for text in page.locator("#legend li").all_inner_texts()] == labels
        if engine == "litert":  # the same kernels as Python's
            (face,) = EmotionRecognizer.load(own_build.folder).recognize(colour_frame())
            assert shown == face.shown


@pytest.mark.parametrize("count", [2, 50])
def test_two_and_fifty_classes(command, tmp_path, count: int):
    labels = tuple(f"class {number}" for number in range(count))
    for label in labels:
        folder = tmp_path / "data" / "train" / label
        folder.mkdir(parents=True)
        for number in range(2):
            Image.fromarray(np.full((50 + number, 64), len(label) + number, np.uint8)).save(
                folder / f"{number}.png"
            )
    shutil.copytree(tmp_path / "data" / "train", tmp_path / "data" / "test")
    assert sorted(loading.load(tmp_path / "data").class_names) == sorted(labels)
    model = write_model_folder(tmp_path / "models" / "own", labels)
    Image.fromarray(colour_frame([BOX])).save(tmp_path / "face.png")
    (row,) = command("--model", model, "--format", "csv", tmp_path / "face.png").rows
    shares = {name: float(row[f"p_{name}"]) for name in labels}
    assert row["label"] == max(shares, key=shares.get)
    assert sum(shares.values()) == pytest.approx(1, abs=count / 2 / 256 + 0.01)


def test_fine_tuning_the_released_model_keeps_its_body(own_build: CommandBuild, monkeypatch, tmp_path, capfd):
    """One epoch at a rate of almost nothing: the body is still the released one, the classes are the user's."""
    released = checkpoint.load(ROOT / "models" / "small" / "float" / "checkpoint.npz")
    flags = [
        "--epochs",
        "1",
        "--batch-size",
        "16",
        "--learning-rate",
        "1e-6",
        "--warmup",
        "0",
        "--weight-decay",
        "0",
    ]
    words = [
        "train",
        "--data",
        str(own_build.data),
        "--variant",
        "small-own",
        "--out",
        str(tmp_path / "tuned"),
    ]
    words += ["--from", str(ROOT / "models" / "small"), *flags]
    monkeypatch.setattr("sys.argv", ["model_build", *words])
    assert build_main.main(words) == 0, capfd.readouterr().err
    tuned = checkpoint.load(tmp_path / "tuned" / "float" / "checkpoint.npz")
    assert set(tuned.labels) == set(OWN_CLASSES)
    kernels = [name for name in tuned.weights if "conv" in name and not name.startswith("classifier")]
    assert len(kernels) > 5
    for name in kernels:
        assert np.allclose(tuned.weights[name], released.weights[name], atol=1e-3), name
