"""The faces of a video, frame by frame: followed from frame to frame, looked for twice a second, far now and then.

    live = detector.live()
    live.faces(image, time)              # seconds, from the caller's clock

 1. A frame is followed where each face of the frame before is (follower.py), from where it was found last, no two of
    them come to overlap (above iou_threshold), and the last look is less than look_every seconds ago (LOOK_EVERY,
    where nothing is said). These are its faces.
 2. Any other frame is looked at as "near" does: the first, one without a face before it, one after another size or
    after a time that went back, one in which a face is lost, and one after a look that found more than MOST_FOLLOWED
    faces or one of less than confirm_threshold, which may be none.
 3. It is glanced at instead, by far.py's search without its parts and its looks at 45 and 135 degrees, where there has
    been no glance for GLANCE_EVERY seconds, or for GLANCE_EMPTY where near sees no face in it, or time went back.
 4. Each of the surest MOST_HELD faces before it (where they have been followed to, else where they were) that stood
    turned, or that overlaps with none of these, is looked for there: as far.py confirms a proposal, turned back by the
    whole degrees of its eyes' line, with score_threshold. If that finds it, it takes the place of the faces that it
    overlaps with if it is surer than all of these; else it is dropped.
 5. Where there was a face in the frame before and there is none now, the frame is glanced at as well.
So a face that is small, far away or lies on its side stays as long as it is there, a new one is found at the next look
or glance, one that has gone is lost at once, and every answer is of this frame's own pixels.
"""

from __future__ import annotations

import math
from typing import Protocol

from face_emotion.arrays import Bytes
from face_emotion.detection import Detection
from face_emotion.far import FarSearch
from face_emotion.follower import Anchor

LOOK_EVERY = 0.5  # seconds
GLANCE_EVERY, GLANCE_EMPTY = 2.0, 1.0  # seconds
MOST_FOLLOWED, MOST_HELD = 16, 32  # faces


class Live(Protocol):
    """The detector's state of one video."""

    def faces(self, image: Bytes, time: float) -> list[Detection]:
        """Returns the faces of the next frame, highest score first."""


class LiveSearch:
    """The state of one video."""

    def __init__(self, search: FarSearch, look_every: float = LOOK_EVERY) -> None:
        """search: of the detector; look_every: seconds, 0: each frame is looked at."""
        self._search, self._look_every = search, look_every
        self._known: list[Detection] = []
        self._anchors: list[Anchor] = []  # of all known faces, or of none
        self._looked = self._glanced = -math.inf
        self._size: tuple[int, ...] = ()

    def faces(self, image: Bytes, time: float) -> list[Detection]:
        """Returns the faces of a frame, highest score first. image: as `Detector.detect`; time: in seconds."""
        if image.shape[:2] != self._size or time < self._looked:
            self._size, self._known, self._anchors = image.shape[:2], [], []
        moved = [anchor.follow(image) for anchor in self._anchors]
        followed = [face for face in moved if face is not None]
        if (
            not self._known
            or len(followed) < len(self._known)
            or time - self._looked >= self._look_every
            or not self._apart(followed)
        ):
            before = [new or old for new, old in zip(moved, self._known, strict=False)] or self._known
            followed = self._look(image, time, before)
            self._anchor(image, followed)
            self._looked = time
        self._known = followed
        return followed

    def _look(self, image: Bytes, time: float, before: list[Detection]) -> list[Detection]:
        """The faces of a frame that is looked at."""
        found = self._search.near(image)
        since = GLANCE_EVERY if found else GLANCE_EMPTY
        glances = not 0 <= time - self._glanced < since
        if glances:
            found = self._search.glance(image)
        for old in before[:MOST_HELD]:
            if old.turn != 0 or not self._search.overlapping(old, found):
                found = self._held(image, old, found)
        if before and not found and not glances:
            glances, found = True, self._search.glance(image)
        if glances:
            self._glanced = time
        return sorted(found, key=lambda face: -face.score)

    def _held(self, image: Bytes, old: Detection, found: list[Detection]) -> list[Detection]:
        """The faces with one of the frame before, where it is still there."""
        face = self._search.look_again(image, old)
        if face is None:
            return found
        others = self._search.overlapping(face, found)
        if any(other.score >= face.score for other in others):
            return found
        return [other for other in found if other not in others] + [face]

    def _anchor(self, image: Bytes, faces: list[Detection]) -> None:
        """Begins to follow the faces of a frame, if they are not too many, and all sure enough and not too flat."""
        can_be_followed = len(faces) <= MOST_FOLLOWED and all(map(self._search.is_confirmed, faces))
        anchors = [Anchor.of(image, face) for face in faces] if can_be_followed else []
        self._anchors = [anchor for anchor in anchors if anchor is not None]
        if len(self._anchors) < len(faces):
            self._anchors = []

    def _apart(self, faces: list[Detection]) -> bool:
        return not any(self._search.overlapping(face, faces[:place]) for place, face in enumerate(faces))
