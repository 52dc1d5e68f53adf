"""The faces of a video, frame by frame: near in each, far now and then, and what near does not see is held on to.

    live = detector.live()
    live.faces(image, time)              # seconds, from the caller's clock

 1. Each frame is looked at as "near" does.
 2. It is glanced at instead, by far.py's search without its parts and its looks at 45 and 135 degrees, where there has
    been no glance for GLANCE_EVERY seconds, or for GLANCE_EMPTY where near sees no face in it, or time went back.
 3. Each face of the frame before that stood turned, or that overlaps (above iou_threshold) with none of these, is
    looked for where it was: as far.py confirms a proposal, turned back by the whole degrees of its eyes' line, with
    score_threshold. If that finds it, it takes the place of the faces that it overlaps with if it is surer than all of
    these; else it is dropped.
 4. Where there was a face in the frame before and there is none now, the frame is glanced at as well.
So a face that is small, far away or lies on its side stays as long as it is there, and a new one is found at the next
glance; every answer is of this frame's own pixels. Frames of another size begin anew.
"""

from __future__ import annotations

import math
from typing import Protocol

from face_emotion.arrays import Bytes
from face_emotion.detection import Detection
from face_emotion.far import FarSearch

GLANCE_EVERY, GLANCE_EMPTY = 2.0, 1.0  # seconds


class Live(Protocol):
    """The detector's state of one video."""

    def faces(self, image: Bytes, time: float) -> list[Detection]:
        """Returns the faces of the next frame, highest score first."""


class LiveSearch:
    """The state of one video."""

    def __init__(self, search: FarSearch) -> None:
        """search: of the detector."""
        self._search = search
        self._known: list[Detection] = []
        self._glanced = -math.inf
        self._size: tuple[int, ...] = ()

    def faces(self, image: Bytes, time: float) -> list[Detection]:
        """Returns the faces of a frame, highest score first. image: as `Detector.detect`; time: in seconds."""
        if image.shape[:2] != self._size:
            self._size, self._known = image.shape[:2], []
        found = self._search.near(image)
        since = GLANCE_EVERY if found else GLANCE_EMPTY
        glances = not 0 <= time - self._glanced < since
        if glances:
            found = self._search.glance(image)
        for old in self._known:
            if old.turn != 0 or not self._search.overlapping(old, found):
                found = self._held(image, old, found)
        if self._known and not found and not glances:
            glances, found = True, self._search.glance(image)
        if glances:
            self._glanced = time
        self._known = sorted(found, key=lambda face: -face.score)
        return self._known

    def _held(self, image: Bytes, old: Detection, found: list[Detection]) -> list[Detection]:
        """The faces with one of the frame before, where it is still there."""
        face = self._search.look_again(image, old)
        if face is None:
            return found
        others = self._search.overlapping(face, found)
        if any(other.score >= face.score for other in others):
            return found
        return [other for other in found if other not in others] + [face]
