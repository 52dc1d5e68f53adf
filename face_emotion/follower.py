"""Where a face that was found has moved since, from the motion of its pixels: no network is asked.

    anchor = Anchor.of(image, face)      # a face as a detector found it in this image; None where it is too flat
    moved = anchor.follow(next_image)    # the same face there as a Detection, or None where it is not seen any more

Python, JavaScript (follower.js) and Kotlin (Follower.kt) follow this definition, all arithmetic in float64. A face's
place is the square around the centre of its upright box, as wide as the mean of that box's sides, turned as its eyes.
With "sees", a square is sampled by geometry.py's `sample_grey` (LUMA, at most 2 samples a side of an output pixel).

 1. The template T is what the place sees with SIZE x SIZE pixels; u and v run from -(SIZE - 1) / 2 to (SIZE - 1) / 2
    across and down. Its weights are w = max(0, 1 - (u^2 + v^2) / (SIZE / 2)^2), divided by their sum: what stands in
    the corners is not the face. <a> is the sum of w a; a^ = (a - <a>) / sqrt(<(a - <a>)^2>). A template whose
    <(T - <T>)^2> is below FLATTEST is not followed.
 2. In the next image the last place, 1.5 times as wide, is seen with WINDOW x WINDOW pixels.
 3. Both are halved (means of 2 x 2 pixels), and so are the weights' squares of radius; of the 49 places of the halved
    template in the halved window, row by row, the first whose <T^ I^> is greatest is taken. So faces may move by a
    quarter of their width from frame to frame.
 4. From there the motion z -> alpha z + tau of the template's pixels z = u + i v is refined (Lucas and Kanade's method,
    inverse compositional: Baker and Matthews, "Lucas-Kanade 20 years on", IJCV 56, 2004), at most ROUNDS times: I is
    the window read at alpha z + tau (bilinear, its border going on outside); e = I^ - T^; the step p = (a, b, s, t)
    solves H p = <J e>, H = <J J'>, with J = (G_u u + G_v v, G_v u - G_u v, G_u, G_v), G the gradient of T^ (half the
    difference of the neighbours, at the border the difference to the only one), each of J less its mean <J> and then
    its share <J T^> of T^ (gain and offset do not count). Then, d = 1 + a + i b: alpha := alpha / d and
    tau := tau - alpha (s + i t) with the new alpha. It ends when |a| + |b| < SMALLEST_TURN and |s| + |t| <
    SMALLEST_STEP.
 5. The face is lost where after a step 1 / MOST_ZOOM <= |alpha| <= MOST_ZOOM does not hold, |arg alpha| is above
    MOST_TURN or a part of tau is beyond (WINDOW - SIZE) / 2, and where <T^ I^> at the end is below FIT. A template
    whose H cannot be inverted is not followed.
 6. Else its place moves by alpha and tau, and its box and key points with it. T stays as it is: what is compared
    is always the face as it was found, so that errors do not add up. The box keeps its score and its `turn`.
"""

from __future__ import annotations

import cmath
import dataclasses
import math

import numpy as np

from face_emotion.arrays import Bytes, Doubles
from face_emotion.detection import Detection, turned_box
from face_emotion.face import Point
from face_emotion.geometry import Transform, sample_grey

SIZE, WINDOW = 24, 36  # pixels
LUMA = (0.299, 0.587, 0.114)
SAMPLES = 2
FLATTEST = 9.0  # grey levels squared: of a template that can be followed
FLAT = 1e-9  # below that a variance is none
ROUNDS = 8
SMALLEST_TURN, SMALLEST_STEP = 0.001, 0.01
MOST_ZOOM, MOST_TURN = 1.3, math.radians(25)
FIT = 0.8


