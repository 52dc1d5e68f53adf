"""The drawn pictures that golden vectors hold: faces for the classifier and its crops, frames for the detector."""

from __future__ import annotations

import numpy as np

from converters.detector_golden import Frame
from converters.golden import FRAMES, Pictures
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.scenes import draw_frame

Box = tuple[float, float, float, float]
FACES = 28
SEED = 48_000
DETECTOR_SEED = 128
HAPPY, NEUTRAL = 3, 6
DETECTOR_FRAMES: tuple[tuple[str, int, int, list[Box], tuple[float, float, float]], ...] = (
    ("one face", 96, 72, [(30, 14, 68, 52)], (0.7, 0.95, 0.85)),
    ("two faces", 72, 112, [(16, 10, 46, 40), (26, 62, 60, 96)], (1.0, 0.8, 0.75)),
    ("no face", 40, 40, [], (0.9, 1.0, 0.8)),
)  # name, width, height, boxes, tint of red, green and blue
CROWD: list[Box] = [(20, 60, 42, 82), (150, 90, 176, 116), (300, 40, 322, 62), (420, 110, 444, 134)]


def golden_pictures() -> Pictures:
    """Returns the faces of every classifier's golden vectors, always the same."""
    faces, labels = draw_faces(FACES, SEED)
    large = [draw_faces(1, (SEED, index), size=72)[0][0] for index in range(FRAMES)]
    return Pictures(faces, labels, np.stack(large))


def detector_frames() -> list[Frame]:
    """Returns the frames of the detector's golden vectors, always the same."""
    frames = []
    for index, (name, width, height, boxes, tint) in enumerate(DETECTOR_FRAMES):
        grey = draw_frame(width, height, boxes, [HAPPY, NEUTRAL][: len(boxes)], (DETECTOR_SEED, index))
        colour = np.floor(grey[..., None] * np.array(tint) + 0.5).astype(np.uint8)
        frames.append(Frame(name, colour, len(boxes), len(boxes)))
    lying = draw_frame(112, 112, [(36, 36, 78, 78)], [HAPPY], (DETECTOR_SEED, 3))
    frames += [
        Frame("lying on the side", np.ascontiguousarray(np.rot90(lying, 3)), 0, 1),
        Frame("upside down", np.ascontiguousarray(np.rot90(lying, 2)), 1, 1),
    ]
    pair = draw_frame(
        340, 340, [(40, 120, 130, 210), (250, 150, 264, 164)], [HAPPY, NEUTRAL], (DETECTOR_SEED, 5)
    )
    frames.append(Frame("a near and a far face", pair, 1, 2))
    crowd = draw_frame(480, 200, CROWD, [HAPPY, NEUTRAL] * 2, (DETECTOR_SEED, 4))
    return [*frames, Frame("four small faces", crowd, 0, 4)]
