"""A video's whole length with the real recognizer in headless Chromium: who showed what when, files, and bad files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from face_emotion.contract import FER2013_LABELS
from tests.support.browser import (
    READING,
    chromium_before_a_wall,
    hide,
    page_of,
    passing,
    require_chromium,
    state_of,
    until,
    wait_for_state,
)
from tests.support.videos import HAPPY, SURPRISE, write_video
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

WATCH = """
window.shares = [];
window.said = [];
const progress = document.querySelector('.read progress');
new MutationObserver(() => {
  if (progress.hidden) return;
  shares.push(progress.value);
  said.push(document.querySelector('.read p').textContent);
}).observe(progress, {attributes: true});
"""
LINES = """[...document.querySelectorAll('.line')].map((line) => [
  line.querySelector('.line-name').textContent,
  line.querySelector('.line-shares').textContent.replaceAll('\u202f', ' '),
  [...line.querySelectorAll('path')].map((path) => path.getAttribute('d')).join(' ')])"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with chromium_before_a_wall(tmp_path_factory.mktemp("camera")) as running:
        yield running


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of somebody who smiles, one and a half of nobody, two of somebody who is surprised."""
    path = tmp_path_factory.mktemp("clip") / "clip.webm"
    return write_video(path, [(HAPPY, 2), (None, 1.5), (SURPRISE, 2)]).read_bytes()


def open_video(page, content: bytes, name: str = "clip.webm") -> None:
    """Opens a video, and waits until it can be read."""
    wait_for_state(page, "ready")
    page.set_input_files("#file", {"name": name, "mimeType": "video/webm", "buffer": content})
    page.wait_for_selector(".read button:enabled")


def read(page, rate: str = "10") -> str:
    """Has the whole video read; returns what the page says then."""
    page.select_option(".read select", rate)
    with passing(page, READING):
        page.click(".read button")
    return ended(page)


def ended(page) -> str:
    until(page, "document.querySelector('.read progress').hidden", 60)
    return page.inner_text(".read p")


def saved(page, name: str, folder: Path) -> tuple[str, str]:
    """Presses a button of the panel; returns the file's name and what is in it."""
    with page.expect_download() as download:
        page.locator(".whole .panel-head").get_by_role("button", name=name).click()
    path = folder / "saved"
    download.value.save_as(path)
    return download.value.suggested_filename, path.read_bytes().decode("utf-8")


def test_each_face_has_its_line_and_its_files(server: Server, browser, clip: bytes, tmp_path: Path):
    with page_of(browser, server.url) as page:
        open_video(page, clip, "talk.webm")
        until(
            page,
            r"/frames: about 0:\d\d on this device\.$/.test(document.querySelector('.read p').textContent)",
        )
        page.evaluate(WATCH)
        assert re.fullmatch(r"Read to its end in 0:\d\d, \d+\.\d× real time\.", read(page))
        shares, said = page.evaluate("[shares, said]")
        assert shares == sorted(shares) and len(set(shares)) > 10 and shares[0] < 0.1 and shares[-1] > 0.9
        assert any(re.search(r"^\d+% · \d+\.\d× real time · 0:\d\d left\.", line) for line in said), said
        assert page.evaluate(LINES) == [
            ["Face 1", "happy 100 % · seen for 0:02", "M0 0h363.64v20h-363.64z"],
            ["Face 2", "surprise 100 % · seen for 0:02", "M636.36 0h363.64v20h-363.64z"],
        ]
        best = [
            text.replace("\u202f", " ").split("\n") for text in page.locator(".best button").all_inner_texts()
        ]
        assert [(word.split()[0], place.split(" · ")[1]) for word, place in best] == [
            ("happy", "Face 1"),
            ("surprise", "Face 2"),
        ]
        assert best[0][1][:4] in ("0:00", "0:01") and best[1][1][:4] in ("0:03", "0:04", "0:05")
        assert state_of(page) is None and page.inner_text("#pause") == "Resume"
        until(page, "announcer.textContent.startsWith('The whole video was read: 2 faces.')")

        name, text = saved(page, "CSV", tmp_path)
        assert name == "talk.expressions.csv"
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        shown = [f"p_{label}" for label in FER2013_LABELS]
        assert list(rows[0]) == ["seconds", "face", "label", "certain", *shown, "x", "y", "width", "height"]
        seconds = [number / 10 for number in [*range(20), *range(35, 55)]]
        assert [float(row["seconds"]) for row in rows] == seconds
        assert [(row["face"], row["label"], row["certain"]) for row in rows] == [
            ("1", "happy", "true")
        ] * 20 + [("2", "surprise", "true")] * 20
        assert all(abs(sum(float(row[name]) for name in shown) - 1) < 0.001 for row in rows)
        assert all(100 < float(row["x"]) < 400 and 60 < float(row["width"]) < 300 for row in rows)

        name, text = saved(page, "JSON", tmp_path)
        found = json.loads(text)
        samples = found.pop("samples")
        assert name == "talk.expressions.json" and found == {
            "file": "talk.webm",
            "model": "small",
            "engine": "tfjs",
            "labels": list(FER2013_LABELS),
            "duration": 5.5,
            "framesPerSecond": 10,
            "frames": 55,
            "framesLeftOut": 0,
            "readUntil": 5.5,
            "whole": True,
            "faces": [
                {"face": 1, "seconds": 2, "shares": {"happy": 1}},
                {"face": 2, "seconds": 2, "shares": {"surprise": 1}},
            ],
        }
        assert [sample["seconds"] for sample in samples] == seconds


