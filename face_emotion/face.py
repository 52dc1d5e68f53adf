"""What the kit says of one face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

UNCLEAR = "unclear"  # what is shown of a face whose expression is not certain
Point = tuple[float, float]


@dataclass(frozen=True)
class Face:
    """One face of an image.

    box: (x_min, y_min, x_max, y_max) in pixels of the image, may reach outside it; score: the detector's, 0..1;
    track: a number that stays with this face from frame to frame, None for a still image; probabilities: of each
    label, 0..1, in the order of the contract, smoothed over time if the frame had one; label: the expression to
    show, which is the most probable one, or for a track the one that the contract's hysteresis holds; certain: whether
    the largest of the probabilities is at least the contract's unsure_below: if not, show "unclear" and no label;
    keypoints: (x, y) of each of the detector's key points in pixels of the image, by name, "right_eye" and "left_eye"
    (the person's own) among them; none of a face that was cut out already; small: whether the face has fewer pixels
    than the network sees, so that it had to be enlarged: it is read less surely.
    """

    box: tuple[float, float, float, float]
    score: float
    track: int | None
    probabilities: dict[str, float]
    label: str
    certain: bool = True
    keypoints: dict[str, Point] = field(default_factory=dict)
    small: bool = False

    @property
    def shown(self) -> str:
        """What to show of it: the label, or "unclear"."""
        return self.label if self.certain else UNCLEAR

    @property
    def eyes(self) -> tuple[Point, Point] | None:
        """The centres of the eye on the image's left and of the one on its right; None without key points."""
        return eyes_of(self.keypoints) if self.keypoints else None


def scaled(face: Face, across: float, down: float) -> Face:
    """Returns a face of a smaller copy of an image in the image's pixels: so many, across and down, for one of its."""
    if across == down == 1:
        return face
    left, top, right, bottom = face.box
    return replace(
        face,
        box=(left * across, top * down, right * across, bottom * down),
        keypoints={name: (x * across, y * down) for name, (x, y) in face.keypoints.items()},
    )


def eyes_of(keypoints: Mapping[str, Point]) -> tuple[Point, Point]:
    """Returns the eye on the image's left and the one on its right, as `crop_transform` takes them."""
    left, right = sorted((keypoints["right_eye"], keypoints["left_eye"]), key=lambda eye: eye[0])
    return left, right
