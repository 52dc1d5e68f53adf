"""The faces of a video, frame by frame: followed from frame to frame, looked for twice a second, far now and then.

    live = detector.live()
    live.faces(image, time)              # seconds, from the caller's clock

 1. A frame is followed where each face of the frame before is (follower.py), from where it was found last, no two of
    them come to overlap (above iou_threshold), and the last look is less than look_every seconds ago (LOOK_EVERY,
    where nothing is said; where it is 0 nothing is followed). These are its faces.
 2. Any other frame is looked at as "near" does: the first, one without a face before it, one in which a face is lost,
    and one after a look that found more than MOST_FOLLOWED faces or one of less than confirm_threshold, which may be
    none.
 3. In a frame that is looked at each of the surest MOST_HELD faces before it (where they have been followed to, else
    where they were) that stood turned, or that overlaps with none of these, is looked for there: as far.py confirms a
    proposal, turned back by the whole degrees of its eyes' line, with score_threshold. If that finds it, it takes the
    place of the faces that it overlaps with if it is surer than all of these; else it is dropped.
 4. A glance (glance.py) begins in a frame that is looked at where the last one began GLANCE_EVERY seconds ago or
    earlier, or GLANCE_EMPTY where no face is known in it, and anew where there was one in the frame before. It goes on
    in this frame and in those that follow, looked at or not: a step a frame, or as many as the frame before is
    STEP_EVERY seconds away (all where there was none before it). It ends unfinished where that is GLANCE_EMPTY away.
 5. A frame of another size, and a time that goes back, begin another video.
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
from face_emotion.glance import MOST_STEPS, Glance, with_surer

LOOK_EVERY = 0.5  # seconds
GLANCE_EVERY, GLANCE_EMPTY, STEP_EVERY = 2.0, 1.0, 0.1  # seconds
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
        self._size: tuple[int, ...] = ()
        self._begin(())

    def _begin(self, size: tuple[int, ...]) -> None:
        self._size = size
        self._known: list[Detection] = []
        self._anchors: list[Anchor] = []  # of all known faces, or of none
        self._time = self._looked = self._glanced = -math.inf
        self._glance: Glance | None = None

    def faces(self, image: Bytes, time: float) -> list[Detection]:
        """Returns the faces of a frame, highest score first. image: as `Detector.detect`; time: in seconds."""
        if image.shape[:2] != self._size or time < self._time:
            self._begin(image.shape[:2])
        pause, self._time = time - self._time, time
        steps = max(1, math.floor(min(pause / STEP_EVERY, MOST_STEPS)))
        if pause >= GLANCE_EMPTY:
            self._glance = None
        moved = [anchor.follow(image) for anchor in self._anchors]
        found = [face for face in moved if face is not None]
        anchors = self._anchors
        if (
            not self._known
            or len(found) < len(self._known)
            or time - self._looked >= self._look_every
            or not self._apart(found)
        ):
            before = [new or old for new, old in zip(moved, self._known, strict=False)] or self._known
            found, anchors = self._look(image, before), []
            self._looked = time
            self._begin_glance(time, found, before)
        followed = found
        if self._glance is not None:
            found = self._glance.go_on(image, found, steps)
            self._glance = None if self._glance.is_done else self._glance
        if found is not followed or not anchors:
            kept = {id(face): anchor for face, anchor in zip(followed, anchors, strict=False)}
            found = sorted(found, key=lambda face: -face.score)
            anchors = self._anchors_of(image, found, kept)
        self._known, self._anchors = found, anchors
        return found

    def _look(self, image: Bytes, before: list[Detection]) -> list[Detection]:
        """The faces of a frame that is looked at."""
        found = self._search.near(image)
        for old in before[:MOST_HELD]:
            if old.turn != 0 or not self._search.overlapping(old.box, found):
                face = self._search.look_again(image, old)
                found = found if face is None else with_surer(self._search, found, face)
        return found

    def _begin_glance(self, time: float, found: list[Detection], before: list[Detection]) -> None:
        """Begins a glance if it is time for one and none is under way, and where nothing is left of what was there."""
        is_lost = bool(before) and not found
        since = GLANCE_EVERY if found else GLANCE_EMPTY
        if is_lost or (self._glance is None and time - self._glanced >= since):
            self._glance, self._glanced = Glance(self._search), time

    def _anchors_of(self, image: Bytes, faces: list[Detection], kept: dict[int, Anchor]) -> list[Anchor]:
        """What follows the faces of a frame, if they are not too many, and all sure enough and not too flat.

        kept: what follows some of them already, by their identity.
        """
        if (
            not self._look_every
            or len(faces) > MOST_FOLLOWED
            or not all(map(self._search.is_confirmed, faces))
        ):
            return []
        anchors = [kept.get(id(face)) or Anchor.of(image, face) for face in faces]
        known = [anchor for anchor in anchors if anchor is not None]
        return known if len(known) == len(faces) else []

    def _apart(self, faces: list[Detection]) -> bool:
        return not any(self._search.overlapping(face.box, faces[:place]) for place, face in enumerate(faces))
