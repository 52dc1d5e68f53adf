"""report.html and MODEL_CARD.md: what they say, what they leave out, and that they fetch nothing."""

from __future__ import annotations

import re

import pytest

from face_emotion.errors import InputError
from model_build.evaluation.finished_build import artifact_rows, read_build
from model_build.reporting.model_card import write_model_card
from model_build.reporting.report import write_report
from model_build.reporting.texts import flat
from tests.support.report import Page, dataset, evaluate, write_build


@pytest.fixture
def build(tmp_path):
    """A build folder with nothing but evaluation.json."""
    return write_build(tmp_path / "small")


@pytest.fixture
def full_build(tmp_path):
    """A build folder with all that a report can tell of."""
    return write_build(tmp_path / "small", full=True)


def test_the_bare_report_has_only_the_sections_it_can_fill(build):
    page = Page(write_report(build))
    assert page.sections == [
        "headline", "classes", "certainty", "calibration", "artifacts", "quantisation", "data", "limits",
        "glossary", "provenance",
    ]  # fmt: skip
    assert page.open == []
    assert "img" not in page.tags


def test_the_full_report_has_every_section(full_build):
    page = Page(write_report(full_build, dataset()))
    assert page.sections == [
        "headline", "classes", "certainty", "calibration", "errors", "artifacts", "quantisation", "curves",
        "data", "audit", "limits", "glossary", "provenance",
    ]  # fmt: skip
    assert page.open == []
    assert page.tags.count("svg") >= 3 + 7 + 3  # a training, certainty, reliability, classes, intervals
    assert page.source.count("kept: epoch 5, 55.0 %") == 1
    for said in ("481,234", "0.31", "two cores", "820,516", "oldest_runtime", "settings.seed", "a <b>"):
        assert said in page.text


def test_the_report_fetches_nothing(full_build):
    page = Page(write_report(full_build, dataset()))
    assert page.addresses
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in page.addresses)
    without_images = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", page.source)
    assert not re.search(r"https?:|//[a-z]|url\((?!#)|@import|<script|<link|<iframe", without_images)
    assert "default-src 'none'" in page.source


def test_the_headline_is_the_int8_files_figure(build):
    page = Page(write_report(build))
    score = read_build(build).headline
    assert score["accuracy"] == pytest.approx(50 / 70, rel=1e-5)
    headline = page.text[: page.text.index("Artifacts")]
    assert "71.4 %" in headline
    low, high = score["interval"]
    assert f"95 % interval {100 * low:.1f}–{100 * high:.1f} %, 70 images, one crop" in headline


def test_the_errors_are_shown_with_a_warning_only_where_a_data_set_is_given(build):
    page = Page(write_report(build, dataset()))
    assert page.tags.count("img") == 20
    assert "may not be redistributed" in page.text
    assert "crowd: " in page.text
    bare = Page(write_report(build))
    assert "img" not in bare.tags
    assert "redistributed" not in bare.text


def test_drawn_faces_need_no_warning(tmp_path):
    data = dataset("synthetic", votes=False)
    evaluate(tmp_path, data)
    page = Page(write_report(tmp_path, data))
    assert "The faces are drawn." in page.text
    assert 'class="warn"' not in page.source


def test_another_data_set_is_refused(build):
    with pytest.raises(InputError, match="evaluated on another data set than this FER2013; give the same"):
        write_report(build, dataset(votes=False))
    assert not (build / "report.html").exists()


def test_own_class_names_are_escaped(tmp_path):
    names = ("<script>alert(1)</script>", "a|b $x$ {{ y }}", "plain")
    data = dataset("mine & yours", names, votes=False)
    evaluate(tmp_path, data)
    page = Page(write_report(tmp_path, data))
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text
    assert "mine & yours" in page.text
    card = write_model_card(tmp_path).read_text(encoding="utf-8")
    assert "<script>" not in card.replace(r"\<script", "")
    assert r"| a\|b $x$ {{ y }} |" in card


def test_sets_without_anything_left_out_are_not_told_twice(tmp_path):
    data = dataset("mine", ("a", "b"), votes=False)
    evaluate(tmp_path, data)
    text = Page(write_report(tmp_path)).text
    figures, _, glossary = text.partition("The words of this report")
    assert glossary.count("without leaked") == 1
    assert figures.count("without leaked") == 1  # test lost a row to the training split, validation none
    assert "every choice made on validation; test opened" in text


@pytest.mark.parametrize("place", ["config.json", "float/history.json", "benchmark.json", "audit/audit.json"])
@pytest.mark.parametrize("content", ["{", '"text"'])
def test_a_damaged_file_is_named(build, place, content):
    (build / place).parent.mkdir(exist_ok=True)
    (build / place).write_text(content)
    with pytest.raises(InputError, match=place):
        write_report(build)


def test_a_folder_without_evaluation_says_what_to_run(tmp_path):
    for write in (write_report, write_model_card):
        with pytest.raises(
            InputError, match=r"evaluation\.json: no such file; run .python -m model_build evaluate"
        ):
            write(tmp_path)
        with pytest.raises(InputError, match="no such build folder"):
            write(tmp_path / "gone")


def test_rows_join_evaluation_files_and_benchmark(full_build):
    (full_build / "int8.tflite").write_bytes(bytes(1234))
    (full_build / "float" / "checkpoint.npz").write_bytes(bytes(99))
    rows = {row.name: row for row in artifact_rows(read_build(full_build))}
    assert list(rows) == ["float", "int8", "int8_ptq", "peer"]
    assert (rows["int8"].bytes, rows["int8"].median_ms) == (
        1234,
        0.314,
    )  # the file itself, not what was timed
    assert rows["int8"].agreement_float == pytest.approx(139 / 140, rel=1e-5)
    assert rows["float"].bytes == 99
    assert (rows["int8_ptq"].bytes, rows["int8_ptq"].median_ms) == (None, None)
    assert (rows["peer"].bytes, rows["peer"].accuracy) == (820_516, None)


def test_flat_lists_every_leaf():
    value = {"a": 1, "b": {"c": [1, 2], "d": [{"e": None}]}, "f": []}
    assert list(flat(value)) == [("a", 1), ("b.c", "1, 2"), ("b.d.0.e", None), ("f", "")]
