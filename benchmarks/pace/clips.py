"""Clips of faces that move, at known places: one to three portraits that go through a scene. Always the same ones.

    for clip in clips(portraits):
        for time, pixels, places in clip.frames():     # places: (centre x, centre y, width) of each actor, or None

`portraits` are other people's pictures from an archive, or drawn ones (benchmarks/detector/scenes.py); nothing of
them is kept. Each is pasted as an ellipse with a soft border, so that what is behind a face moves against it, and
every frame gets a camera's noise of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.detector.scenes import SEED, Portrait, backgrounds
from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.errors import InputError

WIDTH, HEIGHT, RATE = 640, 480, 25.0
NOISE = 3.0  # grey levels
AROUND = 0.95  # half axes of the ellipse, in widths of the face's box

Place = tuple[float, float, float]


@dataclass(frozen=True)
class Pose:
    """Where a face is: its centre and its width in pixels, its angle in degrees, clockwise, and which look it has."""

    x: float
    y: float
    width: float
    angle: float = 0.0
    mix: float = 0.0  # 0: the actor's first portrait, 1: the second


@dataclass(frozen=True)
class Actor:
    """A person of a clip. portraits: one, or two between which the expression changes; pose: of a time, or None."""

    portraits: tuple[Portrait, ...]
    pose: Callable[[float], Pose | None]


@dataclass(frozen=True)
class Clip:
    """A video. actors: those behind come first; ground: of a time, an index of the backgrounds; light: a factor."""

    name: str
    seconds: float
    actors: tuple[Actor, ...]
    ground: Callable[[float], int] = lambda time: 0
    light: Callable[[float], float] = lambda time: 1.0

    def posed(self, time: float) -> list[Pose]:
        """Returns the actors that are drawn at a time, even if only in part or beside the frame."""
        return [pose for pose in (actor.pose(time) for actor in self.actors) if pose is not None]

    def frames(self) -> Iterator[tuple[float, Bytes, list[Place | None]]]:
        """Yields time in seconds, uint8 [480,640,3] RGB, and each actor's place where it is in the frame."""
        random = np.random.default_rng((SEED, 3))
        scenes = [cv2.resize(one, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for one in backgrounds()]
        for number in range(round(self.seconds * RATE)):
            time = number / RATE
            frame = scenes[self.ground(time) % len(scenes)].astype(np.float32)
            places: list[Place | None] = []
            for actor in self.actors:
                pose = actor.pose(time)
                if pose is not None:
                    _paste(frame, actor, pose)
                places.append(None if pose is None else _seen(pose))
            yield time, noisy(frame * self.light(time), NOISE, random), places


def noisy(frame: Floats | Bytes, sigma: float, random: np.random.Generator) -> Bytes:
    """Returns a frame with a camera's noise of `sigma` grey levels, uint8."""
    levels = frame + sigma * random.standard_normal(frame.shape, np.float32)
    noisy_levels: Bytes = np.clip(np.floor(levels + 0.5), 0, 255).astype(np.uint8)
    return noisy_levels


def pairs(portraits: Sequence[Sequence[Portrait]], count: int) -> list[tuple[Portrait, ...]]:
    """Returns the first `count` actors with two portraits each, those with one after them; InputError below three."""
    if count < 3:
        raise InputError(f"--actors {count}: at least 3 are needed, for clips with others in them")
    several = sorted(portraits, key=lambda own: -min(len(own), 2))
    if len(several) < count:
        raise InputError(f"{len(several)} people with a face where --actors {count} are needed")
    return [tuple(own[:2]) for own in several[:count]]


def clips(portraits: Sequence[tuple[Portrait, ...]]) -> list[Clip]:
    """Returns the clips of at least three actors, each with one portrait, or two between which its face changes."""
    made = []
    for number in range(len(portraits)):
        one, two, three = (portraits[(number + step) % len(portraits)] for step in range(3))
        made += _of(one, two, three, number)
    return made


def _of(
    one: tuple[Portrait, ...], two: tuple[Portrait, ...], three: tuple[Portrait, ...], ground: int
) -> list[Clip]:
    def wave(time: float, seconds: float) -> float:
        return math.sin(2 * math.pi * time / seconds)

    def still(time: float) -> int:
        return ground

    def crosses(time: float, way: int) -> Pose:
        return Pose(320 + way * (time - 2) * 130, 240 + way * 12, 110 + 20 * way)

    def zooms(time: float) -> Pose:
        return Pose(320, 240, 150 * math.exp(0.55 * wave(time, 3)))

    return [
        Clip(
            "moves",
            4,
            (Actor(one, lambda t: Pose(320 + 150 * wave(t, 2.4), 240 + 60 * wave(t, 1.7), 140)),),
            still,
        ),
        Clip("zooms", 4, (Actor(one, zooms),), still),
        Clip("tilts", 4, (Actor(one, lambda t: Pose(320, 240, 150, 40 * wave(t, 2.5))),), still),
        Clip(
            "changes",
            4,
            (Actor(one, lambda t: Pose(320 + 8 * wave(t, 1), 240, 150, 0, (1 - wave(t + 0.5, 2)) / 2)),),
            still,
        ),
        Clip(
            "leaves", 4, (Actor(one, lambda t: Pose(320, 240, 140) if t < 1.2 or t >= 2.6 else None),), still
        ),
        Clip(
            "walks off", 4, (Actor(one, lambda t: Pose(320 + 300 * t, 240, 130) if t < 2 else None),), still
        ),
        Clip("cross", 4, (Actor(one, lambda t: crosses(t, -1)), Actor(two, lambda t: crosses(t, 1))), still),
        Clip(
            "cut",
            3,
            (
                Actor(one, lambda t: Pose(250, 230, 150) if t < 1.5 else None),
                Actor(three, lambda t: Pose(360, 260, 120) if t >= 1.5 else None),
            ),
            lambda t: ground + (t >= 1.5),
        ),
        Clip(
            "light",
            4,
            (Actor(one, lambda t: Pose(320 + 20 * wave(t, 2), 240, 150)),),
            still,
            lambda t: 0.75 + 0.35 * wave(t, 2),
        ),
    ]


def _seen(pose: Pose) -> Place | None:
    """An actor's place where its centre is in the frame by half of its width."""
    inside = pose.width / 2 <= pose.x <= WIDTH - pose.width / 2
    return (pose.x, pose.y, pose.width) if inside else None


def _paste(frame: Floats, actor: Actor, pose: Pose) -> None:
    """Draws an actor's face with a soft border."""
    layers = []
    for portrait in actor.portraits[:2]:
        left, top, right, bottom = portrait.box
        scale = pose.width / (right - left)
        matrix = cv2.getRotationMatrix2D(((left + right) / 2, (top + bottom) / 2), -pose.angle, scale)
        matrix[:, 2] = matrix[:, 2] + (pose.x - (left + right) / 2, pose.y - (top + bottom) / 2)
        layers.append(
            cv2.warpAffine(
                portrait.pixels,
                matrix,
                (WIDTH, HEIGHT),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            ).astype(np.float32)
        )
    drawn = layers[0] if len(layers) == 1 else (1 - pose.mix) * layers[0] + pose.mix * layers[1]
    frame[:] = frame + _ellipse(pose)[:, :, None] * (drawn - frame)


def _ellipse(pose: Pose) -> Doubles:
    """How much a face covers each pixel, 0 to 1."""
    row, column = np.indices((HEIGHT, WIDTH), np.float32)
    angle = math.radians(pose.angle)
    x = (column - pose.x) * math.cos(angle) + (row - pose.y) * math.sin(angle)
    y = (row - pose.y) * math.cos(angle) - (column - pose.x) * math.sin(angle)
    radius = np.hypot(x / (AROUND * pose.width), y / (1.25 * AROUND * pose.width))
    cover: Doubles = np.clip((1 - radius) * 8, 0, 1)
    return cover