class Anchor:
    """A face as it was found, and where it has moved."""

    def __init__(self, found: Detection, place: Transform, template: Template) -> None:
        """`Anchor.of` makes one."""
        self._found, self._first, self._place, self._template = found, place, place, template

    @classmethod
    def of(cls, image: Bytes, face: Detection) -> Anchor | None:
        """Returns a face of an image to be followed; None where the template is too flat."""
        place = place_of(face)
        levels = sample_grey(image, place, SIZE, LUMA, SAMPLES).astype(np.float64)
        template = Template.of(levels)
        return None if template is None else cls(face, place, template)

    def follow(self, image: Bytes) -> Detection | None:
        """Returns the face in the next image, of the same size, or None where it is not seen any more."""
        place = self._place
        wide = dataclasses.replace(place, side=place.side * WINDOW / SIZE)
        window = sample_grey(image, wide, WINDOW, LUMA, SAMPLES).astype(np.float64)
        motion = self._template.motion(window)
        if motion is None:
            return None
        alpha, tau = motion
        shift = tau * place.side / SIZE * cmath.rect(1, place.angle)
        self._place = Transform(
            place.center_x + shift.real,
            place.center_y + shift.imag,
            place.side * abs(alpha),
            place.angle + cmath.phase(alpha),
        )
        return _moved(self._found, self._first, self._place)


class Template:
    """The levels of a face, and what does not change while they are looked for; `Template.of` makes one."""

    def __init__(self, levels: Doubles, inverse: Doubles, steepest: Doubles) -> None:
        self._levels = levels  # T^, [n]
        self._half = _standard(_halved(levels.reshape(SIZE, SIZE)).ravel(), _HALF_WEIGHTS)
        self._solve = inverse @ (steepest * _WEIGHTS)  # of an e the step p: [4,n]

    @classmethod
    def of(cls, levels: Doubles) -> Template | None:
        """Returns the template of float64 [SIZE,SIZE] levels; None where they are too flat to tell a motion."""
        flat = levels.ravel()
        if (_WEIGHTS * (flat - _WEIGHTS @ flat) ** 2).sum() < FLATTEST:
            return None
        normal = _standard(flat, _WEIGHTS)
        down, across = (gradient.ravel() for gradient in np.gradient(normal.reshape(SIZE, SIZE)))
        steepest = np.stack([across * _U + down * _V, down * _U - across * _V, across, down])
        steepest -= (steepest @ _WEIGHTS)[:, None]
        steepest -= (steepest @ (_WEIGHTS * normal))[:, None] * normal
        try:
            inverse = np.linalg.inv((steepest * _WEIGHTS) @ steepest.T)
        except np.linalg.LinAlgError:
            return None
        return cls(normal, inverse, steepest)

    def motion(self, window: Doubles) -> tuple[complex, complex] | None:
        """Returns alpha and tau, in pixels of the template, or None where the face is lost. window: [WINDOW,WINDOW]."""
        alpha, tau = complex(1), self._nearby(window)
        for _ in range(ROUNDS):
            a, b, s, t = (self._solve @ (self._seen(window, alpha, tau) - self._levels)).tolist()
            alpha /= complex(1 + a, b)
            tau -= alpha * complex(s, t)
            if not _is_likely(alpha, tau):
                return None
            if abs(a) + abs(b) < SMALLEST_TURN and abs(s) + abs(t) < SMALLEST_STEP:
                break
        fit = _WEIGHTS @ (self._levels * self._seen(window, alpha, tau))
        return (alpha, tau) if fit >= FIT else None

    def _nearby(self, window: Doubles) -> complex:
        """Where the template fits best, by whole pixels of the halved window."""
        halved = _halved(window)
        side = SIZE // 2
        places = np.lib.stride_tricks.sliding_window_view(halved, (side, side)).reshape(-1, side * side)
        mean = places @ _HALF_WEIGHTS
        spread = np.sqrt(np.maximum((places * places) @ _HALF_WEIGHTS - mean * mean, FLAT))
        best = int(np.argmax((places @ (_HALF_WEIGHTS * self._half)) / spread))
        most = (WINDOW - SIZE) // 4
        row, column = divmod(best, 2 * most + 1)
        return complex(2 * (column - most), 2 * (row - most))

    def _seen(self, window: Doubles, alpha: complex, tau: complex) -> Doubles:
        """I^ of a motion."""
        x = alpha.real * _U - alpha.imag * _V + (tau.real + (WINDOW - 1) / 2)
        y = alpha.imag * _U + alpha.real * _V + (tau.imag + (WINDOW - 1) / 2)
        return _standard(_read(window, x, y), _WEIGHTS)


