"""Our TF.js writer against the stock converter, for real: tensorflowjs in a process of its own, both models in node."""

from __future__ import annotations

import json
import shutil

import pytest

from converters import tfjs_stock
from converters.__main__ import main as converters_main
from converters.tfjs_stock import convert_stock
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.__main__ import main
from model_build.evaluation import stock_tfjs
from model_build.evaluation.stock_tfjs import compare_stock, problem_of, read_stock
from model_build.reporting.report import write_report
from tests.support.report import STOCK, Page, write_build


@pytest.mark.skipif(not tfjs_stock.installed(), reason="tensorflowjs has no package for this platform")
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


@pytest.mark.skipif(not tfjs_stock.installed(), reason="tensorflowjs has no package for this platform")
def test_a_released_model_gives_what_its_build_gave_and_stays_as_it_was(tiny_build, tmp_path, capsys):
    released = tmp_path / "tiny"
    ignored = shutil.ignore_patterns("saved_model", "stock_tfjs.json", "contract.json")
    shutil.copytree(tiny_build, released, ignore=ignored)
    before = {path: path.read_bytes() for path in released.rglob("*") if path.is_file()}
    found = compare_stock(released, rounds=3)
    built = read_json(tiny_build / "stock_tfjs.json")
    assert {path: path.read_bytes() for path in released.rglob("*") if path.is_file()} == before
    assert found["quantised"] == built["quantised"]
    assert found["agreement"] == built["agreement"] == 1.0
    assert {name: form["bytes"] for name, form in found["forms"].items()} == {
        name: form["bytes"] for name, form in built["forms"].items()
    }


@pytest.mark.skipif(not tfjs_stock.installed(), reason="tensorflowjs has no package for this platform")
def test_the_converters_command_says_in_one_line_what_is_refused(tiny_build, tmp_path, capsys):
    source = tiny_build / "qat/saved_model"
    assert converters_main(["stock", str(source), str(tmp_path / "graph")]) == 2
    error = capsys.readouterr().err
    assert error.startswith(
        f"error: {source}: tensorflowjs refuses it (ValueError: Unsupported Ops in the model"
    )
    assert error.count("\n") == 1 and list(tmp_path.iterdir()) == []


def test_without_the_package_the_line_says_how_to_get_it(tmp_path, monkeypatch):
    (tmp_path / "saved_model.pb").write_bytes(b"something")
    monkeypatch.setattr(tfjs_stock, "PACKAGE", "tensorflowjs_that_is_not_there")
    with pytest.raises(InputError, match=r"lacks the package .*make build.*Linux on ARM64"):
        convert_stock(tmp_path, tmp_path / "out")


@pytest.mark.skipif(not tfjs_stock.installed(), reason="tensorflowjs has no package for this platform")
def test_a_process_that_breaks_is_no_refusal(tmp_path, monkeypatch):
    (tmp_path / "saved_model.pb").write_bytes(b"something")
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))  # no Python starts there
    with pytest.raises(InputError, match=r"^tensorflowjs does not run: "):
        convert_stock(tmp_path, tmp_path / "out")


def test_a_difference_above_the_tolerance_is_a_problem(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(stock_tfjs, "compare_stock", lambda *words: STOCK | {"largest_difference": 2e-5})
    assert problem_of(STOCK) is None and problem_of({}) is None
    assert main(["stock", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "error: stock_tfjs.json: our float TF.js model differs from the stock converter's by 2.0e-05 on 1,000 "
        "pictures; at most 1e-05 is expected\n"
    )


def test_a_kept_model_replaces_nothing(tiny_copy, tmp_path, capsys):
    (tmp_path / "kept").mkdir()
    assert main(["stock", str(tiny_copy), "--keep", str(tmp_path / "kept")]) == 2
    assert (
        capsys.readouterr().err
        == f"error: --keep {tmp_path / 'kept'}: is there already; name another folder\n"
    )


def test_the_report_shows_what_was_found(tmp_path):
    build = write_build(tmp_path / "small", full=True)
    (build / "stock_tfjs.json").write_text(json.dumps(STOCK))
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
