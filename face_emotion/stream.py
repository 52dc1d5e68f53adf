"""The faces of one video: tracks, and probabilities that are smoothed over time.

stream = recognizer.stream()                       # as many as there are videos, over one recognizer's networks
faces = stream.recognize(frame, time=frame_number / 25)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from face_emotion.baseline import Baseline
from face_emotion.contract import NEAR
from face_emotion.errors import InputError
from face_emotion.face import Face, scaled
from face_emotion.images import ImageLike, picture_from
from face_emotion.live import LOOK_EVERY, Live
from face_emotion.reader import FaceReader
from face_emotion.smoother import Smoother
from face_emotion.tracker import Tracker, check_time
from face_emotion.turns import VIDEO, Turn

Baselines = Baseline | Mapping[int, Baseline] | None


class Owner(Protocol):
    """What streams are asked for, an EmotionRecognizer."""

    def stream(self, look_every: float) -> Stream:
        """Returns one more stream."""


class Stream:
    """The state of one video over a recognizer's networks. Threads may share it; frames are taken as they come."""

    def __init__(self, owner: Owner, reader: FaceReader, look_every: float = LOOK_EVERY) -> None:
        """`EmotionRecognizer.stream` makes one."""
        self._owner, self._reader, self._look_every = owner, reader, _checked(look_every)
        self._lock = Turn(VIDEO)
        self._live: Live | None = None
        self.reset()

    def recognize(
        self,
        image: ImageLike,
        time: float,
        cropped: bool = False,
        baseline: Baselines = None,
        reach: str | None = None,
    ) -> list[Face]:
        """Returns the faces of a frame, the detector's surest first; each has a track.

        image, cropped: as of `EmotionRecognizer.recognize`. time: of the frame in seconds, finite. baseline: of every
        face, or by track: {3: baseline}; other tracks stay as they are. reach: "near" or "far" for
        this frame alone; None: faces followed, near twice a second, far now and then (live.py).
        Raises InputError for anything that cannot be used; then the tracks are what they were.
        """
        now = check_time(time)
        for one in baseline.values() if isinstance(baseline, Mapping) else [baseline]:
            if one is not None:
                self._reader.offsets(one)  # refuses another model's before anything changes
        picture = picture_from(image)
        pixels = picture.pixels
        with self._lock:
            if reach is None and not cropped:
                if self._live is None:
                    self._live = self._reader.live(self._look_every)
                found = self._reader.read_live(pixels, self._live, now)
            else:
                found = self._reader.read(pixels, cropped, NEAR if reach is None else reach)
            tracks = self._tracker.update([seen.detection.box for seen in found], now)
            faces = []
            for seen, track in zip(found, tracks, strict=True):
                own = baseline.get(track) if isinstance(baseline, Mapping) else baseline
                observed = self._reader.answer(seen, own)
                shown, label = self._smoother.update(track, observed, now)
                faces.append(scaled(self._reader.face(seen, shown, label, track), *picture.scale))
        return faces

    def reset(self) -> None:
        """Forgets every track: the next frame belongs to another video. Track numbers begin at 1 again."""
        smoothing = self._reader.contract.smoothing
        with self._lock:
            self._tracker, self._smoother = Tracker(smoothing.reset_after), Smoother(smoothing)
            self._live = None

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has networks of its own, and no tracks."""
        return _stream_of, (self._owner, self._look_every)


def _checked(look_every: float) -> float:
    try:
        seconds = check_time(look_every)
    except InputError:
        seconds = -1.0
    if seconds < 0:
        raise InputError(f"look_every {look_every!r}: a finite number of seconds, 0 or more, is expected")
    return seconds


def _stream_of(owner: Owner, look_every: float) -> Stream:
    return owner.stream(look_every)
