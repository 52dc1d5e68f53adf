"""Whether XNNPACK runs a model: twenty inputs that the reference kernels answer otherwise."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import pytest

from face_emotion import EmotionRecognizer
from face_emotion import recognizer as recognizer_module
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.kernel_check import KernelCheck, mosaic
from face_emotion.model_files import ModelFolder
from tests.support.paths import ROOT

MODELS = ROOT / "models"


def test_a_mosaic_has_the_generators_levels() -> None:
    image = mosaic(34)
    assert image.shape == (48, 48)
    assert image[0, ::8].tolist() == [63, 92, 25, 237, 11, 11]
    assert image[47, 7::8].tolist() == [82, 75, 31, 254, 128, 255]
    assert (image[7, 7], image[8, 8]) == (63, 202)
    assert mosaic(4294967295)[0, ::8].tolist() == [60, 48, 34, 161, 183, 223]


@pytest.mark.parametrize("name", ["nano", "small", "base"])
def test_every_released_model_has_a_check_that_tells_kernels_apart(name: str) -> None:
    model = ModelFolder.open(MODELS / name)
    check = KernelCheck.of(model)
    assert check is not None and len(set(check.inputs)) == 20
    assert check.passes(TfliteClassifier(model.artifact("int8"), model.contract))
    reference = TfliteClassifier(model.artifact("int8"), model.contract, reference_kernels=True)
    for number, logits in zip(check.inputs, check.logits, strict=True):
        assert reference.raw(mosaic(number)[None])[0].tolist() != list(logits)
    assert not check.passes(reference)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The released model small and the detector, a copy."""
    for name in ("small", "face_detector"):
        (tmp_path / name).mkdir()
        for path in (MODELS / name).iterdir():
            if path.is_file():
                shutil.copyfile(path, tmp_path / name / path.name)
    return tmp_path / "small"


def test_a_recognizer_says_whether_it_is_accelerated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert EmotionRecognizer.load(folder).accelerated is True
        assert EmotionRecognizer.load(folder / "float32.tflite").accelerated is None
    monkeypatch.setattr(
        recognizer_module,
        "TfliteClassifier",
        lambda *words: TfliteClassifier(*words, reference_kernels=True),
    )
    with pytest.warns(RuntimeWarning, match="without XNNPACK's int8 kernels") as said:
        assert EmotionRecognizer.load(folder).accelerated is False
    assert len(said) == 1 and said[0].filename == __file__
    (folder / "kernels.json").unlink()
    assert EmotionRecognizer.load(folder).accelerated is None


def test_a_check_without_inputs_is_none(folder: Path) -> None:
    value = json.loads((folder / "kernels.json").read_text())
    (folder / "kernels.json").write_text(json.dumps(value | {"inputs": []}))
    assert KernelCheck.of(ModelFolder.open(folder)) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "damaged"),
        ({"inputs": [{"number": -1, "logits": [1]}]}, "damaged"),
        ({"inputs": [{"number": 1, "logits": [256]}]}, "damaged"),
        ({"inputs": [{"number": True, "logits": [1]}]}, "damaged"),
        ({"inputs": {}}, "damaged"),
        ({"model": "0" * 64}, "about another int8 file"),
    ],
    ids=["format", "number", "logits", "truth", "no list", "other model"],
)
def test_a_check_that_cannot_be_used_is_one_line(folder: Path, change: dict[str, object], said: str) -> None:
    value = json.loads((folder / "kernels.json").read_text())
    (folder / "kernels.json").write_text(json.dumps(value | change))
    with pytest.raises(InputError, match=rf"kernels\.json: .*{said}.*python -m converters kernels") as error:
        EmotionRecognizer.load(folder)
    assert "\n" not in str(error.value)
