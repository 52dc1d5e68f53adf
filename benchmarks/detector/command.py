"""`python -m benchmarks detector`: recall by size and kind, and false faces, of our detector and its peers.

python -m benchmarks detector --data elsewhere.tar     # other people's portraits, pasted into scenes; nothing is kept
python -m benchmarks detector --drawn                  # drawn faces instead: no data needed, and says less
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.detector import scenes
from benchmarks.detector.finders import Finder, finders
from benchmarks.detector.table import BANDS, band, hits, markdown
from face_emotion.arguments import file_path
from face_emotion.contract import FAR, FER2013_LABELS, NEAR
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import write_json
from face_emotion.model_files import packaged
from face_emotion.pictures import read_pixels
from face_emotion.recognizer import EmotionRecognizer
from model_build.data.elsewhere import find_pictures, opened
from model_build.progress import progress_bar

PORTRAITS = 120
FALSE = "pictures with a false face"

Row = dict[str, tuple[int, int]]


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    add_portraits(verb)
    verb.add_argument("--browser", action="store_true", help="human and face-api as well, in Chromium")
    verb.add_argument("--out", type=file_path, metavar="FILE", help="JSON with all counts")
    verb.set_defaults(run=run)


def add_portraits(verb: argparse.ArgumentParser) -> None:
    """Adds the flags that say whose faces are taken."""
    verb.add_argument(
        "--data", type=file_path, metavar="PATH", help="class folders of portraits, or a .tar of them"
    )
    verb.add_argument("--drawn", action="store_true", help="drawn faces instead of --data")


def portraits_from(arguments: argparse.Namespace) -> list[list[scenes.Portrait]]:
    """Returns the portraits that the flags say, by person; InputError where they say none or both."""
    if (arguments.data is None) == (not arguments.drawn):
        raise InputError("give --data PATH with portraits, or --drawn for drawn faces")
    if arguments.drawn:
        return [[portrait] for portrait in scenes.drawn_portraits(PORTRAITS)]
    return portraits_of(arguments.data)


def run(arguments: argparse.Namespace) -> int:
    """Prints both tables and writes the JSON; returns 0."""
    portraits = [own[0] for own in portraits_from(arguments)]
    rows = {name: measure(name, finder, portraits) for name, finder in finders().items()}
    if arguments.browser:
        from benchmarks.detector.browser import browser_finders

        with browser_finders() as others:
            rows |= {name: measure(name, finder, portraits) for name, finder in others.items()}
    read, of = read_when_turned(portraits)
    print(markdown(rows))
    print(
        f"\nturned by any angle, read as when upright: {read} of {of} portraits that are found upright (far)"
    )
    print(
        f"{'drawn faces' if arguments.drawn else arguments.data.name}; scenes: benchmarks/detector/scenes.py"
    )
    if arguments.out:
        value = {"portraits": len(portraits), "rows": rows, "read_when_turned": [read, of]}
        write_json(arguments.out, value)
        print(arguments.out)
    return 0


def portraits_of(source: Path) -> list[list[scenes.Portrait]]:
    """Returns the portraits of up to 120 people, with the boxes that our detector gives them (near).

    A portrait in which it finds no face, or several, is left out: what is measured is what the same face is found as
    when it is smaller, cut, turned or dark. Raises InputError as `find_pictures` does.
    """
    detector = Detector.load(packaged("face_detector"))
    with opened(source) as root:
        pictures = find_pictures(root, FER2013_LABELS)
        order = np.random.default_rng(scenes.SEED).permutation(len(pictures))
        people: dict[str, list[scenes.Portrait]] = {}
        for index in order:
            picture = pictures[index]
            if len(people) == PORTRAITS and picture.person not in people:
                continue
            try:
                pixels = read_pixels(picture.path)
            except ValueError as error:
                raise InputError(f"{picture.path}: {error}; take it out of --data") from None
            colour = np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels[:, :, :3]
            found = detector.detect(colour, NEAR)
            if len(found) == 1:
                portrait = scenes.Portrait(np.ascontiguousarray(colour), found[0].box)
                people.setdefault(picture.person, []).append(portrait)
    return list(people.values())


def measure(name: str, finder: Finder, portraits: list[scenes.Portrait]) -> Row:
    """Returns by kind how many faces a detector finds, of how many; of pictures without a face, how many have one."""
    counts: dict[str, list[int]] = {}
    total = sum(number for _, _, number, _ in scenes.SCENES)
    with progress_bar(name, 2 * total) as advance:
        for number, (kind, scene) in enumerate(_scenes(portraits)):
            advance(min(number, 2 * total))
            for hit, (_, _, width) in zip(hits(scene, finder(scene.pixels)), scene.faces, strict=True):
                shown = kind or BAND_NAMES[band(scene, width)]
                counts.setdefault(shown, [0, 0])
                counts[shown][0] += hit
                counts[shown][1] += 1
    empty = scenes.without_faces()
    false = [picture for picture, pixels in empty.items() if finder(pixels)]
    if false:
        print(f"{name}: false faces in {', '.join(false)}")
    counts[FALSE] = [len(false), len(empty)]
    return {kind: (found, of) for kind, (found, of) in counts.items()}


def read_when_turned(portraits: list[scenes.Portrait]) -> tuple[int, int]:
    """Returns how many portraits have the same label when they are turned, of those that have one upright (far)."""
    recognizer = EmotionRecognizer.load()
    same = of = 0
    for portrait, (scene, _) in zip(portraits, scenes.turned(portraits), strict=True):
        upright, other = (
            recognizer.recognize(pixels, reach=FAR) for pixels in (portrait.pixels, scene.pixels)
        )
        if upright:
            of += 1
            same += bool(other) and other[0].label == upright[0].label
    return same, of


BAND_NAMES = [
    "20 px to 6 %",
    *(f"{low:.0%}–{high:.0%}".replace("%–", "–").replace("%", " %") for low, high in BANDS[1:-1]),
    "above 10 %",
]


def _scenes(portraits: list[scenes.Portrait]) -> Iterator[tuple[str, scenes.Scene]]:
    """Each scene with its kind; "" where the faces' sizes are the kind."""
    for scene in scenes.crowds(portraits):
        yield "", scene
    for scene in scenes.crowds(portraits, dark=True):
        yield "dark", scene
    for scene in scenes.closely_cut(portraits):
        yield "cut to the box", scene
    for scene, _ in scenes.turned(portraits):
        yield "turned", scene
