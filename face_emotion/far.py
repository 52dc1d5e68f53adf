"""Faces that are small, far away or turned: many looks at a picture with YuNet, each finding confirmed by a closer one.

    FarSearch(near, far, settings).search(image)

A network finds faces of 25 to 250 of its pixels that stand upright within about 30 degrees, and upside down ones, which
it takes for upright. So:

 1. Looks: the whole picture at near_size, as it is and turned back by 90, 180 and 270 degrees, and at far_size, as it
    is and turned back by 90 degrees; then, in parts of far_size that overlap, the picture at full size, small ones
    enlarged (`parts`). A square turned back by 90 degrees has at (column u, row v) its pixel of (S - 1 - v, u).
 2. What a look finds with a score of at least proposal_threshold is a proposal: a box, a score, the look's turn. The
    first look's faces of at least sure_score are faces already.
 3. Proposals, highest score first (equal ones in their order), at most most_proposals of them, are confirmed unless
    they overlap (above iou_threshold) with a face that is: the square around the box's centre, `zoom` times as wide as
    the box's longer side and turned back by its turn, as geometry.sample_grey sees it (at most 4 samples a side), is
    shown to the near network. Of what that finds with its centre in the middle half of the square, the surest counts.
    Where its score is below sure_score, the square is turned further by 45, 90, … 315 degrees, for the first
    most_turned such proposals only, and the surest of all counts. It is a face from confirm_threshold on.
 4. A face whose eyes lie aslant by more than 8 degrees in the square is looked at once more, turned back by the whole
    degrees of their line; if that finds it with at least score_threshold, this is what counts. It is dropped if it
    overlaps with a face that is.
 5. Where no face has come of all this: the same with looks at the whole picture turned back by 45 and 135 degrees, at
    near_size and at far_size, as geometry.sample_grey sees it in a square of (W + H) / sqrt(2) pixels.
 6. Of the first look's faces of at least score_threshold those that overlap with none of these are faces as well: what
    "near" finds, "far" does not lose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Bytes, Doubles, Floats
from face_emotion.detection import Box, Detection, turned_box
from face_emotion.geometry import Transform
from face_emotion.letterbox import letterbox, sample_square, unletterbox
from face_emotion.parts import parts
from face_emotion.square_network import SquareNetwork
from face_emotion.suppression import Candidates, intersection_over_union, weighted_suppression
from face_emotion.views import placed, shown, view_of, whole_view
from face_emotion.yunet import YuNetSettings, cells, decode

TURN, ASLANT = 45, 8.0  # degrees
GLANCES = (0, 90, 180, 270, 0)  # degrees by which a glance's looks are turned back


@dataclass(frozen=True)
class Proposal:
    """Where a look saw a face: its centre in source pixels, the box's sides as the look saw it, score and turn."""

    center: tuple[float, float]
    width: float
    height: float
    score: float
    turn: int

    @property
    def box(self) -> Box:
        """The box in source pixels."""
        return turned_box(self.center, self.width, self.height, self.turn)


class YuNetPass:
    """One look of a YuNet network at a square. Attributes: size (pixels)."""

    def __init__(self, network: SquareNetwork, settings: YuNetSettings) -> None:
        """network: of squares of its size, one output."""
        self.size, self._network, self._settings = network.size, network, settings
        self._cells = cells(settings.strides, network.size)

    def look(self, square: Floats, threshold: float) -> Candidates:
        """Returns the faces of a square float32 [S,S,3], 0..255, highest score first, in its pixels."""
        (raw,) = self._network.run(square)
        return weighted_suppression(decode(raw, self._cells, threshold), self._settings.iou_threshold)

    def detect(self, image: Bytes, threshold: float) -> list[Detection]:
        """Returns the upright faces of a whole image in one look, highest score first."""
        place = letterbox(image.shape[1], image.shape[0], self.size)
        found = self.look(sample_square(image, self.size, place), threshold)
        sources = Candidates(unletterbox(found.points, place), found.scores)
        return detections(sources, self._settings.keypoints)


