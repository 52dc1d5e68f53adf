"""Makes the clip that the page opens on: drawn people whose expressions change, and an astronaut's portrait.

    python examples/page_clip.py            # web/static/samples/clip.webm, and what the released `small` reads in it

Only the portrait is a real one: scikit-image's `astronaut`, Eileen Collins, NASA, public domain. The clip ends as it
begins, so that it can go round. VP9 in WebM, which Chromium, Firefox and WebKit play. Needs requirements-dev.txt.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from skimage.data import astronaut  # noqa: E402

from face_emotion import EmotionRecognizer  # noqa: E402
from face_emotion.arrays import Bytes, Floats  # noqa: E402
from face_emotion.contract import FER2013_LABELS  # noqa: E402
from face_emotion.errors import run_command  # noqa: E402
from face_emotion.files import atomic_path  # noqa: E402
from model_build.synthetic.drawing import render  # noqa: E402
from model_build.synthetic.faces import ACTION_UNITS, EXPRESSIONS, sample_faces  # noqa: E402

TARGET = ROOT / "web" / "static" / "samples" / "clip.webm"
WIDTH, HEIGHT, RATE = 480, 360, 20
HOLD, CHANGE = 1.3, 0.5  # seconds that an expression lasts, and that the next one takes to come
QUALITY = {"crf": "38", "b": "0", "deadline": "good", "cpu-used": "1", "g": "400"}  # of libvpx
NEARER = 3.6  # seconds that the portrait takes
FADE = 0.4  # seconds, from scene to scene
VIEW = 2.4  # how far around a face it is drawn, in halves of its crop's side
# Colours of dark, middle and light, R, G, B: of skin, hair and cloth, and of the wall behind.
PERSON = np.array([[26, 18, 20], [150, 100, 82], [255, 226, 204]], np.float32)
WALL = np.array([[16, 30, 40], [70, 108, 122], [206, 226, 228]], np.float32)


@dataclass(frozen=True)
class Person:
    """Somebody who is drawn. seed: who; x, y: middle of the crop in pixels; side: of the crop; expressions: in turn."""

    seed: int
    x: float
    y: float
    side: float
    expressions: tuple[str, ...]


ALONE = (Person(5, 240, 175, 200, ("neutral", "happy", "surprise")),)
TOGETHER = (
    Person(8, 92, 190, 112, ("happy", "neutral", "surprise")),
    Person(2, 245, 165, 122, ("surprise", "happy", "angry")),
    Person(7, 396, 188, 116, ("neutral", "angry", "happy")),
)


def frame(number: int) -> Bytes:
    """Returns a frame of the clip, 0 <= number < FRAMES, uint8 [HEIGHT,WIDTH,3] RGB.

    It belongs to a scene, which begins when it has come, and in its last moments to the one that comes.
    """
    scene, fade = 0, round(FADE * RATE)
    while number >= round(SCENES[scene].seconds * RATE):
        number -= round(SCENES[scene].seconds * RATE)
        scene += 1
    shown = SCENES[scene].draw((number + fade) / RATE)
    coming = number - round(SCENES[scene].seconds * RATE) + fade
    if coming < 0:
        return shown
    following = SCENES[(scene + 1) % len(SCENES)].draw(coming / RATE)
    return _mixed(shown, following, (coming + 1) / (fade + 1))


def _drawn(people: tuple[Person, ...], time: float) -> Bytes:
    x = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    y = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None]
    picture = _coloured(0.55 + 0.18 * np.sin(2 * x + 1) * np.cos(1.5 * y - 0.6), WALL)
    for number, person in enumerate(people):
        _paste(picture, person, time, 1.7 * number)
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8)


def _paste(picture: Floats, person: Person, time: float, phase: float) -> None:
    """Draws a person, who moves a little, into a picture."""
    face = _face(person, time)
    sway = math.sin(1.3 * time + phase)
    side = person.side * (1 + 0.03 * math.sin(0.9 * time + phase))
    pixels = math.ceil(VIEW * side)
    left, top = person.x + 5 * sway - pixels / 2, person.y + 3 * math.cos(time + phase) - pixels / 2
    column, row = math.floor(left), math.floor(top)
    pose = {
        "roll": 0.06 * sway,
        "yaw": 0.08 * math.sin(0.8 * time + phase),
        "pitch": 0.02 * sway,
        "scale": 1.0,
        "shift_x": 2 * (left - column) / side,
        "shift_y": 2 * (top - row) / side,
        "light_x": 0.25,
        "light_y": -0.3,
        "ambient": 0.5,
    }
    face |= {name: np.full(1, value, np.float32) for name, value in pose.items()}
    grey, coverage = render(face, pixels, pixels / side)
    # Below the patch the body goes on to the picture's lower edge.
    missing = ((0, max(HEIGHT - row - pixels, 0)), (0, 0))
    grey, coverage = (np.pad(layer[0], missing, mode="edge") for layer in (grey, coverage))
    rows = slice(max(-row, 0), min(HEIGHT - row, len(grey)))
    columns = slice(max(-column, 0), min(WIDTH - column, pixels))
    part = picture[rows.start + row : rows.stop + row, columns.start + column : columns.stop + column]
    shown = _coloured(grey[rows, columns], PERSON)
    part += coverage[rows, columns, None] * (shown - part)


def _face(person: Person, time: float) -> dict[str, Floats]:
    """A person's parameters: what stays, and the expression of this moment."""
    neutral = np.array([FER2013_LABELS.index("neutral")])
    face = sample_faces(neutral, np.zeros(1, np.int64), person.seed)
    length = HOLD + CHANGE
    turn = math.floor(time / length)
    names = [person.expressions[place % len(person.expressions)] for place in (turn - 1, turn)]
    share = min((time - turn * length) / CHANGE, 1)
    share = share * share * (3 - 2 * share)
    before, now = (EXPRESSIONS[name][name in ("happy",)] for name in names)
    actions = {unit: (1 - share) * before.get(unit, 0) + share * now.get(unit, 0) for unit in ACTION_UNITS}
    return face | {unit: np.full(1, value, np.float32) for unit, value in actions.items()}


