"""kernels.json: what `python -m converters kernels` writes, and how a wrong one is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from converters.__main__ import main
from converters.kernels import check_kernels, kernel_check, reference_classifier
from converters.manifest import read_contract
from converters.tflite_reader import read_tflite
from face_emotion.errors import InputError
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


def test_a_network_that_the_reference_kernels_cannot_run_has_no_such_inputs(tmp_path: Path) -> None:
    """Logits within a millionth, as of a network that has hardly been trained: LiteRT ends the process."""
    contract = read_contract(NANO)
    place = shutil.copyfile(NANO / "int8.tflite", tmp_path / "int8.tflite")
    graph = read_tflite(place)
    convolution = [entry for entry in graph.operators if entry.name == "CONV_2D"][-2]
    content = place.read_bytes()
    for index in (
        *convolution.inputs[1:],
        *convolution.outputs,
    ):  # kernel, bias and logits of the blended answer
        scales = graph.tensors[index].quantization.scale.astype("<f4")
        assert scales.tobytes() in content
        content = content.replace(scales.tobytes(), (scales * np.float32(1e-7)).tobytes())
    place.write_bytes(content)
    assert reference_classifier(place, contract) is None
    assert kernel_check(place, contract).to_dict("f" * 64)["inputs"] == []
    place.write_bytes(place.read_bytes()[:4000])
    with pytest.raises(InputError, match=r"int8\.tflite: damaged or not a \.tflite model"):
        reference_classifier(place, contract)
