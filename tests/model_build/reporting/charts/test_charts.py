"""Charts as inline SVG: scales, ticks, bars and words as literal markup; names are escaped; colours are the page's."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from model_build.reporting.charts.bars import difference_bar, interval_bar, interval_mark, share_bar
from model_build.reporting.charts.colours import SHADES, series_of, shade_of
from model_build.reporting.charts.coverage import coverage_curves, legend
from model_build.reporting.charts.damages import damage_panel
from model_build.reporting.charts.elements import chart, element
from model_build.reporting.charts.frame import Frame, percent_ticks, ticks, widened
from model_build.reporting.charts.lines import training_curves
from model_build.reporting.charts.matrix import matrix_chart
from model_build.reporting.charts.reliability import reliability_diagram, reliability_pair
from model_build.reporting.page import standalone
from tests.support.paths import ROOT

HOSTILE = '<script>alert(1)</script> & "x" {{ y }}'
BINS = [
    {"confidence": 0.5, "accuracy": 0.25, "count": 30},
    {"confidence": 0.75, "accuracy": 0.8, "count": 60},
]
CERTAINTY = {
    "coverage": 0.5,
    "accuracy": 0.9,
    "curve": [{"coverage": 0.5, "accuracy": 0.9}, {"coverage": 1.0, "accuracy": 0.62}],
}
LEVELS = [
    {"amount": 0.1, "accuracy": 0.6, "interval": [0.5, 0.7]},
    {"amount": 0.2, "accuracy": 0.4, "interval": [0.3, 0.5]},
]


def history(epochs: int) -> list[dict]:
    rows = [
        {"epoch": epoch, "loss": 2 / epoch, "selection_accuracy": epoch / 10}
        for epoch in range(1, epochs + 1)
    ]
    rows[-1]["kept"] = True
    return rows


def test_elements_escape_text_and_attributes_and_round_numbers():
    made = element("text", "a<b", x=1.006, y=2.0, stroke_width=2.5, class_='"c"', dash=None)
    assert made == '<text x="1.01" y="2" stroke-width="2.5" class="&#34;c&#34;">a&lt;b</text>'
    assert element("rect", width=0.0) == '<rect width="0"/>'
    assert element("g", element("rect", x=1)) == '<g><rect x="1"/></g>'


def test_a_chart_is_an_image_with_words():
    made = chart(30, 20.5, "half < all")
    assert made == (
        '<svg class="chart" viewBox="0 0 30 20.5" role="img" aria-label="half &lt; all" font-size="12"/>'
    )


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [
        (0, 1, 4, [0, 0.5, 1]),
        (0.2, 0.65, 3, [0.2, 0.4, 0.6]),
        (1, 12, 5, [5, 10]),
        (1, 2, 5, [1, 1.2, 1.4, 1.6, 1.8, 2]),
        (-0.3, 0.3, 3, [-0.2, 0, 0.2]),
    ],
)
def test_ticks_are_round(low, high, count, expected):
    assert ticks(low, high, count) == expected


def test_percent_ticks_have_a_decimal_only_where_they_need_one():
    assert percent_ticks(0, 1) == [(0, "0 %"), (0.5, "50 %"), (1, "100 %")]
    assert [word for _, word in percent_ticks(0.61, 0.622, 3)] == ["61.0 %", "61.5 %", "62.0 %"]


def test_a_scale_is_never_of_no_width():
    assert widened([1, 2]) == (0.92, 2.08)
    assert widened([0.0]) == (-0.08, 0.08)
    low, high = widened([3, 3])
    assert low < 3 < high


def test_a_frame_places_values():
    frame = Frame(10, 20, 100, 50, (0, 1), (0, 2))
    assert (frame.at_x(0.25), frame.at_y(0.5)) == (35, 57.5)
    assert frame.places([0, 1], [0, 2]) == "10.0,70.0 110.0,20.0"


def test_a_bar_has_its_share_and_its_whiskers():
    made = interval_bar(0.5, [0.4, 0.6], "#123456", "a: 50 %")
    assert '<rect x="0" y="0" width="50" height="16" fill="#123456"/>' in made
    assert '<line x1="40" y1="8" x2="60" y2="8"' in made
    assert made.startswith(
        '<svg class="bar" viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label="a: 50 %">'
    )
    assert "<line" not in interval_bar(0.5, None, "red", "x")
    assert 'aria-hidden="true"' in share_bar(0.5, "red") and "aria-label" not in share_bar(0.5, "red")


def test_marks_and_differences_lie_where_they_should():
    made = interval_mark(0.1, 0.2, 0.3, (0, 0.4))
    assert re.findall(r'x1="([\d.]+)" y1="\d+" x2="([\d.]+)"', made) == [("25", "75"), ("50", "50")]
    zero = interval_mark(-0.1, 0.0, 0.1, (-0.2, 0.2), zero=True)
    assert re.findall(r'x1="([\d.]+)"', zero) == ["50", "25", "50"]
    assert '<rect x="25" y="0" width="25"' in difference_bar(-0.1, 0.2, "red")
    assert '<rect x="50" y="0" width="25"' in difference_bar(0.1, 0.2, "red")
    assert 'width="0"' in difference_bar(0.0, 0.0, "red")


def test_training_curves_have_a_panel_for_each_figure_and_mark_the_kept_epoch():
    made = training_curves(history(5), "float training")
    assert made.count("<polyline") == 2
    assert "training loss</text>" in made and "selection images right</text>" in made
    assert "● kept: epoch 5, 50.0 %</text>" in made
    assert (
        'aria-label="Curves of float training, 5 epochs: loss from 2.00 to 0.40, right on the selection images from '
        '10.0 % to 50.0 %; weights of epoch 5 are kept"'
    ) in made
    plain = training_curves([{"epoch": 1, "loss": 1.0}, {"epoch": 2, "loss": 0.5}], "x")
    assert plain.count("<polyline") == 1 and "selection" not in plain and "kept" not in plain


def test_both_log_losses_share_a_panel():
    rows = [row | {"selection_log_loss": 1.0, "selection_spoilt_log_loss": 1.2} for row in history(3)]
    made = training_curves(rows, "x")
    assert made.count("<polyline") == 4
    assert "log loss of the selection images (dashes: spoilt)" in made
    rows[0]["selection_spoilt_log_loss"] = None
    assert training_curves(rows, "x").count("<polyline") == 3


def test_the_reliability_diagram_says_the_fullest_bins():
    made = reliability_diagram(BINS)
    assert (
        'aria-label="Reliability diagram: at 50 % confidence 25 % right, at 75 % confidence 80 % right"'
        in made
    )
    assert made.count("<circle") == 2 and made.count("<rect") == 2
    assert reliability_pair([BINS, BINS], ["one", "two"]).count("<polyline") == 2


def test_coverage_says_the_surest_half_and_rings_the_threshold():
    made = coverage_curves([("faces", CERTAINTY), ("other", CERTAINTY | {"accuracy": None})])
    assert "faces: surest half 90 % right, all 62 %; other: surest half" in made
    assert made.count("<polyline") == 2 and made.count("<circle") == 1
    assert "60 %</text>" in made


def test_a_damage_says_its_ends():
    made = damage_panel({"name": "blur", "unit": "pixels", "levels": LEVELS}, 0.65)
    assert 'aria-label="blur: 65 % right undamaged, 60 % at 0.1, 40 % at 0.2 (pixels)"' in made
    assert damage_panel({"name": "one", "unit": "x", "levels": LEVELS[:1]}, 0.6).count("<circle") == 1


def test_names_are_escaped_everywhere_and_every_chart_is_well_formed():
    made = [
        legend([HOSTILE]),
        interval_bar(0.5, [0.4, 0.6], "red", HOSTILE),
        coverage_curves([(HOSTILE, CERTAINTY)]),
        damage_panel({"name": HOSTILE, "unit": HOSTILE, "levels": LEVELS}, 0.5),
        reliability_pair([BINS, BINS], [HOSTILE, "x"]),
        training_curves(history(3), HOSTILE),
    ]
    for svg in made:
        ET.fromstring(svg)
        assert "<script" not in svg and "&lt;script&gt;" in svg


def test_classes_have_the_pages_colours():
    palette = (ROOT / "web/static/page/palette.js").read_text(encoding="utf-8")
    listed = re.findall(r"'(#[0-9a-f]{6})'", palette.partition("const SHADES = [")[2].partition("]")[0])
    assert tuple(listed) == SHADES
    assert shade_of(0) == "#d0493c" and shade_of(7) == "hsl(243 52% 48%)"


def test_nine_lines_differ():
    assert len({series_of(index) for index in range(9)}) == 9
    assert series_of(0) == ("var(--first)", None)


def test_the_report_has_the_pages_light_and_dark():
    """The page's own colours by the page's own names, so that both look like one thing."""
    page = (ROOT / "web/static/style.css").read_text(encoding="utf-8")
    report = (ROOT / "model_build/reporting/templates/report.css").read_text(encoding="utf-8")
    for name in ("paper", "surface", "sunken", "ink", "muted", "line", "accent"):
        pattern = rf"--{name}: (#[0-9a-f]{{6}})"
        assert re.findall(pattern, report)[:2] == re.findall(pattern, page)[:2], name


def test_a_matrix_has_a_cell_for_each_training_and_set():
    made = matrix_chart(["a", HOSTILE], ["b"], [[(0.5, "40–60 %")], [(None, "no image")]])
    drawn = ET.fromstring(made)
    texts = [text.text for text in drawn.iter("text")]
    assert texts == [
        "tested on →", "trained on ↓", "b", "a", "50.0 %", "40–60 %", f"{HOSTILE[:25]}…", "–", "no image",
    ]  # fmt: skip
    strengths = [
        rect.get("fill-opacity") for rect in drawn.iter("rect") if rect.get("fill") == "var(--first)"
    ]
    assert strengths == ["0.25", "0"]
    assert drawn.get("aria-label") == f"Accuracy by training and test set: a on b 50 %; {HOSTILE} on b –"


def test_a_chart_as_a_file_brings_its_colours():
    made = standalone(chart(30, 20, "x < y", element("rect", fill="var(--first)")))
    drawn = ET.fromstring(made)
    assert [child.tag.rpartition("}")[2] for child in drawn] == ["style", "rect"]
    assert drawn.get("viewBox") == "0 0 30 20" and drawn.get("aria-label") == "x < y"
    assert re.findall(r"--first: (#\w+)", made) == ["#0d6b62", "#63d2c3"]
    assert "body" not in made
