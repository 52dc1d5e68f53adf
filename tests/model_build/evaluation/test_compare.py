"""`report A B`: paired tests, classes, calibration and clock of two builds, as a page and in the terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import model_build.__main__ as build_main
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.evaluation.compare import compare, difference_interval
from model_build.evaluation.evaluate import evaluate_build
from model_build.evaluation.evaluation_file import pack_bits, unpack_bits
from model_build.reporting.compare_report import print_comparison, verdict, write_comparison
from tests.support.paths import ROOT
from tests.support.report import Noisy, Page, dataset, write_contract

RELEASED = ROOT / "models" / "small"
FIRST, SECOND = set(range(140, 160)), set(range(155, 165))  # test rows that each gets wrong


def _build(folder: Path, wrong: set[int], **changes) -> Path:
    folder.mkdir()
    data = dataset(**changes)
    write_contract(folder, data.class_names)
    evaluate_build(folder, data, {"float": Noisy(data, wrong), "int8": Noisy(data, wrong)})
    write_json(folder / "config.json", {"name": folder.name})
    return folder


@pytest.fixture
def builds(tmp_path):
    """Two builds of the same 70 test images: A is wrong on 20 of them, B on 10; 5 are wrong in both."""
    return [_build(tmp_path / "first", FIRST), _build(tmp_path / "second", SECOND)]


@pytest.mark.parametrize("count", [1, 7, 8, 9, 3589])
def test_bits_come_back(count):
    right = np.random.default_rng(count).random(count) < 0.7
    assert unpack_bits(pack_bits(right), count).tolist() == right.tolist()
    with pytest.raises(ValueError, match="rows need"):
        unpack_bits(pack_bits(right), count + 8)


def test_images_are_paired(builds):
    result = compare(builds)
    by_name = {entry["name"]: entry for entry in result["sets"]}
    entry = by_name["PrivateTest"]
    assert (entry["images"], entry["only_a"], entry["only_b"]) == (70, 5, 15)
    assert entry["a"] == pytest.approx(50 / 70, abs=1e-5)
    assert entry["difference"] == pytest.approx(10 / 70, abs=1e-5)
    assert entry["p_value"] == pytest.approx(0.0413895, rel=1e-4)  # two-sided binomial test of 5 of 20
    assert entry["interval"][0] < entry["difference"] < entry["interval"][1]
    assert by_name["PublicTest"]["p_value"] == 1.0
    assert (by_name["PrivateTest without leaked"]["images"], result["headline"]) == (69, "PrivateTest")
    assert (result["names"], result["latency"]) == (["first", "second"], {})


def test_classes_calibration_and_drift_are_those_of_the_evaluations(builds):
    result = compare(builds)
    scores = [read_json(folder / "evaluation.json")["artifacts"]["int8"]["PrivateTest"] for folder in builds]
    for side, key in enumerate("ab"):
        for figure in ("recall", "f1"):
            found = [entry[f"{figure}_{key}"] for entry in result["classes"]]
            assert found == [entry[figure] for entry in scores[side]["per_class"]]
        assert result["calibration"][side]["ece"] == scores[side]["ece"]
        assert result["drift"][side]["float"]["agreement"] == 1.0
        assert result["drift"][side]["int8"]["accuracy"] == scores[side]["accuracy"]


def test_the_interval_is_agresti_and_min_s():
    # 1,600 pairs, 150 and 86 discordant: their example of approval ratings, difference 0.04, about 0.021 to 0.059.
    low, high = difference_interval(86, 150, 1600)
    assert (round(low, 3), round(high, 3)) == (0.021, 0.059)
    assert difference_interval(0, 0, 10)[0] < 0 < difference_interval(0, 0, 10)[1]


def test_the_page_holds_every_section_and_fetches_nothing(builds, tmp_path):
    result = compare(builds)
    page = Page(write_comparison(result, tmp_path / "out" / "compare.html"))
    assert page.sections == ["headline", "sets", "classes", "calibration", "drift"]
    assert page.open == []
    assert all(address.startswith(("data:", "#")) for address in page.addresses)
    assert "+14.3" in page.text and "p = 0.041" in page.text
    assert page.source.count("<svg") > 3


def test_names_that_a_user_chose_are_escaped(builds, tmp_path):
    write_json(builds[0] / "config.json", {"name": "<b>bold"})
    source = write_comparison(compare(builds), tmp_path / "c.html").read_text(encoding="utf-8")
    assert "<b>bold" not in source
    assert "&lt;b&gt;bold" in source


def test_builds_of_one_name_are_told_apart_by_their_folders(builds):
    write_json(builds[0] / "config.json", {"name": "same"})
    write_json(builds[1] / "config.json", {"name": "same"})
    assert compare(builds)["names"] == [str(folder) for folder in builds]


def test_the_terminal_gets_tables_and_a_verdict(builds, capsys):
    result = compare(builds)
    print_comparison(result)
    text = capsys.readouterr().out
    assert "first against second" in text and "71.43%" in text and "85.71%" in text
    assert "15 images only second gets right, 5 only first (p = 0.041, more than chance explains)" in verdict(
        result
    )


def test_the_command_writes_the_page_where_it_is_told(builds, tmp_path, capsys):
    out = tmp_path / "page.html"
    assert build_main.main(["report", *map(str, builds), "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip().endswith(str(out))
    assert "second" in out.read_text(encoding="utf-8")


def test_other_images_are_refused(builds, tmp_path, capsys):
    other = _build(tmp_path / "other", FIRST, votes=False)
    with pytest.raises(InputError, match="evaluated on other images than"):
        compare([builds[0], other])
    assert build_main.main(["report", str(builds[0]), str(other), "--out", str(tmp_path / "x.html")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "x.html").exists()


def test_an_evaluation_without_the_images_says_what_to_do(builds):
    path = builds[1] / "evaluation.json"
    old = read_json(path)
    del old["right"]
    write_json(path, old)
    with pytest.raises(InputError, match=r"second/evaluation\.json: .* run `python -m model_build evaluate"):
        compare(builds)
    old["right"] = {"int8": {"PublicTest": "AA=="}}
    write_json(path, old)
    with pytest.raises(InputError, match="damaged"):
        compare(builds)


def test_artifacts_of_both_take_turns_before_the_clock(builds):
    for folder in builds:
        shutil.copy(RELEASED / "int8.tflite", folder)
        shutil.copytree(RELEASED / "tfjs", folder / "tfjs")
        write_json(folder / "contract.json", read_json(RELEASED / "manifest.json")["contract"])
    shutil.copy(RELEASED / "float32.tflite", builds[0])  # only one has it
    timed = compare(builds, rounds=3)["latency"]
    assert list(timed) == ["int8", "tfjs"]
    for pair in timed.values():
        assert len(pair) == 2
        assert all(0 < entry["median_ms"] <= entry["p90_ms"] and entry["bytes"] > 1000 for entry in pair)
