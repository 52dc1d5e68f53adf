"""The parts of a synthetic face, and the soft shapes that they are made of.

Each part is drawn into a SimpleNamespace of arrays [B,h,w]: x, y (face frame, see synthetic_drawing.py),
u = |x|, height (of the surface, for the light) and grey, with `pixel`, the width of a pixel. `face`
holds the parameters as arrays [B,1,1]. Drawing is in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np

from face_emotion.arrays import Floats


@contextmanager
def window(frame: SimpleNamespace, limits: tuple[float, float, float]) -> Iterator[SimpleNamespace]:
    """Yields copies of the frame's arrays within `limits` and puts what was drawn there back."""
    reach, top, bottom = limits
    columns = slice(*np.searchsorted(frame.line, (-reach, reach)))
    rows = slice(*np.searchsorted(frame.line, (top, bottom)))
    arrays = {
        name: getattr(frame, name)[:, rows, columns].copy() for name in ("x", "y", "u", "height", "grey")
    }
    part = SimpleNamespace(**arrays, pixel=frame.pixel)
    yield part
    frame.height[:, rows, columns] = part.height
    frame.grey[:, rows, columns] = part.grey


def mask(frame: SimpleNamespace, distance: Floats) -> Floats:
    """1 inside (distance > 0), 0 outside, one pixel of ramp between."""
    mask: Floats = distance * (1 / frame.pixel)
    mask += 0.5
    np.maximum(mask, 0, out=mask)
    return np.minimum(mask, 1, out=mask)


def bump(x: Floats, y: Floats, width: float | Floats, height: float | Floats) -> Floats:
    """A bell of height 1 around (0, 0)."""
    x, y = x * (1 / width), y * (1 / height)
    x *= x
    y *= y
    x += y
    np.negative(x, out=x)
    return np.exp(x, out=x)


def ridge(distance: Floats, width: float | Floats) -> Floats:
    """A line of height 1 where the distance is 0."""
    ridge = distance * (1 / width)
    ridge *= ridge
    np.negative(ridge, out=ridge)
    return np.exp(ridge, out=ridge)


def blend(grey: Floats, mask: Floats, level: float | Floats) -> None:
    """Lays a level over the grey where the mask is 1."""
    change = level - grey
    change *= mask
    grey += change


def darken(grey: Floats, amount: Floats) -> None:
    """Takes a share (0..1, at most 0.85) away from the grey, in place; `amount` is used up."""
    np.minimum(amount, 0.85, out=amount)
    amount *= grey
    grey -= amount


def nose(part: SimpleNamespace, face: SimpleNamespace) -> None:
    """Bridge, tip, wings and nostrils, and the wrinkles of a drawn-up nose."""
    u, y = part.u, part.y + (0.05 * face.nose_wrinkle - face.nose_length)
    along = np.clip((y + 0.3) * (1 / 0.55), 0, 1.15)
    along *= 0.45 + 0.55 * along
    bridge = ridge(u, face.nose_width * (0.85 + 0.35 * along))
    bridge *= along * np.clip((0.36 - y) * 10, 0, 1)
    part.height += face.nose_height * bridge
    part.height += 0.5 * face.nose_height * bump(u - face.nose_width * 1.25, y - 0.25, 0.06, 0.06)
    shadow = 0.65 * bump(u - face.nose_width * 0.8, y - 0.31, 0.042, 0.024)
    shadow += 0.2 * bump(u, y - 0.36, face.nose_width * 1.3, 0.045)
    shadow += (0.2 + 0.25 * face.nose_wrinkle) * bump(u - face.nose_width * 1.75, y - 0.25, 0.03, 0.07)
    ripples = np.cos((part.y + 0.25 * u + 0.03) * np.float32(2 * np.pi / 0.13))
    ripples += 1
    ripples *= bump(u, part.y + 0.2, 0.1, 0.1)
    ripples *= 0.2 * face.nose_wrinkle
    ripples += 0.35 * face.nose_wrinkle * bump(u - 0.13 - 0.4 * (part.y - 0.02), part.y - 0.04, 0.03, 0.13)
    shadow += ripples
    darken(part.grey, shadow)


def brows(part: SimpleNamespace, face: SimpleNamespace) -> None:
    inner = 0.15 - 0.045 * face.brow_lower
    along = (part.u - inner) * (1 / (0.62 - inner))
    rest = 1 - along
    line = (0.13 * face.brow_lower - 0.15 * face.brow_inner - 4 * face.brow_arch * along) * rest
    line -= (face.brow_tilt + 0.14 * face.brow_outer * (1.5 - 0.5 * along)) * along
    line += face.asymmetry * 0.12 * part.x
    line += face.brow_y + 0.05 * face.brow_lower + 0.03 * face.nose_wrinkle
    across = (part.y - line) / (face.brow_thick * (1.1 - 0.6 * np.clip(along, 0, 1)))
    across *= across
    brow = ridge(across, 1)
    brow *= mask(part, np.minimum(along, rest) * 0.3)
    part.height += 0.02 * brow
    brow *= face.brow_dark
    blend(part.grey, brow, face.hair * 0.7)


