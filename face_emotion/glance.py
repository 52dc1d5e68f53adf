"""A glance at a video: a search for the faces that near does not see, a step a frame so that no frame waits for it.

    glance = Glance(search)
    while not glance.is_done:
        faces = glance.go_on(image, faces, steps)      # the next frame, its faces, how many steps it can wait for

Python, JavaScript (glance.js) and Kotlin (Glance.kt) follow this definition.

 1. The first five steps are looks at the whole frame: of the near network as it is and turned back by 90, 180 and 270
    degrees, of the far network as it is. What they propose (far.py, step 2) is put by, the surest MOST_PROPOSALS of it.
 2. Each further step takes the surest proposal left that does not overlap with a face of its frame of at least
    sure_score, and looks closer at it (far.py, steps 3 and 4), in this frame's pixels; most_turned as there. It has
    ended when there is none left.
 3. A face that is found takes the place of those of its frame that it overlaps with, if it is surer than all of these.
"""

from __future__ import annotations

from typing import Protocol

from face_emotion.arrays import Bytes
from face_emotion.detection import Box, Detection
from face_emotion.far import GLANCES, Proposal, surest

MOST_PROPOSALS = 32
MOST_STEPS = len(GLANCES) + MOST_PROPOSALS


class GlanceSearch(Protocol):
    """What a glance asks of a search (far.FarSearch)."""

    @property
    def most_turned(self) -> int:
        """How many proposals are turned further."""

    def glance(self, image: Bytes, number: int) -> list[Proposal]:
        """Returns what a look at the whole image proposes."""

    def closer(self, image: Bytes, proposal: Proposal, turned: bool) -> tuple[Detection | None, bool]:
        """Returns the face that a proposal turns out to be, and whether it was turned further."""

    def is_sure(self, face: Detection) -> bool:
        """Returns whether no closer look can tell more."""

    def overlapping(self, box: Box, faces: list[Detection]) -> list[Detection]:
        """Returns the faces that a box overlaps with."""


class Glance:
    """The state of one glance."""

    def __init__(self, search: GlanceSearch) -> None:
        """search: of the detector."""
        self._search = search
        self._looks = 0
        self._proposals: list[Proposal] = []
        self._turns_left = search.most_turned

    @property
    def is_done(self) -> bool:
        """Whether there is no step left."""
        return self._looks == len(GLANCES) and not self._proposals

    def go_on(self, image: Bytes, faces: list[Detection], steps: int) -> list[Detection]:
        """Returns the faces of a frame with those that the next steps find, `faces` itself if they find none.

        faces: of the frame, as far as they are known; steps: >= 1.
        """
        for _ in range(steps):
            if self._looks < len(GLANCES):
                proposals = self._proposals + self._search.glance(image, self._looks)
                self._proposals = surest(proposals, MOST_PROPOSALS)
                self._looks += 1
            elif (proposal := self._next(faces)) is not None:
                face, turned = self._search.closer(image, proposal, self._turns_left > 0)
                self._turns_left -= turned
                if face is not None:
                    faces = with_surer(self._search, faces, face)
        return faces

    def _next(self, faces: list[Detection]) -> Proposal | None:
        """The next proposal that is not a face that is known."""
        while self._proposals:
            proposal = self._proposals.pop(0)
            if not any(map(self._search.is_sure, self._search.overlapping(proposal.box, faces))):
                return proposal
        return None


def with_surer(search: GlanceSearch, faces: list[Detection], face: Detection) -> list[Detection]:
    """Returns faces with one more in the place of those that it overlaps with, if it is the surest; else `faces`."""
    others = search.overlapping(face.box, faces)
    if any(other.score >= face.score for other in others):
        return faces
    return [other for other in faces if other not in others] + [face]
