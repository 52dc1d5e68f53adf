"""Procedurally drawn grey faces with FER2013's seven expressions: the embedded data of tests and demonstrations.

    python -m model_build.synthetic --out assets/synthetic_faces.png    # a contact sheet to look at
    python -m model_build.synthetic --benchmark                         # faces per second on one core

An expression is a set of facial actions (the action units of Ekman and Friesen's FACS) with a random
intensity; identity, pose, light, background and noise are drawn independently of it. Everything follows
from the seed. On another processor single pixels may differ by a grey level (its exp and sin differ in
the last bit).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from face_emotion.arrays import Bytes, Floats, Integers
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.synthetic.drawing import render

FACES_A_CHUNK = 32  # the arrays of a chunk at 48x48 stay in a core's cache

# Ranges of what stays with a person: lengths in the face frame (half the crop's side), greys in 0..1.
IDENTITY = {
    "face_width": (0.73, 0.87), "chin": (0.94, 1.08), "taper": (0.08, 0.26), "square": (0.1, 0.5),
    "skin": (0.45, 0.9), "age": (0.35, 1.0), "beard": (-2.2, 0.6), "cloth": (0.1, 0.7),
    "hair": (0.06, 0.5), "hair_line": (0.62, 1.05), "hair_part": (-0.3, 0.3), "hair_volume": (0.02, 0.22),
    "hair_length": (-1.2, 1.2), "glasses": (-7.0, 1.0),
    "eye_x": (0.34, 0.40), "eye_y": (-0.23, -0.17), "eye_width": (0.125, 0.17), "eye_open": (0.05, 0.075),
    "eye_tilt": (-0.04, 0.14), "iris": (0.08, 0.4), "lashes": (0.5, 0.95),
    "brow_y": (-0.46, -0.39), "brow_arch": (0.01, 0.05), "brow_tilt": (-0.02, 0.03),
    "brow_thick": (0.03, 0.06), "brow_dark": (0.5, 0.95),
    "nose_width": (0.075, 0.115), "nose_length": (-0.05, 0.03), "nose_height": (0.1, 0.2),
    "mouth_y": (0.53, 0.60), "mouth_width": (0.23, 0.30), "lip_thick": (0.05, 0.09), "lip_dark": (0.6, 0.88),
}  # fmt: skip

# Ranges of what changes from picture to picture: roll in radians, light as the lamp's slope to both sides.
CAPTURE = {
    "roll": (-0.18, 0.18), "shift_x": (-0.07, 0.07), "shift_y": (-0.07, 0.07), "scale": (0.92, 1.1),
    "yaw": (-0.16, 0.16), "pitch": (-0.07, 0.07), "gaze_x": (-0.04, 0.04), "gaze_y": (-0.02, 0.02),
    "asymmetry": (-0.5, 0.5), "light_x": (-0.7, 0.7), "light_y": (-0.8, 0.2), "ambient": (0.25, 0.6),
    "background": (0.1, 0.9), "waves": (0.0, 0.2), "wave_x": (0.5, 4.0), "wave_y": (0.5, 4.0),
    "wave_phase": (0.0, 6.3), "gain": (0.85, 1.3), "offset": (-0.08, 0.08), "blur": (0.0, 0.2),
    "noise": (0.003, 0.025),
}  # fmt: skip

# FACS action units: AU1, AU2, AU4, AU5, AU7, AU43 (half), AU6, AU9, AU10, AU12, AU15, AU17, AU20, AU24, AU26/27,
# AU25, and which teeth show.
ACTION_UNITS = (
    "brow_inner", "brow_outer", "brow_lower", "lid_raise", "lid_tight", "lid_droop", "cheek_raise",
    "nose_wrinkle", "upper_lip", "corner_pull", "corner_depress", "chin_raise", "lip_stretch", "lip_press",
    "jaw_drop", "lips_part", "teeth", "lower_teeth",
)  # fmt: skip

# Two ways of showing each expression, at full intensity.
EXPRESSIONS = {
    "angry": (
        {"brow_lower": 1, "lid_tight": 0.5, "lid_raise": 0.3, "lip_press": 0.9, "corner_depress": 0.25,
         "chin_raise": 0.3},
        {"brow_lower": 1, "lid_tight": 0.4, "lid_raise": 0.3, "upper_lip": 0.4, "lip_stretch": 0.5,
         "jaw_drop": 0.35, "lips_part": 1, "teeth": 0.8, "lower_teeth": 0.6, "nose_wrinkle": 0.2},
    ),
    "disgust": (
        {"nose_wrinkle": 1, "upper_lip": 1, "brow_lower": 0.45, "lid_tight": 0.8, "cheek_raise": 0.4,
         "corner_depress": 0.4, "chin_raise": 0.4},
        {"nose_wrinkle": 1, "upper_lip": 1, "brow_lower": 0.45, "lid_tight": 0.8, "cheek_raise": 0.4,
         "corner_depress": 0.3, "lips_part": 0.8, "jaw_drop": 0.15, "teeth": 0.6},
    ),
    "fear": (
        {"brow_inner": 1, "brow_outer": 0.4, "brow_lower": 0.45, "lid_raise": 1, "lip_stretch": 1,
         "jaw_drop": 0.35, "lips_part": 0.8, "lower_teeth": 0.6, "corner_depress": 0.2},
        {"brow_inner": 1, "brow_outer": 0.4, "brow_lower": 0.45, "lid_raise": 1, "lip_stretch": 0.8,
         "jaw_drop": 0.6, "lips_part": 0.8, "teeth": 0.5, "lower_teeth": 0.3, "corner_depress": 0.15},
    ),
    "happy": (
        {"corner_pull": 1.1, "cheek_raise": 0.9, "lid_tight": 0.2},
        {"corner_pull": 1.1, "cheek_raise": 1, "lid_tight": 0.2, "lips_part": 1, "jaw_drop": 0.35,
         "teeth": 1.3},
    ),
    "sad": (
        {"brow_inner": 0.9, "brow_lower": 0.3, "lid_droop": 0.6, "corner_depress": 1, "chin_raise": 0.6},
        {"brow_inner": 1, "brow_lower": 0.3, "lid_droop": 0.4, "lid_tight": 0.2, "corner_depress": 0.9,
         "lips_part": 0.5, "lip_stretch": 0.2, "chin_raise": 0.2},
    ),
    "surprise": (
        {"brow_inner": 1, "brow_outer": 1, "lid_raise": 0.9, "jaw_drop": 1, "lips_part": 0.5},
        {"brow_inner": 1, "brow_outer": 1, "lid_raise": 0.9, "jaw_drop": 0.6, "lips_part": 0.5, "teeth": 0.3},
    ),
    "neutral": (
        {},
        {"lid_droop": 0.15},
    ),
}  # fmt: skip
INTENSITY = (0.45, 1.0)
ACTION_SPREAD = 0.35  # each action of an expression comes out weaker or stronger by up to this share
ACTION_JITTER = 0.14  # any action may be there a little, whatever the expression


def draw_faces(
    count: int, seed: int | Sequence[int], size: int = 48, classes: Sequence[int] | None = None
) -> tuple[Bytes, Integers]:
    """Draws `count` faces; face i of a seed is the same whatever the count.

    seed: an integer >= 0 or several; size: side in pixels, >= 16; classes: the labels to go through in
    turn (indices into FER2013_LABELS, all seven by default). Each round of classes shows one person.
    Returns grey images uint8 [count,size,size] and labels int64 [count].
    Raises InputError for a negative count, a size below 16 or an unknown class.
    """
    turns = np.arange(len(FER2013_LABELS)) if classes is None else np.asarray(classes, np.int64)
    if count < 0 or size < 16:
        raise InputError(f"synthetic faces: count {count} and size {size} where >= 0 and >= 16 are expected")
    if not len(turns) or turns.min() < 0 or turns.max() >= len(FER2013_LABELS):
        raise InputError(
            f"synthetic faces: classes {turns.tolist()} where 0..{len(FER2013_LABELS) - 1} exist"
        )
    labels = np.resize(turns, count)
    faces = sample_faces(labels, np.arange(count) // len(turns), seed)
    noise = generator(seed, 2)
    images = np.empty((count, size, size), np.uint8)
    for start in range(0, count, FACES_A_CHUNK):
        chunk = {name: value[start : start + FACES_A_CHUNK] for name, value in faces.items()}
        grey, coverage = render(chunk, size)
        images[start : start + FACES_A_CHUNK] = _photograph(grey, coverage, chunk, noise)
    return images, labels


def sample_faces(labels: Integers, persons: Integers, seed: int | Sequence[int]) -> dict[str, Floats]:
    """Draws the parameters of faces: one float32 [N] for each name of IDENTITY, CAPTURE and ACTION_UNITS.

    labels: int [N] into FER2013_LABELS; persons: int [N], who is shown, numbers from 0.
    """
    people = generator(seed, 0).random((int(persons.max(initial=-1)) + 1, len(IDENTITY)), np.float32)
    moments = generator(seed, 1).random((len(labels), len(CAPTURE) + 2 + 2 * len(ACTION_UNITS)), np.float32)
    capture, (variant, strength), deviation, stray = np.split(
        moments.T, np.cumsum([len(CAPTURE), 2, len(ACTION_UNITS)])
    )
    identity = _scaled(IDENTITY, people[persons].T)
    identity["glasses"] = (identity["glasses"] > 0).astype(np.float32)
    identity["beard"] = np.maximum(identity["beard"], 0)
    length = identity["hair_length"]  # short above the ears, or down to the neck and further
    identity["hair_length"] = np.where(length < 0.2, 0.1 * length - 0.15, length)
    full = np.array(
        [
            [[way.get(unit, 0) for unit in ACTION_UNITS] for way in EXPRESSIONS[name]]
            for name in FER2013_LABELS
        ],
        np.float32,
    )
    intensity = INTENSITY[0] + (INTENSITY[1] - INTENSITY[0]) * strength
    actions = full[labels, (variant * 2).astype(np.int64)].T * intensity
    actions = actions * (1 + ACTION_SPREAD * (2 * deviation - 1)) + ACTION_JITTER * (2 * stray - 1)
    actions = np.maximum(actions, 0)
    return identity | _scaled(CAPTURE, capture) | dict(zip(ACTION_UNITS, actions, strict=True))


def generator(seed: int | Sequence[int], stream: int) -> np.random.Generator:
    """The generator of one stream (persons, moments, noise, scene) of a seed; streams never meet."""
    entropy = np.atleast_1d(seed).tolist()
    if min(entropy) < 0:
        raise InputError(f"seed {seed}: 0 or above is expected")
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=(stream,)))


def _scaled(ranges: dict[str, tuple[float, float]], values: Floats) -> dict[str, Floats]:
    low, high = np.array(list(ranges.values()), np.float32).T[:, :, None]
    return dict(zip(ranges, low + (high - low) * values, strict=True))


def _photograph(
    grey: Floats, coverage: Floats, faces: dict[str, Floats], noise: np.random.Generator
) -> Bytes:
    """Puts the faces before their backgrounds and adds blur, exposure and noise: uint8 [B,size,size]."""
    face = {name: faces[name][:, None, None] for name in CAPTURE}
    line = np.linspace(-1, 1, grey.shape[-1], dtype=np.float32)
    behind = np.sin(face["wave_y"] * line[:, None] + face["wave_phase"]) * (
        face["waves"] * np.sin(face["wave_x"] * line + face["wave_phase"])
    )
    behind += face["background"]
    grey -= behind
    grey *= coverage
    grey += behind
    for image in (grey, grey.transpose(0, 2, 1)):
        middle = image[:, 1:-1]
        middle += face["blur"] * (image[:, :-2] + image[:, 2:] - 2 * middle)
    grey -= 0.5 - face["offset"]
    grey *= face["gain"]
    grey += 0.5
    shape: tuple[int, ...] = grey.shape
    grain = noise.standard_normal(shape, np.float32)
    grain *= face["noise"]
    grey += grain
    return to_bytes(grey)


def to_bytes(grey: Floats) -> Bytes:
    """Rounds grey levels of 0..1 to uint8, in place as far as possible."""
    grey *= 255
    grey += 0.5
    return np.clip(grey, 0, 255, out=grey).astype(np.uint8)
