"""The report in Chromium: no sideways scroll, light and dark; nothing that axe finds; a PDF that clips no table."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from face_emotion.files import read_json, write_json
from model_build.evaluation.compare import compare
from model_build.reporting.compare_report import write_comparison
from model_build.reporting.report import write_report
from tests.support.browser import CHROMIUM, require_chromium
from tests.support.paths import ROOT
from tests.support.report import dataset, evaluate, write_build

NAMES = (
    "<script>alert(1)</script>",
    'a|b "quoted" & a name that goes on and on and on',
    "Überraschungsmomentaufnahmenbezeichnung",
)
PAGES = ("released", "full", "hostile", "compared")
PAPER = 703  # pixels between the margins of an A4 page, 186 mm
SCHEMES = ("light", "dark")
# What stands further right than the page, and is not inside a box that scrolls on its own.
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter(element =>
    element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.scroll')
).map(element => element.outerHTML.slice(0, 90))"""
# Tables and charts of which something lies outside the page or their box.
CLIPPED = """() => [...document.querySelectorAll('table, svg.chart')].filter(element => {
    const own = element.getBoundingClientRect(), box = element.parentElement;
    const outside = own.right > innerWidth + 1 || own.left < -1;
    return own.width > 0 && (outside || getComputedStyle(box).overflowX !== 'visible');
}).map(element => element.outerHTML.slice(0, 90))"""
# A heading is at most one level below the one before it.
SKIPPED = """() => {
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(heading => Number(heading.tagName[1]));
    return levels.filter((level, index) => index ? level > levels[index - 1] + 1 : level !== 1);
}"""


def released_copy(folder: Path) -> Path:
    """A copy of the released `small` with two trainings in it, of which one has a single epoch."""
    shutil.copytree(ROOT / "models" / "small", folder)
    rows = [
        {"epoch": epoch, "loss": 2 / epoch, "selection_accuracy": epoch / 20, "kept": True}
        for epoch in range(1, 13)
    ]
    write_json(folder / "float" / "history.json", rows)
    write_json(folder / "qat" / "history.json", rows[:1])
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports by name: of a released model, of a build with everything, of hostile names; and a comparison."""
    folder = tmp_path_factory.mktemp("reports")
    full = write_build(folder / "full", full=True)
    data = dataset("mine & yours", NAMES, votes=False)
    for name in ("hostile", "other"):
        evaluate(folder / name, data)
    return {
        "released": write_report(released_copy(folder / "small")),
        "full": write_report(full, dataset()),
        "hostile": write_report(folder / "hostile", data),
        "compared": write_comparison(compare([folder / "hostile", folder / "other"]), folder / "both.html"),
    }


@pytest.fixture(scope="module")
def opened(pages: dict[str, Path]) -> Iterator[Callable]:
    """Opens one of `pages` from disk; every request but that for the file itself is an error."""
    require_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def open_page(name: str, width: int = 1440, scheme: str = "light", **more: object):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.goto(pages[name].as_uri())
            assert [url for url in asked if not url.startswith("data:")] == [pages[name].as_uri()]
            return page

        yield open_page
        browser.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_but_tables_in_their_boxes(opened, name):
    for width in (320, 390, 1440):
        for scheme in SCHEMES:
            page = opened(name, width, scheme)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate(OUTSIDE) == []
            page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_headings_are_in_order(opened, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(name, 390, scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    violations = axe.run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert page.evaluate(SKIPPED) == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_it_is_light_and_no_table_is_clipped(opened, name):
    page = opened(name, PAPER, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 31, 30)"
    assert page.evaluate(CLIPPED) == []
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", printed)) > 0
    page.close()


def test_row_heads_stay_while_a_table_scrolls(opened):
    page = opened("released", 390)
    place = "document.querySelector('.matrix tbody th').getBoundingClientRect().left"
    before = page.evaluate(place)
    page.evaluate("document.querySelector('.scroll:has(.matrix)').scrollLeft = 60")
    assert page.evaluate("document.querySelector('.scroll:has(.matrix)').scrollLeft") == 60
    assert page.evaluate(place) == before
    page.close()


def test_one_epoch_has_a_sentence_and_no_chart_of_one_dot(pages):
    source = pages["released"].read_text(encoding="utf-8")
    section = source.partition('<section id="curves">')[2].partition("</section>")[0]
    assert section.count("<svg") == 1 and "12 epochs" in section
    assert "One epoch: training loss 2.00, 5.0 % of the selection images right. Curves need two." in section


def test_selection_is_explained(pages):
    source = pages["released"].read_text(encoding="utf-8")
    assert "Epochs are chosen by the selection images (PublicTest without leaked)" in source
    assert "<dt>selection images</dt><dd>The part of the data by which epochs are chosen" in source


def test_names_stay_escaped_in_charts_too(pages):
    for name in ("hostile", "compared"):
        source = pages[name].read_text(encoding="utf-8")
        assert "<script" not in source
        labels = re.findall(r'aria-label="([^"]*)"', source)
        assert name == "compared" or any(
            "&lt;script&gt;alert(1)&lt;/script&gt;: " in label for label in labels
        )


def test_every_headline_figure_of_drawn_faces_says_so(tmp_path):
    folder = released_copy(tmp_path / "small")
    plain = write_report(folder).read_text(encoding="utf-8")
    beside = "our writer and the stock converter on 1,000 drawn faces, whatever the model was trained on"
    assert plain.count("drawn faces") == plain.count("1,000 drawn faces: largest difference") == 1, beside
    evaluation = read_json(folder / "evaluation.json")
    write_json(
        folder / "evaluation.json", evaluation | {"dataset": evaluation["dataset"] | {"name": "synthetic"}}
    )
    source = write_report(folder).read_text(encoding="utf-8")
    for said in (
        "<title>small on synthetic: 68.7 % of drawn faces right</title>",
        "<h1>small on synthetic, drawn faces</h1>",
        '<p class="figure">68.7 %</p>\n    <p class="figure-of">of 3,589 drawn faces named right</p>',
        "Every figure here is of drawn faces",
        "of the drawn faces labelled happy",
        "It is certain on 83 % of the drawn faces",
        "Found, of all drawn faces of a class",
        "accuracy, drawn faces",
        "images of drawn faces), 65.6 % as they are",
    ):
        assert said in source, said
