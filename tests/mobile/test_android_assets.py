"""Which model files library and app carry: the released ones, or by its name another model's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from mobile.android.ci import assets, package
from tests.support.paths import ROOT
from tests.support.runtime import write_model_folder

ANDROID = ROOT / "mobile" / "android"


def test_a_damaged_model_is_not_packed(tmp_path: Path) -> None:
    for name, path in assets.asset_files(ROOT / "models").items():
        copy = tmp_path / name.partition("/")[2]
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert {name.partition("/")[2] for name in assets.asset_files(tmp_path)} == {
        *("small/manifest.json", "small/int8.tflite", "small/kernels.json", "face_detector/manifest.json"),
        *("face_detector/LICENSE", "face_detector/near.tflite", "face_detector/far.tflite"),
    }
    for file in ("face_detector/far.tflite", "small/int8.tflite"):
        content = (tmp_path / file).read_bytes()
        (tmp_path / file).write_bytes(b"another file")
        with pytest.raises(InputError, match=rf"{re.escape(file)}: not the file that its manifest"):
            assets.asset_files(tmp_path)
        (tmp_path / file).write_bytes(content)


def test_another_models_files_are_packed_by_its_name(tmp_path: Path) -> None:
    write_model_folder(tmp_path / "models" / "small-own", ("calm", "tense"), artifacts=("int8",))
    shutil.copytree(ROOT / "models" / "face_detector", tmp_path / "models" / "face_detector")
    assets.copy_assets(tmp_path / "models", tmp_path / "assets", "small-own")
    kit = tmp_path / "assets" / "face_emotion_kit"
    assert {path.name for path in kit.iterdir()} == {"small-own", "face_detector"}
    assert {path.name for path in (kit / "small-own").iterdir()} == {"manifest.json", "int8.tflite"}
    command = package.maven_command(tmp_path, "ConsumerTest", "small-own")
    assert "-Dvariant=small-own" in command
    for pom in ("app", "publish"):  # whose steps pack the files
        text = (ANDROID / "ci" / pom / "pom.xml").read_text(encoding="utf-8")
        assert '<arg value="--variant"/>' in text and '<arg value="${variant}"/>' in text


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ("nowhere", r"nowhere/manifest\.json: no such file"),
        ("../models", r"--variant \.\./models: name a folder"),
        ("face_detector", "face_detector: has no int8"),
    ],
)
def test_a_variant_that_cannot_be_packed_is_one_line(capsys, tmp_path: Path, variant: str, said: str) -> None:
    assert package.main(["--target", str(tmp_path / "out"), "--variant", variant]) == 2
    line = capsys.readouterr().err
    assert re.search(said, line) and line.count("\n") == 1
    assert not (tmp_path / "out").exists()
