"""kernels.json: what `python -m converters kernels` writes, and how a wrong one is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from converters.__main__ import main
from converters.kernels import check_kernels
from converters.manifest import read_contract
from face_emotion.files import read_json, write_json
from tests.support.paths import ROOT

NANO = ROOT / "models" / "nano"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the command reads of a model folder."""
    for name in ("manifest.json", "int8.tflite"):
        shutil.copyfile(NANO / name, tmp_path / name)
    return tmp_path


def test_the_released_file_is_what_the_command_writes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = read_contract(NANO)
    assert check_kernels(folder, contract) == []
    assert main(["kernels", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder / 'kernels.json'}\n"
    assert (folder / "kernels.json").read_bytes() == (NANO / "kernels.json").read_bytes()
    value = read_json(folder / "kernels.json")
    value["inputs"][3]["logits"][0] ^= 1
    write_json(folder / "kernels.json", value)
    assert check_kernels(folder, contract) == [
        f"kernels.json: not what the int8 file gives; run `python -m converters kernels {folder}`"
    ]


def test_a_folder_without_the_int8_file_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "int8.tflite").unlink()
    assert main(["kernels", str(folder)]) == 2
    line = capsys.readouterr().err
    assert line.startswith(f"error: {folder}/int8.tflite") and line.count("\n") == 1
    assert not (folder / "kernels.json").exists()