def eyes(part: SimpleNamespace, face: SimpleNamespace) -> None:
    """Lids, white, iris, pupil and glint, the crease above and the bag below."""
    aside = part.u - face.eye_x
    y = part.y + (face.eye_tilt - 0.25 * face.lid_droop) * aside
    y -= face.eye_y
    arch = aside * (1 / face.eye_width)
    arch *= -arch
    arch += 1
    within = np.clip(1.5 * arch + 0.5, 0, 1)
    wide = np.maximum(1 + 0.75 * face.lid_raise - 0.45 * face.lid_tight - 0.6 * face.lid_droop, 0.08)
    above = y + face.eye_open * wide * (1 + face.asymmetry * part.x) * arch
    raised = 1 + 0.3 * face.lid_raise - 0.9 * face.cheek_raise - 0.5 * face.lid_tight
    under = (face.eye_open * 0.6 * raised) * arch - y
    opening = mask(part, np.minimum(above, under))
    white = 0.78 - 0.25 * ridge(above, 0.035)
    over = np.copysign(aside, aside * part.x) - face.gaze_x
    away = np.sqrt(over * over + (y + (0.012 - face.gaze_y)) ** 2)
    blend(white, mask(part, 0.073 - away), face.iris)
    blend(white, mask(part, 0.034 - away), 0.03)
    blend(white, bump(over + 0.03, y + 0.045, 0.024, 0.024), 0.95)
    crease = 0.28 * ridge(above + (0.055 + 0.02 * face.lid_raise), 0.022)
    crease += (0.1 + 0.3 * face.cheek_raise + 0.2 * face.lid_tight) * ridge(under + 0.045, 0.025)
    crease *= within
    darken(part.grey, crease)
    blend(part.grey, opening, white)
    lashes = face.lashes * ridge(above, 0.022)
    lashes += 0.3 * ridge(under, 0.018)
    lashes *= within
    blend(part.grey, np.minimum(lashes, 1), 0.1)


def mouth(part: SimpleNamespace, face: SimpleNamespace) -> None:
    """Lips, the opening with teeth and tongue, corners and the shadows around."""
    half = face.mouth_width + 0.08 * face.corner_pull + 0.07 * face.lip_stretch
    half = half - 0.07 * np.clip(face.jaw_drop - 0.8 * face.corner_pull - 0.8 * face.lip_stretch, 0, 1)
    u, grey = part.u, part.grey
    across = u * (1 / half)
    across *= across
    np.minimum(across, 1.5, out=across)
    arch = np.maximum(1 - across, 0)
    between_corners = arch > 0
    round_arch = np.sqrt(arch)
    round_arch += face.lip_stretch * (np.sqrt(round_arch) - round_arch)
    bend = 0.15 * face.corner_depress - 0.17 * face.corner_pull
    corner_y = face.mouth_y - 0.03 * face.chin_raise + bend * 0.65
    y = part.y - bend * across + 0.04 * face.asymmetry * part.x
    y -= corner_y - bend
    opened = 0.36 * face.jaw_drop + 0.06 * face.lips_part
    below_top = y + (0.3 * opened + 0.05 * face.upper_lip) * round_arch
    above_bottom = (0.7 * opened - 0.02 * face.upper_lip) * round_arch - y
    thin = np.maximum(1 - 0.65 * face.lip_press - 0.2 * face.lip_stretch - 0.2 * face.corner_pull, 0.2)
    bow = arch * (1 - 0.35 * ridge(u, 0.06))
    above = below_top + (face.lip_thick * 0.75 * thin) * bow + 0.02 * face.upper_lip * arch
    below = above_bottom + (face.lip_thick * (thin + 0.3 * face.chin_raise)) * arch
    upper_lip = mask(part, np.minimum(above, 0.01 - below_top)) * between_corners
    lower_lip = mask(part, np.minimum(below, 0.01 - above_bottom)) * between_corners
    blend(grey, upper_lip, face.skin * face.lip_dark * 0.85)
    blend(grey, lower_lip, face.skin * face.lip_dark)
    upper_lip += lower_lip
    part.height += 0.03 * upper_lip
    outside, down = u - half, part.y - corner_y
    shade = (0.12 + 0.25 * face.corner_pull + 0.25 * face.corner_depress) * bump(
        outside - 0.02, down, 0.045, 0.05
    )
    shade += (0.2 + 0.2 * face.chin_raise) * bump(u, below + 0.05, half * 0.6, 0.035)
    sag = bump(outside - 0.03 - 0.15 * down, down - 0.12, 0.035, 0.1)
    shade += 0.3 * face.corner_depress * sag
    shade += 0.12 * bump(u, part.y - 0.43, 0.035, 0.06)
    darken(grey, shade)
    inside = 0.06 + 0.22 * bump(u, above_bottom - 0.02, half * 0.6, 0.07)
    enamel = 0.88 - 0.45 * across
    blend(inside, mask(part, face.teeth * 0.13 - below_top) * (across < 0.85), enamel)
    blend(inside, mask(part, face.lower_teeth * 0.09 - above_bottom) * (across < 0.7), enamel * 0.9)
    seam = ridge(np.minimum(np.abs(below_top), np.abs(above_bottom)), 0.018)
    seam *= np.minimum(3 * arch, 0.75)
    blend(grey, seam, 0.1)
    cavity = mask(part, np.minimum(below_top, above_bottom)) * between_corners
    cavity *= np.clip(opened * 20, 0, 1)
    blend(grey, cavity, inside)


def glasses(frame: SimpleNamespace, faces: dict[str, Floats]) -> None:
    """Round rims, bridge and temples, on those who wear them."""
    wearers = np.flatnonzero(faces["glasses"])
    if not len(wearers):
        return
    eye_x, eye_y = (faces[name][wearers, None, None] for name in ("eye_x", "eye_y"))
    u, y = frame.u[wearers] - eye_x, frame.y[wearers] - eye_y
    rim = ridge(((u * (1 / 0.25)) ** 2 + ((y - 0.03) * (1 / 0.19)) ** 2 - 1) * 0.1, 0.025)
    rim += ridge(y + 0.02, 0.025) * (u < -0.24)
    rim += ridge(y + 0.04, 0.025) * (u > 0.24) * frame.skin[wearers]
    grey = frame.grey[wearers]
    blend(grey, np.minimum(rim, 1), 0.12)
    frame.grey[wearers] = grey