@pytest.mark.parametrize(
    ("locale", "title", "shares"),
    [
        ("en-GB", "Expressions in ", "Share of the time in view"),
        ("de-DE", "Gesichtsausdrücke in ", "Anteil an der Zeit im Bild"),
    ],
)
def test_the_report_needs_nothing_but_itself(
    server: Server, browser, clip: bytes, tmp_path: Path, locale: str, title: str, shares: str
):
    video = "</title><script>document.title = 'mine'</script><img src=x onerror=alert(1)>.webm"
    with page_of(browser, server.url, locale=locale) as page:
        open_video(page, clip, video)
        read(page, "5")
        _, text = saved(page, "Bericht" if locale == "de-DE" else "Report", tmp_path)
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")
    context = browser.new_context(offline=True)
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: wrong.append(message.text))
    context.on("dialog", lambda dialog: wrong.append(dialog.message))
    try:
        report = context.new_page()
        report.goto(path.as_uri())
        assert report.title() == f"{title}{video}" and report.inner_text("h1") == f"{title}{video}"
        assert [url for url in asked if not url.startswith("data:image/jpeg;base64,")] == [path.as_uri()]
        assert wrong == [] and report.locator("script, link, iframe, [onerror]").count() == 0
        assert report.evaluate("document.documentElement.lang") == locale[:2]
        assert report.evaluate("[...document.images].map(({naturalWidth}) => naturalWidth)") == [192, 192]
        lines = report.evaluate(
            "[...document.querySelectorAll('.face path')].map((path) => path.getAttribute('d'))"
        )
        assert lines == ["M0 0h363.64v20h-363.64z", "M654.55 0h345.45v20h-345.45z"]
        assert report.get_by_role("heading", name=shares).count() == 1
        table = [row.replace("\u202f", " ").split("\t") for row in report.locator("tr").all_inner_texts()]
        face, happy, surprise = (
            ("Gesicht", "fröhlich", "überrascht") if locale == "de-DE" else ("Face", "happy", "surprise")
        )
        assert table[0][2:] == [happy, surprise]
        assert table[1:] == [[f"{face} 1", "0:02", "100 %", "0 %"], [f"{face} 2", "0:01", "0 %", "100 %"]]
        assert "small" in report.inner_text("dl") and "TensorFlow.js" in report.inner_text("dl")
        assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        context.close()


def test_a_small_video_is_read_faster_than_it_plays(server: Server, browser, clip: bytes):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        said = read(page, "5")
        assert float(re.search(r"([\d.]+)× real time", said)[1]) > 1, said


def test_stopped_on_the_way_what_was_read_is_kept(server: Server, browser, clip: bytes, tmp_path: Path):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        page.select_option(".read select", "25")
        page.click(".read button")
        until(page, "document.querySelector('.read progress').value > 0.1")
        assert page.locator("#pause").is_disabled() and page.locator(".seek input").is_disabled()
        page.click(".read button")
        assert re.fullmatch(r"Read up to 0:0\d of 0:05; what was read is kept\.", ended(page))
        found = json.loads(saved(page, "JSON", tmp_path)[1])
        assert not found["whole"] and 13 < found["frames"] < 137
        assert {sample["label"] for sample in found["samples"]} == {"happy"} or found["readUntil"] > 3.5
        page.click("#pause")
        until(page, "!video.paused")
        page.click("#stop")
        wait_for_state(page, "video")
        assert not page.locator(".whole").is_visible() and not page.locator(".seek").is_visible()


def test_out_of_sight_it_waits_and_then_it_goes_on(server: Server, browser, clip: bytes, tmp_path: Path):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        page.click(".read button")
        until(page, "document.querySelector('.read progress').value > 0.1")
        hide(page, True)
        until(page, "document.querySelector('.read p').textContent.startsWith('Waiting')")
        page.wait_for_timeout(300)
        share = page.evaluate("document.querySelector('.read progress').value")
        page.wait_for_timeout(700)
        assert page.evaluate("document.querySelector('.read progress').value") == share < 1
        hide(page, False)
        assert ended(page).startswith("Read to its end")
        found = json.loads(saved(page, "JSON", tmp_path)[1])
        assert found["frames"] == 55 and [face["seconds"] for face in found["faces"]] == [2, 2]


def test_another_model_ends_it_and_can_read_it_again(server: Server, browser, clip: bytes, tmp_path: Path):
    with page_of(browser, server.url) as page:
        open_video(page, clip)
        page.select_option(".read select", "25")
        page.click(".read button")
        until(page, "document.querySelector('.read progress').value > 0.1")
        page.select_option("#model", label="nano")
        begins = "Another model was chosen: small has read up to"
        said = begins + r" 0:0\d of 0:05, and what it read is kept\. Read it again for the new one\."
        assert re.fullmatch(said, ended(page))
        until(page, "announcer.textContent.includes('" + begins + "')")
        until(page, "document.querySelector('.read button').disabled === false", 40)
        assert re.fullmatch(said, page.inner_text(".read p"))
        assert read(page, "5").startswith("Read to its end")
        assert json.loads(saved(page, "JSON", tmp_path)[1])["model"] == "nano"
