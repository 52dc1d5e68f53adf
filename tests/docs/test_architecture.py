"""docs/: the picture of the rooms is drawn from today's imports, and every file that ARCHITECTURE.md names is there."""

from __future__ import annotations

import importlib.util
import re
from xml.etree import ElementTree

import pytest

from tests.support.paths import ROOT

DOCS = ROOT / "docs"
FOLDERS = ("benchmarks", "converters", "docs", "face_emotion", "mobile", "model_build", "web")


@pytest.fixture(scope="module")
def drawing():
    """docs/draw_architecture.py as a module."""
    specification = importlib.util.spec_from_file_location("draw_architecture", DOCS / "draw_architecture.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_picture_is_of_todays_imports(drawing):
    assert drawing.draw(*drawing.read_rooms()) == drawing.PICTURE.read_text(encoding="utf-8"), (
        "run python docs/draw_architecture.py"
    )


def test_the_picture_shows_the_rooms_of_the_tree_and_no_room_below_what_it_imports(drawing):
    rooms, files = drawing.read_rooms()
    wings = {f"model_build/{folder.name}" for folder in (ROOT / "model_build").iterdir() if folder.is_dir()}
    assert {room for room in rooms if "/" in room and " " not in room} == wings - {"model_build/__pycache__"}
    assert {"face_emotion", "converters", "web", "benchmarks", "mobile"} <= rooms.keys()
    assert rooms["face_emotion"] == frozenset() and "model_build/data" not in rooms["model_build/synthetic"]
    levels = drawing.floors(rooms)
    assert all(levels[room] > levels[other] for room, others in rooms.items() for other in others)
    texts = {
        text.text for text in ElementTree.parse(drawing.PICTURE).iter("{http://www.w3.org/2000/svg}text")
    }
    assert {"training", f"{files['model_build/training']} files"} <= texts


def test_a_circle_is_named_and_an_arrow_that_follows_is_left_out(drawing):
    with pytest.raises(ValueError, match="a circle among a, b"):
        drawing.floors({"a": frozenset("b"), "b": frozenset("a"), "c": frozenset()})
    rooms = {"a": frozenset("bc"), "b": frozenset("c"), "c": frozenset()}
    assert drawing.shown_arrows(rooms) == [("a", "b"), ("b", "c")]


def test_every_file_that_the_page_names_is_there():
    text = (DOCS / "ARCHITECTURE.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`([\w./-]+\.(?:py|js|kt|svg))`", text))
    assert len(names) > 60
    files = [f"/{path.relative_to(ROOT).as_posix()}" for top in FOLDERS for path in (ROOT / top).rglob("*")]
    assert [name for name in names if not any(path.endswith(f"/{name}") for path in files)] == []