def _portrait(time: float) -> Bytes:
    """The portrait, which comes nearer."""
    picture = astronaut()
    height, width = picture.shape[:2]
    share = time / (NEARER + FADE)
    share = share * share * (3 - 2 * share)
    tall = height * (0.74 - 0.34 * share)
    wide = tall * WIDTH / HEIGHT
    x, y = width * (0.5 - 0.05 * share), height * (0.38 - 0.14 * share)
    place = np.array([[wide / WIDTH, 0, x - wide / 2], [0, tall / HEIGHT, y - tall / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    nearer: Bytes = cv2.warpAffine(
        picture, place, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return nearer


def _mixed(one: Bytes, other: Bytes, share: float) -> Bytes:
    return np.clip((1 - share) * one + share * other.astype(np.float32) + 0.5, 0, 255).astype(np.uint8)


def _coloured(grey: Floats, colours: Floats) -> Floats:
    """Grey levels 0..1 in the colours of dark, middle and light: float32 [H,W,3]."""
    levels = np.clip(grey, 0, 1)
    return np.stack([np.interp(levels, (0, 0.5, 1), colours[:, k]) for k in range(3)], -1).astype(np.float32)


@dataclass(frozen=True)
class Scene:
    """A part of the clip: how long it lasts, and what it shows at a time in seconds."""

    seconds: float
    draw: Callable[[float], Bytes]


SCENES = (
    Scene(len(ALONE[0].expressions) * (HOLD + CHANGE), partial(_drawn, ALONE)),
    Scene(len(TOGETHER[0].expressions) * (HOLD + CHANGE), partial(_drawn, TOGETHER)),
    Scene(NEARER, _portrait),
)
FRAMES = sum(round(scene.seconds * RATE) for scene in SCENES)


def write(target: Path = TARGET) -> list[Bytes]:
    """Writes the clip and returns its frames as a reader of the file sees them."""
    with atomic_path(target) as partial:
        with av.open(str(partial), "w", format="webm") as container:
            stream = container.add_stream("libvpx-vp9", rate=RATE, options=QUALITY)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            for number in range(FRAMES):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame(number), format="rgb24")))
            container.mux(stream.encode())
        with av.open(str(partial)) as container:
            seen = [shown.to_ndarray(format="rgb24") for shown in container.decode(video=0)]
    return seen


def main() -> int:
    """Writes the clip and prints what is read in it, second by second."""
    seen = write()
    stream = EmotionRecognizer.load().stream()
    print(f"{TARGET}: {len(seen) / RATE:.1f} s, {TARGET.stat().st_size:,} bytes")
    for second in range(math.ceil(len(seen) / RATE)):
        said: Counter[str] = Counter()
        for number in range(second * RATE, min((second + 1) * RATE, len(seen))):
            faces = stream.recognize(seen[number], time=number / RATE)
            said[", ".join(face.label if face.certain else "unclear" for face in faces) or "no face"] += 1
        print(f"{second:3} s  " + "; ".join(f"{text} ({count})" for text, count in said.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
