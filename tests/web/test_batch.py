"""Many pictures at once with the real recognizer in headless Chromium: read, filtered, exported, shown one by one."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import (
    LOADING,
    chromium,
    page_of,
    passing,
    require_chromium,
    until,
    wait_for_state,
)
from tests.support.pictures import EXPECTED, ORDER, REFUSED, SAMPLES, write_twenty
from tests.support.web import Server, released_models, serving

require_chromium()
pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")

ALL_READ = "/^(All read|There is no)/.test(document.querySelector('.batch-status')?.textContent)"
COLUMNS = [
    "source",
    "time",
    "face",
    "track",
    "score",
    "x_min",
    "y_min",
    "x_max",
    "y_max",
    "label",
    "certain",
    "small",
]
LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--models", str(released_models())) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_twenty(tmp_path_factory.mktemp("twenty"))


def opened(page, *files: Path) -> None:
    """Chooses files once the page is ready."""
    wait_for_state(page, "ready")
    page.get_by_role("radio", name="Picture").check()
    page.set_input_files("#file", list(files))
    page.wait_for_selector(".batch")


def named(page) -> list[str]:
    """What a screen reader says of the tiles that are shown."""
    return page.eval_on_selector_all(
        ".tile:not([hidden]) .tile-open", "tiles => tiles.map((tile) => tile.getAttribute('aria-label'))"
    )


def saved(page, form: str) -> str:
    with page.expect_download() as waiting:
        page.locator(".batch").get_by_role("button", name=form).click()
    return Path(waiting.value.path()).read_bytes().decode()


def drop(page, path: Path) -> None:
    """Drops a file or folder of the disk on the page, as a file manager does."""
    box = page.locator("#input").bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 200}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})


def kind(page, name: str):
    return page.locator(".kind").filter(has_text=name)


def test_twenty_files_of_which_some_are_damaged_are_read_filtered_and_exported(
    server: Server, browser, twenty: list[Path]
):
    with page_of(browser, server.url) as page:
        opened(page, *twenty)
        until(page, ALL_READ, 120)
        assert (
            page.inner_text(".batch-status") == "All read: 13 with a face, 1 without, 6 that cannot be read"
        )
        tiles = dict(label.split(": ", 1) for label in named(page))
        assert list(tiles) == ORDER
        assert {name: tiles[name] for name in REFUSED} == {
            name: f"cannot be read: {reason}" for name, reason in REFUSED.items()
        }
        assert tiles["two-faces.jpg"] == "2 faces: sad, surprise." and tiles["grey.png"] == "no face"
        assert tiles["IMG_8.jpg"] == "1 face: unclear."
        counts = dict(text.rsplit(None, 1) for text in page.locator(".kind").all_inner_texts())
        assert [counts[label] for label in LABELS] == ["0", "0", "1", "4", "3", "3", "2"]
        assert [counts[name] for name in ("all", "unclear", "no face", "not read")] == ["20", "1", "1", "6"]

        kind(page, "happy").click()
        assert [name.split(":")[0] for name in named(page)] == [
            "IMG_3.jpg",
            "IMG_10.jpg",
            "IMG_17.jpg",
            "portrait.jpg",
        ]
        kind(page, "no face").click()
        assert page.inner_text(".batch .count") == "5 of 20 shown" and len(named(page)) == 5
        assert [button.get_attribute("aria-pressed") for button in page.locator(".kind").all()].count(
            "true"
        ) == 2
        kind(page, "all").click()
        assert len(named(page)) == 20 and page.inner_text(".batch .count") == ""

        text = saved(page, "CSV")
        assert text.endswith("\r\n") and text.count("\r\n") == text.count("\n")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert list(rows[0]) == [*COLUMNS, *(f"p_{label}" for label in LABELS), "error"]
        found: dict[str, list[str]] = {}
        for row in rows:
            label = row["label"] if row["certain"] == "true" else f"({row['label']})"
            found.setdefault(row["source"], []).extend([label] if row["face"] else [])
            assert bool(row["error"]) == (row["source"].removeprefix("'") in REFUSED)
        assert {name: found[name] for name in EXPECTED} == EXPECTED
        assert rows[0]["source"] == "'=broken.jpg" and rows[0]["error"] == REFUSED["=broken.jpg"]
        portrait = next(row for row in rows if row["source"] == "portrait.jpg")
        sides = [float(portrait[side]) for side in ("x_min", "y_min", "x_max", "y_max")]
        assert sides == pytest.approx([101.1, 53.8, 176.2, 145.6], abs=1.5)
        assert float(portrait["p_happy"]) == pytest.approx(0.9825, abs=0.02)
        value = json.loads(saved(page, "JSON"))
        assert value["model"] == "small" and value["labels"] == LABELS
        assert [entry["source"] for entry in value["pictures"]] == ORDER
        assert value["pictures"][0] == {"source": "=broken.jpg", "error": REFUSED["=broken.jpg"]}


def test_a_folder_that_is_dropped_is_read_with_all_that_is_in_it(server: Server, browser, tmp_path: Path):
    trip = tmp_path / "trip"
    for name in ("beach", "beach/deep", "nothing"):
        (trip / name).mkdir(parents=True)
    for name in ("portrait.jpg", "beach/portrait.jpg", "beach/deep/two.jpg"):
        sample = "two-faces.jpg" if name.endswith("two.jpg") else "portrait.jpg"
        shutil.copyfile(SAMPLES / sample, trip / name)
    shutil.copyfile(SAMPLES / "clip.webm", trip / "clip.webm")
    (trip / "notes.txt").write_text("hello")
    (trip / ".DS_Store").write_bytes(b"hello")
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        drop(page, trip)
        page.wait_for_selector(".batch")
        until(page, ALL_READ, 60)
        assert named(page) == [
            "trip/portrait.jpg: 1 face: happy.",
            "trip/beach/portrait.jpg: 1 face: happy.",
            "trip/beach/deep/two.jpg: 2 faces: sad, surprise.",
        ]
        assert page.inner_text(".batch-left") == (
            "1 video was left out, as videos are watched one at a time: trip/clip.webm. "
            "2 files that are no pictures were left out: trip/.DS_Store, trip/notes.txt."
        )
        drop(page, trip / "nothing")
        until(page, "document.querySelectorAll('.tile').length === 0")
        until(
            page,
            "document.querySelector('.batch-status').textContent === 'There is no picture in what you opened.'",
        )
        drop(page, trip / "portrait.jpg")  # one file is opened as ever
        page.wait_for_selector(".face")
        assert page.locator(".batch").count() == 0 and page.inner_text(".face-label") == "happy"


def test_a_folder_can_be_chosen(server: Server, browser, tmp_path: Path):
    (tmp_path / "trip").mkdir()
    shutil.copyfile(SAMPLES / "portrait.jpg", tmp_path / "trip/portrait.jpg")
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        page.get_by_role("radio", name="Picture").check()
        with page.expect_file_chooser() as waiting:
            page.get_by_role("button", name="Open a folder").click()
        waiting.value.set_files(tmp_path / "trip")
        page.wait_for_selector(".batch")
        until(page, ALL_READ, 60)
        assert named(page) == ["trip/portrait.jpg: 1 face: happy."]


def test_one_picture_is_shown_large_and_the_keyboard_does_it_all(server: Server, browser, twenty: list[Path]):
    few = [
        path
        for path in twenty
        if path.name in ("IMG_3.jpg", "IMG_4.jpg", "IMG_10.jpg", "two-faces.jpg", "tiny.png")
    ]
    focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    with page_of(browser, server.url) as page:
        opened(page, *few)
        until(page, ALL_READ, 60)
        kind(page, "all").focus()
        for _ in range(11):  # past the other kinds, into the list
            page.keyboard.press("Tab")
        assert page.evaluate(focused).startswith("IMG_3.jpg")
        for key, name in (
            ("ArrowRight", "IMG_4"),
            ("End", "two-faces"),
            ("Home", "IMG_3"),
            ("ArrowUp", "IMG_3"),
        ):
            page.keyboard.press(key)
            assert page.evaluate(focused).startswith(name), key
        page.keyboard.press("Enter")
        page.wait_for_selector("#stage:not([data-state])")
        assert page.evaluate(focused) == "All pictures" and not page.locator(".batch").is_visible()
        assert (
            page.locator(".face-label").all_inner_texts() == ["happy"]
            and page.inner_text(".batch-place") == "1 of 5"
        )
        page.keyboard.press("ArrowLeft")  # there is none before
        for label in ("sad", "happy"):
            page.keyboard.press("ArrowRight")
            until(
                page,
                f"[...document.querySelectorAll('.face-label')].map((e) => e.textContent).join() === {label!r}",
            )
        page.keyboard.press("ArrowRight")
        wait_for_state(page, "unreadable")
        assert page.inner_text("#card-text") == f"tiny.png: {REFUSED['tiny.png']}"
        page.get_by_role("button", name="Next picture").click()
        page.wait_for_selector("#stage:not([data-state])")
        assert page.locator(".face-label").all_inner_texts() == ["sad", "surprise"]
        assert page.evaluate("picture.width") == 400
        page.keyboard.press("Escape")
        page.wait_for_selector(".batch")
        assert page.evaluate(focused).startswith("two-faces.jpg") and not page.locator("#stage").is_visible()
        page.get_by_role("button", name="Close").click()
        wait_for_state(page, "picture")
        assert page.locator(".batch, .batch-bar").count() == 0


def test_it_is_stopped_goes_on_is_kept_and_read_anew_by_another_model(
    server: Server, browser, twenty: list[Path]
):
    read = "Number(document.querySelector('.kind:last-child .kind-count').textContent)"
    with page_of(browser, server.url) as page:
        opened(page, *[path for path in twenty if path.name not in REFUSED])
        until(page, f"{read} <= 12")
        page.get_by_role("button", name="Stop reading").click()
        left = page.evaluate(read)
        page.wait_for_timeout(1500)
        assert page.evaluate(read) == left > 0
        assert page.inner_text(".batch-status") == f"Stopped: {14 - left} of 14 are read"
        assert saved(page, "CSV").count("not read yet") == left
        page.get_by_role("button", name="Read on").click()
        until(page, f"{read} < {left}")
        page.locator(".tile-open").first.click()  # it goes on behind a picture
        until(page, f"{read} < {left} - 1")
        page.get_by_role("radio", name="Camera").check()
        wait_for_state(page, "ready")
        assert not page.locator(".batch-bar").is_visible() and page.locator("#stage").is_visible()
        page.get_by_role("radio", name="Picture").check()
        page.wait_for_selector("#stage:not([data-state])")
        assert page.inner_text(".batch-name") == "grey.png"
        page.get_by_role("button", name="All pictures").click()
        with passing(page, f"{LOADING} && !document.querySelector('.batch').checkVisibility()"):
            page.select_option("#model", label="nano")
        page.wait_for_selector(".batch", timeout=60_000)
        assert page.evaluate(read) >= 12
        until(page, ALL_READ, 120)
        assert json.loads(saved(page, "JSON"))["model"] == "nano"


def test_several_files_are_dropped_and_pasted_and_of_videos_the_first_is_opened(server: Server, browser):
    give = """async ([event, source, names]) => {
      const transfer = new DataTransfer();
      for (const [name, type] of names) {
        transfer.items.add(new File([await (await fetch(`samples/${name}`)).blob()], name, {type}));
      }
      const Kind = event === 'drop' ? DragEvent : ClipboardEvent;
      document.getElementById('stage').dispatchEvent(new Kind(event, {bubbles: true, [source]: transfer}));
    }"""
    jpeg, clip = ["portrait.jpg", "image/jpeg"], ["clip.webm", "video/webm"]
    with page_of(browser, server.url) as page:
        wait_for_state(page, "ready")
        page.evaluate(give, ["drop", "dataTransfer", [clip, jpeg, ["two-faces.jpg", "image/jpeg"]]])
        page.wait_for_selector(".batch")
        until(page, ALL_READ, 60)
        assert [name.split(":")[0] for name in named(page)] == ["portrait.jpg", "two-faces.jpg"]
        assert page.inner_text(".batch-left").endswith("watched one at a time: clip.webm.")
        page.evaluate(give, ["paste", "clipboardData", [jpeg, jpeg]])
        until(
            page,
            "document.querySelectorAll('.tile-open')[1]?.ariaLabel.startsWith('portrait.jpg (2): 1 face')",
        )
        page.evaluate(give, ["drop", "dataTransfer", [clip, clip]])
        page.wait_for_selector("#stage:not([data-state])")
        assert page.get_by_role("radio", name="Video").is_checked()
        page.get_by_role("radio", name="Picture").check()
        assert len(named(page)) == 2 and page.locator(".batch").is_visible()
