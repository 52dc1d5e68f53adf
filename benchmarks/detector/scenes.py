"""Pictures for face detectors: scenes with faces of known places, and pictures without a face. Always the same ones.

    crowds(faces, random)       # faces at 1.5 to 15 % of the longer side, in scenes of 640×480 to 4000×3000
    closely_cut(faces)          # each cut to its box
    turned(faces, random)       # each turned by any angle
    without_faces()             # scikit-image's pictures, textures, drawn icons

`faces` are portraits: other people's pictures from an archive, or drawn ones (`drawn_portraits`). Nothing of the former
is kept. Backgrounds are scikit-image's pictures without a face, enlarged and blurred a little, and textures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.synthetic.scenes import draw_frame

SEED = 19
SHARES = (0.015, 0.15)  # of a face's width in the scene's longer side
LEAST = 20  # pixels of a face's width
SCENES = ((640, 480, 24, 4), (1280, 960, 24, 6), (4000, 3000, 6, 12))  # width, height, scenes, faces in each
DARK = 0.35
PICTURES = (
    *(
        "brick",
        "cell",
        "chelsea",
        "chessboard_GRAY",
        "clock_motion",
        "coffee",
        "coins",
        "color",
        "grass",
        "gravel",
    ),
    *(
        "horse",
        "hubble_deep_field",
        "ihc",
        "logo",
        "microaneurysms",
        "moon",
        "motorcycle_left",
        "motorcycle_right",
    ),
    *("page", "phantom", "retina", "rocket", "text"),
)


@dataclass(frozen=True)
class Portrait:
    """A picture of one face: uint8 [H,W,3] RGB, and the face's box (x_min, y_min, x_max, y_max) in it."""

    pixels: Bytes
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """A picture and the faces that are in it. faces: (centre x, centre y, width) of each, in pixels."""

    pixels: Bytes
    faces: tuple[tuple[float, float, float], ...]


def drawn_portraits(count: int) -> list[Portrait]:
    """Returns drawn faces of 350×350 pixels."""
    box = (105.0, 110.0, 245.0, 250.0)
    made = []
    for index in range(count):
        grey = draw_frame(350, 350, [box], [index % len(FER2013_LABELS)], (SEED, index))
        made.append(Portrait(np.repeat(grey[:, :, None], 3, axis=2), box))
    return made


def crowds(portraits: Sequence[Portrait], dark: bool = False) -> Iterator[Scene]:
    """Yields scenes of several faces each; dark: at 0.35 of their light."""
    random = np.random.default_rng((SEED, 1))
    order, turn = random.permutation(len(portraits)), 0
    grounds = backgrounds()
    for width, height, scenes, count in SCENES:
        for number in range(scenes):
            scene = _enlarged(grounds[number % len(grounds)], width, height)
            taken: list[tuple[float, float, float]] = []
            for _ in range(count):
                portrait = portraits[order[turn % len(order)]]
                turn += 1
                low, high = np.log(max(SHARES[0], LEAST / width)), np.log(SHARES[1])
                placed = _paste(
                    scene, portrait, width * float(np.exp(random.uniform(low, high))), taken, random
                )
                taken += [placed] if placed else []
            if dark:
                scene = np.floor(scene * DARK + 0.5).astype(np.uint8)
            yield Scene(scene, tuple(taken))


def closely_cut(portraits: Sequence[Portrait]) -> Iterator[Scene]:
    """Yields each portrait cut to its face's box."""
    for portrait in portraits:
        x_min, y_min, x_max, y_max = (round(side) for side in portrait.box)
        cut = np.ascontiguousarray(portrait.pixels[max(y_min, 0) : y_max, max(x_min, 0) : x_max])
        height, width = cut.shape[:2]
        yield Scene(cut, ((width / 2, height / 2, width),))


