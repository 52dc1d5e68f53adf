"""Our TF.js writer against the stock converter, for real: tensorflowjs in a process of its own, both models in node."""

from __future__ import annotations

import importlib.util
import json

import pytest

from converters.tfjs_stock import convert_stock
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.__main__ import main
from model_build.evaluation.stock_tfjs import read_stock
from model_build.reporting.report import write_report
from tests.support.report import Page, write_build

FOUND = {
    "pictures": 1000,
    "largest_difference": 9.2e-07,
    "agreement": 1.0,
    "rounds": 200,
    "forms": {
        "stock": {"bytes": 1395416, "median_ms": 2.44, "ratio": 1.0},
        "float": {"bytes": 1368224, "median_ms": 1.7, "ratio": 0.92},
        "released": {"bytes": 400100, "median_ms": 3.1, "ratio": 1.36},
    },
    "quantised": {"refused": "ValueError: Unsupported Ops <FakeQuant>"},
}


@pytest.mark.skipif(
    importlib.util.find_spec("tensorflowjs") is None, reason="tensorflowjs has no package for this platform"
)
def test_our_float_model_is_the_stock_converters_to_1e_5_and_that_refuses_the_quantised_network(
    tiny_copy, tmp_path, capsys
):
    (tiny_copy / "stock_tfjs.json").unlink(missing_ok=True)
    assert main(["stock", str(tiny_copy), "--keep", str(tmp_path / "kept"), "--rounds", "3"]) == 0
    said = capsys.readouterr().out
    found = read_json(tiny_copy / "stock_tfjs.json")
    assert found["pictures"] == 1000
    assert found["largest_difference"] < 1e-5
    assert found["agreement"] == 1.0
    assert "FakeQuantWithMinMaxVars" in found["quantised"]["refused"]
    assert "The stock converter refuses the quantised network" in said
    assert found["forms"]["released"]["bytes"] < found["forms"]["stock"]["bytes"]
    model = json.loads((tmp_path / "kept/model.json").read_text())
    assert model["convertedBy"] == "TensorFlow.js Converter v4.22.0"


def test_a_folder_without_a_saved_model_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no SavedModel \(no saved_model\.pb\)$"):
        convert_stock(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_kept_model_replaces_nothing(tiny_copy, tmp_path, capsys):
    (tmp_path / "kept").mkdir()
    assert main(["stock", str(tiny_copy), "--keep", str(tmp_path / "kept")]) == 2
    assert (
        capsys.readouterr().err
        == f"error: --keep {tmp_path / 'kept'}: is there already; name another folder\n"
    )


def test_the_report_shows_what_was_found(tmp_path):
    build = write_build(tmp_path / "small", full=True)
    (build / "stock_tfjs.json").write_text(json.dumps(FOUND))
    page = Page(write_report(build))
    assert "stock" in page.sections
    for said in ("1,395,416", "2.44", "1.36", "9.2e-07", "100.00%", "Unsupported Ops <FakeQuant>"):
        assert said in page.text


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "stock_tfjs.json").write_text("[]")
    with pytest.raises(
        InputError, match=r"stock_tfjs\.json: not what this kit writes there; run stock again$"
    ):
        read_stock(tmp_path)