class FarSearch:
    """The search of a whole picture."""

    def __init__(self, near: YuNetPass, far: Callable[[], YuNetPass], settings: YuNetSettings) -> None:
        """near: the network of near_size; far: gives the one of far_size, which is asked for when it is needed."""
        self._near, self._open_far, self._settings, self._rules = near, far, settings, settings.far

    @property
    def _far(self) -> YuNetPass:
        return self._open_far()

    @property
    def most_turned(self) -> int:
        """How many proposals of a search are looked at at every angle."""
        return self._rules.most_turned

    def search(self, image: Bytes) -> list[Detection]:
        """Returns the faces of an image, highest score first."""
        first = self._near.detect(image, self._rules.proposal_threshold)
        faces = [face for face in first if self.is_sure(face)]
        proposals = [_proposal(face) for face in first if not self.is_sure(face)]
        self._add(image, faces, [*proposals, *self._whole_looks(image), *self._parts(image)])
        if not faces:
            self._add(image, faces, list(self._slanting_looks(image)))
        return self._with(first, faces)

    def near(self, image: Bytes) -> list[Detection]:
        """Returns the faces of one look at the whole image, highest score first."""
        return self._near.detect(image, self._settings.score_threshold)

    def closely(self, image: Bytes) -> list[Detection]:
        """Returns what near finds, faces of less than sure_score as a closer look sees them, highest score first.

        Near takes a face that lies on its side for an upright one; a closer look (step 3) tells which way up it is.
        """
        first = self.near(image)
        faces = [face for face in first if self.is_sure(face)]
        self._add(image, faces, [_proposal(face) for face in first if not self.is_sure(face)])
        return self._with(first, faces)

    def look_again(self, image: Bytes, face: Detection) -> Detection | None:
        """Returns a face of another image where it was, turned back by the whole degrees of its eyes' line, or None."""
        turn = math.floor(_line(face) + 0.5) % 360
        return self._confirmed(image, _proposal(face), turn, self._settings.score_threshold)

    def glance(self, image: Bytes, number: int) -> list[Proposal]:
        """Returns what a look at the whole image proposes: GLANCES[number], the network for far in its last."""
        network = self._near if number < len(GLANCES) - 1 else self._far
        return list(self._whole_look(image, network, self._square(image, network), GLANCES[number]))

    def closer(self, image: Bytes, proposal: Proposal, turned: bool) -> tuple[Detection | None, bool]:
        """Returns the face that a proposal turns out to be (steps 3 and 4), or None, and whether it was turned further.

        turned: whether it may be.
        """
        threshold = self._rules.confirm_threshold
        face = self._confirmed(image, proposal, proposal.turn, threshold)
        turned = turned and not (face is not None and self.is_sure(face))
        if turned:
            others = [
                self._confirmed(image, proposal, (proposal.turn + turn) % 360, threshold)
                for turn in range(TURN, 360, TURN)
            ]
            face = max(filter(None, (face, *others)), key=lambda one: one.score, default=None)
        return (None if face is None else self._straightened(image, face)), turned

    def is_sure(self, face: Detection) -> bool:
        """Returns whether a face's score is at least sure_score."""
        return face.score >= self._rules.sure_score

    def is_confirmed(self, face: Detection) -> bool:
        """Returns whether a face's score is at least confirm_threshold."""
        return face.score >= self._rules.confirm_threshold

    def overlapping(self, box: Box, faces: list[Detection]) -> list[Detection]:
        """Returns those of `faces` whose boxes overlap with a box by more than iou_threshold."""
        return [other for other in faces if self._is_taken(box, [other])]

    def _with(self, first: list[Detection], faces: list[Detection]) -> list[Detection]:
        """The faces, and those of the first look that overlap with none, highest score first."""
        for face in first:
            if face.score >= self._settings.score_threshold and not self._is_taken(face.box, faces):
                faces.append(face)
        return sorted(faces, key=lambda face: -face.score)

    def _add(self, image: Bytes, faces: list[Detection], proposals: list[Proposal]) -> None:
        """Adds the faces that proposals turn out to be."""
        left = self._rules.most_turned
        for proposal in surest(proposals, self._rules.most_proposals):
            if not self._is_taken(proposal.box, faces):
                face, turned = self.closer(image, proposal, left > 0)
                left -= turned
                if face is not None and not self._is_taken(face.box, faces):
                    faces.append(face)

    def _whole_looks(self, image: Bytes) -> Iterator[Proposal]:
        """What the looks at the whole image propose, but for the first."""
        for network, turns in ((self._near, (90, 180, 270)), (self._far, (0, 90))):
            square = self._square(image, network)
            for turn in turns:
                yield from self._whole_look(image, network, square, turn)

    def _square(self, image: Bytes, network: YuNetPass) -> Floats:
        return sample_square(image, network.size, letterbox(image.shape[1], image.shape[0], network.size))

    def _whole_look(self, image: Bytes, network: YuNetPass, square: Floats, turn: int) -> Iterator[Proposal]:
        """What a look at the whole image, as a network's square shows it, turned back by `turn` proposes."""
        height, width = image.shape[:2]
        shown = np.ascontiguousarray(np.rot90(square, turn // 90))
        found = network.look(shown, self._rules.proposal_threshold)
        return _proposals(found, whole_view(width, height, max(width, height), turn), network.size, turn)

    def _parts(self, image: Bytes) -> Iterator[Proposal]:
        """What looks at the image's parts propose."""
        height, width = image.shape[:2]
        threshold = self._rules.proposal_threshold
        for place in parts(width, height, self._settings):
            found = self._far.look(sample_square(image, self._far.size, place), threshold)
            yield from _proposals(found, view_of(place, self._far.size), self._far.size, 0)

    def _slanting_looks(self, image: Bytes) -> Iterator[Proposal]:
        height, width = image.shape[:2]
        for network in (self._near, self._far):
            for turn in (TURN, 90 + TURN):
                view = whole_view(width, height, (width + height) / math.sqrt(2), turn)
                found = network.look(shown(image, view, network.size), self._rules.proposal_threshold)
                yield from _proposals(found, view, network.size, turn)

    def _straightened(self, image: Bytes, face: Detection) -> Detection:
        """A face whose eyes lie aslant, as a look finds it in which they do not."""
        if abs((_line(face) - face.turn + 180) % 360 - 180) <= ASLANT:
            return face
        return self.look_again(image, face) or face

    def _confirmed(self, image: Bytes, proposal: Proposal, turn: int, threshold: float) -> Detection | None:
        """What a closer look at a proposal finds, turned back by `turn` degrees."""
        size = self._near.size
        side = self._rules.zoom * max(proposal.width, proposal.height)
        view = Transform(*proposal.center, side, math.radians(turn))
        found = self._near.look(shown(image, view, size), threshold)
        for points, score in zip(found.points, found.scores.tolist(), strict=True):
            center = points[:2].mean(axis=0)
            if (np.abs(center - size / 2) <= size / 4).all():
                return self._seen(points, score, view, turn)
        return None

    def _seen(self, points: Doubles, score: float, view: Transform, turn: int) -> Detection:
        """A face of a closer look's square in source pixels."""
        size = self._near.size
        whole = placed(np.concatenate([points[:2].mean(axis=0)[None], points[2:]]), view, size)
        (across, down), *marks = whole.tolist()
        width, height = ((points[1] - points[0]) * view.side / size).tolist()
        own = (across - width / 2, down - height / 2, across + width / 2, down + height / 2)
        keypoints = dict(zip(self._settings.keypoints, ((mark[0], mark[1]) for mark in marks), strict=True))
        box = own if turn == 0 else turned_box((across, down), width, height, turn)
        return Detection(box, score, keypoints, turn, own)

    def _is_taken(self, box: Box, faces: list[Detection]) -> bool:
        if not faces:
            return False
        overlaps = intersection_over_union(np.array(box), np.array([face.box for face in faces]))
        return bool((overlaps > self._settings.iou_threshold).any())


def surest(proposals: list[Proposal], most: int) -> list[Proposal]:
    """Returns at most `most` proposals, highest score first, equal ones in their order."""
    return sorted(proposals, key=lambda one: -one.score)[:most]


def detections(faces: Candidates, keypoints: tuple[str, ...]) -> list[Detection]:
    """Returns upright faces in source pixels with their key points' names."""
    found = zip(faces.scores.tolist(), faces.points.tolist(), strict=True)
    return [
        Detection(
            (*low, *high), score, dict(zip(keypoints, ((mark[0], mark[1]) for mark in marks), strict=True))
        )
        for score, (low, high, *marks) in found
    ]


def _line(face: Detection) -> float:
    """The angle of a face's eye line in degrees, -180 to 180."""
    (left_x, left_y), (right_x, right_y) = face.eyes
    return math.degrees(math.atan2(right_y - left_y, right_x - left_x))


def _proposal(face: Detection) -> Proposal:
    low_x, low_y, high_x, high_y = face.upright_box
    center = (low_x + high_x) / 2, (low_y + high_y) / 2
    return Proposal(center, high_x - low_x, high_y - low_y, face.score, face.turn)


def _proposals(found: Candidates, view: Transform, size: int, turn: int) -> Iterator[Proposal]:
    """A look's faces as proposals. view: the look's square in source pixels."""
    centers = placed(found.points[:, :2].mean(axis=1), view, size)
    extents = (found.points[:, 1] - found.points[:, 0]) * (view.side / size)
    for (x, y), (width, height), score in zip(
        centers.tolist(), extents.tolist(), found.scores.tolist(), strict=True
    ):
        yield Proposal((x, y), width, height, score, turn)