def turned(portraits: Sequence[Portrait]) -> Iterator[tuple[Scene, int]]:
    """Yields each portrait turned about its middle by an angle of 0, 5, … 355 degrees, and the angle."""
    random = np.random.default_rng((SEED, 2))
    for portrait in portraits:
        angle = 5 * int(random.integers(72))
        height, width = portrait.pixels.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
        pixels = cv2.warpAffine(portrait.pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        x_min, y_min, x_max, y_max = portrait.box
        x, y = matrix @ ((x_min + x_max) / 2, (y_min + y_max) / 2, 1)
        yield Scene(np.asarray(pixels, np.uint8), ((float(x), float(y), x_max - x_min),)), angle


def without_faces() -> dict[str, Bytes]:
    """Returns pictures without a face by name: scikit-image's, textures, drawn icons; uint8 [H,W,3] RGB."""
    pictures = {name: _picture(name) for name in PICTURES}
    return pictures | _textures() | _icons()


def backgrounds() -> list[Bytes]:
    """Returns what scenes are pasted into."""
    names = ("coffee", "brick", "rocket", "grass", "retina", "gravel", "text", "coins")
    return [*(_picture(name) for name in names), *_textures().values()]


def _paste(
    scene: Bytes,
    portrait: Portrait,
    width: float,
    taken: Sequence[tuple[float, float, float]],
    random: np.random.Generator,
) -> tuple[float, float, float] | None:
    """Pastes a portrait whose face gets `width` pixels where there is room; None where there is none."""
    scale = width / (portrait.box[2] - portrait.box[0])
    small = cv2.resize(portrait.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = small.shape[:2]
    if high >= scene.shape[0] or wide >= scene.shape[1]:
        return None
    center = [(portrait.box[axis] + portrait.box[axis + 2]) / 2 * scale for axis in (0, 1)]
    for _ in range(50):
        x, y = int(random.integers(scene.shape[1] - wide)), int(random.integers(scene.shape[0] - high))
        face = (x + center[0], y + center[1], width)
        if all(max(abs(face[0] - a), abs(face[1] - b)) > 1.3 * (width + other) for a, b, other in taken):
            scene[y : y + high, x : x + wide] = small
            return face
    return None


def _picture(name: str) -> Bytes:
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    (path,) = folder.glob(f"{name}.*")
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise InputError(f"{path}: scikit-image's picture cannot be read; install requirements-dev.txt again")
    return _bytes(picture[:, :, ::-1])


def _bytes(picture: Any) -> Bytes:
    return np.ascontiguousarray(picture, np.uint8)


def _enlarged(picture: Bytes, width: int, height: int) -> Bytes:
    """A picture brought to a scene's size; a little blurred, so that its own details are no smaller than faces."""
    large = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC)
    return _bytes(cv2.GaussianBlur(large, (0, 0), 1.5))


def _textures() -> dict[str, Bytes]:
    """Noise of several grains, stripes, a checkerboard, clouds, circles: 640×480."""
    random = np.random.default_rng((SEED, 3))
    made: dict[str, Bytes] = {}
    for grain in (1, 4, 16, 48):
        small = random.integers(0, 256, (480 // grain + 1, 640 // grain + 1, 3), np.uint8)
        made[f"noise {grain}"] = np.asarray(
            cv2.resize(small, (640, 480), interpolation=cv2.INTER_CUBIC), np.uint8
        )
    y, x = np.mgrid[:480, :640]
    stripes = (127 + 127 * np.sin(x / 9 + 12 * np.sin(y / 60))).astype(np.uint8)
    checks = ((x // 32 + y // 32) % 2 * 255).astype(np.uint8)
    circles = (127 + 127 * np.sin(np.hypot(x % 160 - 80, y % 160 - 80) / 5)).astype(np.uint8)
    for name, grey in (("stripes", stripes), ("checks", checks), ("circles", circles)):
        made[name] = np.repeat(grey[:, :, None], 3, axis=2)
    return made


def _icons() -> dict[str, Bytes]:
    """Drawn symbols on a flat ground, as an app shows them: 400×400."""
    white, ink = (245, 245, 250), (40, 60, 90)

    def ground() -> Bytes:
        return np.full((400, 400, 3), white, np.uint8)

    made: dict[str, Bytes] = {}
    for name, points in (
        ("house", [(200, 60), (340, 190), (300, 190), (300, 330), (100, 330), (100, 190), (60, 190)]),
        ("arrow", [(60, 170), (220, 170), (220, 100), (340, 200), (220, 300), (220, 230), (60, 230)]),
    ):
        made[name] = _bytes(cv2.fillPoly(ground(), [np.array(points)], ink))
    gear = cv2.circle(ground(), (200, 200), 110, ink, 40)
    for angle in np.arange(0, 2 * np.pi, np.pi / 4):
        end = (round(200 + 160 * np.cos(angle)), round(200 + 160 * np.sin(angle)))
        cv2.line(gear, (200, 200), end, ink, 30)
    made["gear"] = _bytes(cv2.circle(gear, (200, 200), 60, white, -1))
    camera = cv2.rectangle(ground(), (60, 130), (340, 310), ink, -1)
    made["camera"] = _bytes(
        cv2.circle(cv2.circle(camera, (200, 220), 66, white, -1), (200, 220), 40, ink, -1)
    )
    socket = cv2.circle(ground(), (200, 200), 130, ink, 12)
    made["socket"] = _bytes(cv2.circle(cv2.circle(socket, (155, 200), 16, ink, -1), (245, 200), 16, ink, -1))
    lens = cv2.circle(ground(), (180, 180), 90, ink, 24)
    made["magnifier"] = _bytes(cv2.line(lens, (245, 245), (330, 330), ink, 30))
    bars = ground()
    for place, top in enumerate((250, 180, 220, 110)):
        cv2.rectangle(bars, (80 + 65 * place, top), (120 + 65 * place, 330), ink, -1)
    made["bars"] = bars
    clock = cv2.circle(ground(), (200, 200), 130, ink, 20)
    cv2.line(clock, (200, 200), (200, 110), ink, 14)
    made["clock"] = _bytes(cv2.line(clock, (200, 200), (260, 230), ink, 14))
    return made
