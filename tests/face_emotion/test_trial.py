"""face_emotion/trial.py: what nobody knows runs in a process of its own first, once."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from converters.released import released_files, write_released
from face_emotion import trial
from face_emotion.classifier import TfliteClassifier
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import sha256_of
from face_emotion.litert import interpreter
from face_emotion.trial import require_sound
from tests.support import hostile
from tests.support.paths import ROOT

MODELS = ROOT / "models"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and a process that has tried nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(trial, "_trusted", set())
    return tmp_path / "cache" / "face-emotion-kit" / "tried"


@pytest.fixture
def unstarted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that starts a process."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", refuse)


def test_the_list_is_that_of_the_released_models(tmp_path: Path) -> None:
    assert trial.released() == released_files(MODELS)
    assert trial.released()[sha256_of(MODELS / "small/int8.tflite")] == "small/int8.tflite"
    assert write_released(MODELS, tmp_path / "list.json") == len(trial.released())
    assert json.loads((tmp_path / "list.json").read_text()) == trial.released()
    with pytest.raises(InputError, match=r"holds no \.tflite file"):
        released_files(tmp_path)


def test_released_models_are_not_tried(cache: Path, unstarted: None) -> None:
    for path in MODELS.glob("*/*.tflite"):
        require_sound(path.read_bytes())
    assert not cache.exists()


def test_a_sound_model_is_tried_once_and_remembered(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = hostile.convolutions(side=16, kernel=3, count=2)
    interpreter(content)
    (record,) = cache.iterdir()
    assert record.read_text() == "sound\n"
    monkeypatch.setattr(trial, "_trusted", set())
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("tried again"))
    require_sound(content)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (hostile.crashing, "run once, with at most 1 GB and 10 s: it ends the process by SIGSEGV"),
        (hostile.greedy, "run once, with at most 1 GB and 10 s: "),
    ],
)
def test_a_model_that_crashes_or_takes_too_much_is_refused_and_remembered(
    cache: Path, monkeypatch: pytest.MonkeyPatch, make: object, reason: str
) -> None:
    content = make()
    with pytest.raises(ValueError, match=reason):
        interpreter(content)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("tried again"))
    with pytest.raises(ValueError, match=reason):
        interpreter(content)


def test_a_model_that_does_not_end_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MOST_SECONDS", 1)
    # The oldest LiteRT prepares it for no delegate, and says so; newer ones begin to run it.
    refused = "run once, with at most 1 GB and 1 s: (it does not end|XNNPack delegate failed to reshape)"
    with pytest.raises(ValueError, match=refused):
        interpreter(hostile.slow())


def test_a_damaged_detector_is_one_line_though_its_hash_was_made_to_fit(cache: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(MODELS / "face_detector", tmp_path / "face_detector")
    (folder / "near.tflite").write_bytes(hostile.crashing())
    manifest = json.loads((folder / "manifest.json").read_text())
    (entry,) = manifest["artifacts"]["tflite"]["files"]
    entry |= {"bytes": (folder / "near.tflite").stat().st_size, "sha256": sha256_of(folder / "near.tflite")}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError) as caught:
        Detector.load(folder)
    assert str(caught.value) == (
        f"{folder}/near.tflite: damaged or not a .tflite model (run once, with at most 1 GB and 10 s: it ends the "
        "process by SIGSEGV)"
    )


def test_a_classifier_of_a_user_loads_as_before(cache: Path, tmp_path: Path) -> None:
    content = (MODELS / "nano/float32.tflite").read_bytes() + b"\0"  # nobody knows this one
    (tmp_path / "mine.tflite").write_bytes(content)
    from face_emotion.model_files import ModelFolder

    classifier = TfliteClassifier(tmp_path / "mine.tflite", ModelFolder.open(MODELS / "nano").contract)
    assert classifier.class_count == 7 and len([*cache.iterdir()]) == 1


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    require_sound(hostile.convolutions(side=16, kernel=3, count=1))


def test_it_is_said_where_memory_is_not_limited_and_where_no_process_starts(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "LIMITED", False)
    with pytest.warns(RuntimeWarning, match="this system does not limit a process's memory"):
        require_sound(hostile.convolutions(side=16, kernel=3, count=3))
    monkeypatch.setattr(trial.sys, "executable", "")
    with pytest.warns(RuntimeWarning, match="loaded without having been tried"):
        require_sound(hostile.convolutions(side=16, kernel=3, count=4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        require_sound(hostile.convolutions(side=16, kernel=3, count=3))