def _read(window: Doubles, x: Doubles, y: Doubles) -> Doubles:
    """The window between its pixels."""
    x, y = np.clip(x, 0, WINDOW - 1), np.clip(y, 0, WINDOW - 1)
    column, row = np.minimum(x.astype(np.intp), WINDOW - 2), np.minimum(y.astype(np.intp), WINDOW - 2)
    right, low = x - column, y - row
    place, flat = row * WINDOW + column, window.ravel()
    above = flat[place] + (flat[place + 1] - flat[place]) * right
    below = flat[place + WINDOW] + (flat[place + WINDOW + 1] - flat[place + WINDOW]) * right
    levels: Doubles = above + (below - above) * low
    return levels


def _is_likely(alpha: complex, tau: complex) -> bool:
    return (
        1 / MOST_ZOOM <= abs(alpha) <= MOST_ZOOM
        and abs(cmath.phase(alpha)) <= MOST_TURN
        and max(abs(tau.real), abs(tau.imag)) <= (WINDOW - SIZE) / 2
    )


def _standard(levels: Doubles, weights: Doubles) -> Doubles:
    """Levels with the weighted mean 0 and variance 1; flat ones are all 0."""
    centred: Doubles = levels - weights @ levels
    variance = float(weights @ (centred * centred))
    return centred / math.sqrt(variance) if variance > FLAT else np.zeros_like(centred)


def _halved(levels: Doubles) -> Doubles:
    """The means of 2 x 2 pixels."""
    halved: Doubles = (levels[::2, ::2] + levels[::2, 1::2] + levels[1::2, ::2] + levels[1::2, 1::2]) / 4
    return halved


def _grid(size: int) -> tuple[Doubles, Doubles, Doubles]:
    """u, v and the weights of the pixels of a square, row by row: float64 [size * size]."""
    line = np.arange(size) - (size - 1) / 2
    u, v = np.tile(line, size), np.repeat(line, size)
    weights = np.maximum(0.0, 1 - (u * u + v * v) / (size / 2) ** 2)
    return u, v, weights / weights.sum()


_U, _V, _WEIGHTS = _grid(SIZE)
_HALF_WEIGHTS = _grid(SIZE // 2)[2]


def place_of(face: Detection) -> Transform:
    """Returns the square of a face that is followed."""
    left, top, right, bottom = face.upright_box
    (first_x, first_y), (second_x, second_y) = face.eyes
    return Transform(
        (left + right) / 2,
        (top + bottom) / 2,
        (right - left + bottom - top) / 2,
        math.atan2(second_y - first_y, second_x - first_x),
    )


def _moved(face: Detection, before: Transform, now: Transform) -> Detection:
    """A face whose place was `before`, with its place `now`."""
    motion = cmath.rect(now.side / before.side, now.angle - before.angle)
    old, new = complex(before.center_x, before.center_y), complex(now.center_x, now.center_y)

    def of(point: Point) -> Point:
        there = (complex(*point) - old) * motion + new
        return there.real, there.imag

    left, top, right, bottom = face.upright_box
    width, height = (right - left) * abs(motion), (bottom - top) * abs(motion)
    own = (new.real - width / 2, new.imag - height / 2, new.real + width / 2, new.imag + height / 2)
    box = own if face.turn == 0 else turned_box((new.real, new.imag), width, height, face.turn)
    keypoints = {name: of(point) for name, point in face.keypoints.items()}
    return Detection(box, face.score, keypoints, face.turn, None if face.turn == 0 else own)
