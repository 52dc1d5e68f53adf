"""Draws a batch of grey faces from their parameters: soft masks and a height map, array code only.

Coordinates: a face is drawn in its own frame, x to the right and y down, the crop's centre at (0, 0)
and its edges at -1 and +1, so that the same drawing comes out at any size. The features stand where
BlazeFace finds them in FER2013: eyes near (-0.37, -0.2) and (0.37, -0.2), mouth near (0, 0.55).
Light is Lambert's law on the height map's normals. The parameters are those of synthetic.py; nothing
here is random, and no pixel depends on what else is in the batch.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from face_emotion.arrays import Floats
from model_build.synthetic.features import (
    blend,
    brows,
    bump,
    darken,
    eyes,
    glasses,
    mask,
    mouth,
    nose,
    ridge,
    window,
)

# Where a part of the face can lie after any pose: (reach to both sides, top, bottom), in the frame.
# Drawing only there halves the time; the windows are constants so that they never change a pixel.
_EYES = (0.92, -0.72, 0.30)
_BROWS = (0.98, -1.00, 0.02)
_NOSE = (0.62, -0.72, 0.66)
_MOUTH = (0.90, 0.14, 1.30)


def render(faces: dict[str, Floats], size: int, view: float = 1.0) -> tuple[Floats, Floats]:
    """Draws B faces on size x size pixels that show the face frame from -view to +view.

    faces: float32 [B] for each name of synthetic.IDENTITY, ACTION_UNITS and CAPTURE.
    Returns grey levels before noise (float32 [B,size,size], about 0..1, not clipped) and how far
    head, hair and shoulders cover the background (float32 [B,size,size], 0..1).
    """
    face = SimpleNamespace(**{name: value[:, None, None] for name, value in faces.items()})
    frame = _frame(face, size, view)
    coverage = _head(frame, face)
    _folds(frame, face)
    with window(frame, _NOSE) as part:
        nose(part, face)
    with window(frame, _BROWS) as part:
        brows(part, face)
    with window(frame, _EYES) as part:
        eyes(part, face)
    with window(frame, _MOUTH) as part:
        mouth(part, face)
    glasses(frame, faces)
    _hair_over_face(frame, face)
    return frame.grey * _light(frame, face), coverage


def _frame(face: SimpleNamespace, size: int, view: float) -> SimpleNamespace:
    """The coordinates of every pixel, on the head (head_x, head_y) and on its features (x, y), and the layers."""
    line = ((np.arange(size, dtype=np.float32) + 0.5) * np.float32(2 / size) - 1) * np.float32(view)
    across, down = line[None, None, :] - face.shift_x, line[None, :, None] - face.shift_y
    cosine, sine = np.cos(face.roll) / face.scale, np.sin(face.roll) / face.scale
    head_x, head_y = across * cosine + down * sine, down * cosine - across * sine
    below = np.clip(head_y, 0, 1.2)
    radius = below * (1 / (face.chin + 0.14 * face.jaw_drop)) + np.minimum(head_y, 0) * (1 / 1.2)
    radius += np.maximum(head_y - 1.2, 0)
    radius *= radius
    radius *= 1 - face.square + face.square * radius
    below *= below
    below *= face.taper
    ratio = head_x / (face.face_width - face.face_width * below)
    ratio *= ratio
    inside = 1 - ratio - radius
    bulge = np.maximum(inside, 0)
    # A turned head moves what lies nearest to the camera furthest.
    x, y = head_x - face.yaw * bulge, head_y - face.pitch * bulge
    return SimpleNamespace(
        head_x=head_x, head_y=head_y, x=x, y=y, u=np.abs(x), inside=inside, pixel=2 * view / size,
        line=line, height=0.68 * np.maximum(inside, -0.45), grey=np.empty_like(x), skin=None,
    )  # fmt: skip


def _head(frame: SimpleNamespace, face: SimpleNamespace) -> Floats:
    """Shoulders, neck, the hair behind, ears and the skin of the head, each over the one before."""
    grey, beside, head_y = frame.grey, np.abs(frame.head_x), frame.head_y
    below = slice(int(np.searchsorted(frame.line, 0.0)), None)
    cloth = mask(frame, head_y[:, below] - 1.22 - 0.3 * beside[:, below] ** 3)
    neck = mask(frame, np.minimum(face.face_width * 0.64 - beside[:, below], head_y[:, below] - 0.3))
    volume = face.face_width + face.hair_volume
    hair = np.minimum(head_y + 0.15, 0) * (1 / (1.08 + face.hair_volume))
    hair += np.maximum(head_y - face.hair_length, 0) * (1 / 0.3)
    hair = _bald(face) * mask(frame, (1 - (frame.head_x * (1 / volume)) ** 2 - hair * hair) * 0.4)
    ear = 1 - ((beside - face.face_width) * (1 / 0.1)) ** 2 - ((head_y + 0.06) * (1 / 0.2)) ** 2
    ears = mask(frame, ear * 0.08)
    ears *= face.hair_length < 0.3
    skin = frame.skin = mask(frame, frame.inside * 0.4)
    grey[:] = face.skin * 0.62
    blend(grey[:, below], cloth, face.cloth)
    blend(grey, hair, face.hair * 0.95)
    blend(grey, ears, face.skin * 0.82)
    blend(grey, skin, face.skin)
    frame.scalp = np.maximum(hair, skin)
    coverage = np.maximum(frame.scalp, ears)
    np.maximum(coverage[:, below], np.maximum(cloth, neck), out=coverage[:, below])
    return coverage


def _bald(face: SimpleNamespace) -> Floats:
    bald: Floats = (face.hair_line < 1.0).astype(np.float32)
    return bald


def _folds(frame: SimpleNamespace, face: SimpleNamespace) -> None:
    """Beard, cheeks, brow ridge, eye sockets, nasolabial folds and the creases of forehead and frown."""
    u, y, height = frame.u, frame.y, frame.height
    lifted = face.cheek_raise
    beard = np.clip((y - 0.66 + 0.5 * u) * 5, 0, 1)
    beard *= face.beard
    beard *= frame.skin
    blend(frame.grey, beard, face.hair * 0.9)
    height += (0.04 + 0.08 * lifted) * bump(u - 0.45, y - 0.2 + 0.07 * lifted, 0.2, 0.17)
    height += 0.05 * bump(u - 0.34, y + 0.42, 0.26, 0.1)
    height -= 0.09 * bump(u - 0.28, y - face.eye_y - 0.01, 0.17, 0.11)
    height += 0.05 * bump(u - face.eye_x, y - face.eye_y - 0.01, 0.13, 0.09)
    height += 0.06 * bump(u, y - 0.52, 0.34, 0.2)
    height += 0.05 * bump(u, y - face.chin + 0.12 - 0.12 * face.jaw_drop, 0.2, 0.11)
    depth = face.age * (0.25 + face.corner_pull * 0.8 + 0.8 * face.nose_wrinkle + 0.4 * face.upper_lip)
    along = (y - 0.2) * (1 / 0.42)
    path = 0.17 + (0.22 + face.corner_pull * 0.22 * (1.1 - 0.6 * along)) * along
    fold = ridge(u - path, 0.055)
    fold *= ridge(along - 0.45, 0.5)
    fold *= depth
    height -= 0.05 * fold
    fold *= 0.25
    brows_up = face.brow_inner + face.brow_outer - face.brow_lower
    lines = np.cos((y - 0.12 * u * u + 0.12 * brows_up) * np.float32(2 * np.pi / 0.15))
    lines += 1
    lines *= bump(u, y + 0.7, 0.4, 0.15)
    lines *= 0.08 * face.age * np.clip(brows_up, 0, 1.6)
    fold += lines
    fold += 0.45 * face.brow_lower * bump(u - 0.075, y + 0.37, 0.03, 0.1)
    darken(frame.grey, fold)


def _hair_over_face(frame: SimpleNamespace, face: SimpleNamespace) -> None:
    edge = frame.head_x * (1 / face.face_width)
    edge *= edge
    edge *= 0.55 * edge
    edge += face.hair_part * frame.head_x - face.hair_line
    edge -= frame.head_y
    hair = mask(frame, 0.35 * edge)
    hair *= frame.scalp
    strands = np.sin(frame.head_x * (16 - 6 * frame.head_y) + 9 * face.hair_part)
    strands *= 0.14 * face.hair
    strands += face.hair
    blend(frame.grey, hair, strands)


def _light(frame: SimpleNamespace, face: SimpleNamespace) -> Floats:
    """Lambert's law: ambient light plus one distant lamp, on the normals of the height map."""
    step = np.float32(1 / (2 * frame.pixel))
    x, y = np.zeros_like(frame.height), np.zeros_like(frame.height)
    x[:, :, 1:-1] = (frame.height[:, :, 2:] - frame.height[:, :, :-2]) * step
    y[:, 1:-1] = (frame.height[:, 2:] - frame.height[:, :-2]) * step
    facing: Floats = 1 - face.light_x * x - face.light_y * y
    x *= x
    y *= y
    x += y
    x += 1
    x *= 1 + face.light_x**2 + face.light_y**2
    facing /= np.sqrt(x, out=x)
    np.maximum(facing, 0, out=facing)
    facing *= 1.1 - face.ambient
    facing += face.ambient
    return facing
