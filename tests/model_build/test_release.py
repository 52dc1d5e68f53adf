"""model_build.release: only what verifies is released, whole or not at all."""

from __future__ import annotations

import shutil

import pytest

from converters.tfjs_stock import installed
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build import release as release_module
from model_build.evaluation.verification import verify
from model_build.release import release

LAYOUT = {
    "MODEL_CARD.md",
    "benchmark.json",
    "config.json",
    "evaluation.json",
    "float/checkpoint.npz",
    "float/history.json",
    "float16.tflite",
    "float32.tflite",
    "golden.json",
    "int8.tflite",
    "int8_ptq.tflite",
    "kernels.json",
    "manifest.json",
    "qat/checkpoint.npz",
    "qat/history.json",
    "robustness.json",
    "robustness.png",
    *(["stock_tfjs.json"] if installed() else []),
    "tfjs/model.json",
    "tfjs/weights.bin",
}


def _files(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def verified(monkeypatch):
    """Takes every build for verified: `verify` has tests of its own."""
    monkeypatch.setattr(release_module, "verify", lambda build: [])


def test_a_released_folder_holds_the_layout_and_verifies(tiny_build, tmp_path):
    folder = release(tiny_build, tmp_path / "models")
    assert folder == tmp_path / "models" / "tiny"
    assert _files(folder) == LAYOUT
    for name in LAYOUT:
        assert (folder / name).read_bytes() == (tiny_build / name).read_bytes()
    assert verify(folder) == []
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]


def test_figures_that_the_card_shows_go_with_it(tiny_copy, tmp_path, verified):
    for name in ("off_data.elsewhere.json", "off_data.more.json", "crop_calibration.png"):
        (tiny_copy / name).write_text(name)
    folder = release(tiny_copy, tmp_path / "models")
    shown = {"off_data.elsewhere.json", "off_data.more.json", "crop_calibration.png"}
    assert _files(folder) == LAYOUT | shown
    assert all((folder / name).read_text() == name for name in shown)


def test_a_damaged_build_is_refused_and_nothing_is_copied(tiny_copy, tmp_path):
    content = bytearray((tiny_copy / "int8.tflite").read_bytes())
    content[100] ^= 1
    (tiny_copy / "int8.tflite").write_bytes(content)
    with pytest.raises(InputError, match=r"not released: .*int8\.tflite"):
        release(tiny_copy, tmp_path / "models")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("paper", release_module.CARRIED)
def test_a_missing_paper_is_named_and_the_older_release_stays(tiny_copy, tmp_path, verified, paper):
    release(tiny_copy, tmp_path / "models")
    (tiny_copy / paper).unlink()
    (tiny_copy / "int8.tflite").write_bytes(b"new")
    with pytest.raises(InputError, match=paper.replace(".", r"\.")):
        release(tiny_copy, tmp_path / "models")
    assert _files(tmp_path / "models") == {f"tiny/{name}" for name in LAYOUT}
    assert (tmp_path / "models/tiny/int8.tflite").read_bytes() != b"new"


def test_a_new_release_replaces_all_of_the_older(tiny_build, tmp_path, verified):
    older = tmp_path / "models" / "tiny"
    older.mkdir(parents=True)
    (older / "of the older one").write_text("x")
    shutil.copy(tiny_build / "manifest.json", older)  # of the same data
    (older / "int8.tflite").write_text("x")
    release(tiny_build, tmp_path / "models")
    assert _files(older) == LAYOUT
    assert (older / "int8.tflite").read_bytes() == (tiny_build / "int8.tflite").read_bytes()


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_on_the_way_keeps_the_older_release(tiny_build, tmp_path, verified, monkeypatch, failure):
    release(tiny_build, tmp_path / "models")
    marker = tmp_path / "models/tiny/of the older one"
    marker.write_text("x")
    copied, copy = [], shutil.copyfile

    def failing(source, target):
        if len(copied) == 3:
            raise failure
        copied.append(copy(source, target))

    monkeypatch.setattr(release_module.shutil, "copyfile", failing)
    with pytest.raises(type(failure)):
        release(tiny_build, tmp_path / "models")
    assert len(copied) == 3 and marker.exists()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]


@pytest.mark.parametrize("place", ["models", "models/tiny"])
def test_a_file_where_a_folder_should_be_is_named_and_kept(tiny_build, tmp_path, verified, place):
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("mine")
    with pytest.raises(InputError, match=f"{place}: a file stands where"):
        release(tiny_build, tmp_path / "models")
    assert (tmp_path / place).read_text() == "mine"


def test_an_evaluation_on_other_data_is_not_released(tiny_copy, tmp_path, verified):
    """`evaluate --data OTHER` rewrites evaluation.json; the manifest's figures are then not those of the card."""
    evaluation = read_json(tiny_copy / "evaluation.json")
    evaluation["artifacts"]["int8"]["test"]["accuracy"] = 0.123
    write_json(tiny_copy / "evaluation.json", evaluation)
    with pytest.raises(InputError, match=r"evaluation\.json and manifest\.json differ"):
        release(tiny_copy, tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_folder_that_is_no_build_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"manifest\.json"):
        release(tmp_path, tmp_path / "models")
