"""One clip through three streams of one recognizer: faces followed, and twice with every frame looked at anew.

The second time the frames that are looked at anew get another noise: how often labels then differ is what there is of
chance in the comparison.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.detector.scenes import SEED
from benchmarks.pace.clips import NOISE, RATE, Clip, Place, noisy
from face_emotion.face import Face
from face_emotion.stream import Stream

NEAR_ENOUGH = 0.5  # of a face's width, from a box's centre to the actor's
ANEW, FOLLOWED, NOISIER = range(3)


@dataclass
class Way:
    """What was seen with one of the streams.

    equal, of: frames of actors with the same label as anew, of those that anew finds; late, kept: the longest time in
    seconds until a new actor is found, and that more faces are shown than there are; swaps: how often a track passes
    from one actor to another while both are there; changes: of labels; seconds: of the processor.
    """

    equal: int = 0
    of: int = 0
    late: float = 0.0
    kept: float = 0.0
    swaps: int = 0
    changes: int = 0
    seconds: float = 0.0

    def add(self, other: Way) -> None:
        """Adds the counts of other clips."""
        for name in ("equal", "of", "swaps", "changes", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.late, self.kept = max(self.late, other.late), max(self.kept, other.kept)


@dataclass
class Tally:
    """What was seen of a kind of clip. ways: anew, followed, anew with another noise."""

    frames: int = 0
    ways: list[Way] = field(default_factory=lambda: [Way(), Way(), Way()])

    def add(self, other: Tally) -> None:
        """Adds the counts of other clips."""
        self.frames += other.frames
        for way, more in zip(self.ways, other.ways, strict=True):
            way.add(more)


def measure(clips: Iterable[Clip], anew: Stream, followed: Stream, noisier: Stream) -> dict[str, Tally]:
    """Returns a tally by the clips' names; the streams take turns at every frame."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for clip in clips:
        streams = (anew, followed, noisier)
        for stream in streams:
            stream.reset()
        tallies[clip.name].add(_measure(clip, streams))
    return dict(tallies)


def _measure(clip: Clip, streams: Sequence[Stream]) -> Tally:
    tally, watchers = Tally(), [_Watcher() for _ in streams]
    random = np.random.default_rng((SEED, 4))
    for number, (now, pixels, places) in enumerate(clip.frames()):
        found: list[dict[int, Face]] = [{}, {}, {}]
        other = noisy(pixels, NOISE, random)
        for turn in range(len(streams)):
            which = (turn + number) % len(streams)
            started = time.process_time()
            faces = streams[which].recognize(other if which == NOISIER else pixels, time=now)
            tally.ways[which].seconds += time.process_time() - started
            found[which] = by_actor(faces, places)
            watchers[which].see(tally.ways[which], found[which], places, len(faces) - len(clip.posed(now)))
        tally.frames += 1
        for way, answers in zip(tally.ways, found, strict=True):
            for actor, face in found[ANEW].items():
                way.of += 1
                way.equal += actor in answers and answers[actor].label == face.label
    return tally


class _Watcher:
    """What a stream's answers were in the frames before."""

    def __init__(self) -> None:
        self._owners: dict[int, int] = {}
        self._labels: dict[int, str] = {}
        self._waiting: dict[int, int] = {}
        self._extra = 0

    def see(self, way: Way, found: dict[int, Face], places: Sequence[Place | None], more: int) -> None:
        """Adds a frame's; more: by how many faces more are shown than there are."""
        for actor, place in enumerate(places):
            if place is None:
                self._waiting.pop(actor, None)
                self._owners = {track: owner for track, owner in self._owners.items() if owner != actor}
                continue
            # Frames since it came, as long as it has not been found: then none.
            waited = self._waiting.setdefault(actor, 0)
            if actor not in found:
                if waited >= 0:
                    self._waiting[actor] = waited + 1
                    way.late = max(way.late, (waited + 1) / RATE)
                continue
            self._waiting[actor] = -1
            face = found[actor]
            way.changes += self._labels.get(actor, face.label) != face.label
            self._labels[actor] = face.label
            way.swaps += self._owners.get(face.track or 0, actor) != actor
            self._owners[face.track or 0] = actor
        self._extra = self._extra + 1 if more > 0 else 0
        way.kept = max(way.kept, self._extra / RATE)


def by_actor(faces: Sequence[Face], places: Sequence[Place | None]) -> dict[int, Face]:
    """Returns the face of each actor: of those that are nearer to it than to any other the nearest, if near enough."""
    found: dict[int, tuple[float, Face]] = {}
    for face in faces:
        left, top, right, bottom = face.box
        gaps = {
            actor: max(abs((left + right) / 2 - place[0]), abs((top + bottom) / 2 - place[1])) / place[2]
            for actor, place in enumerate(places)
            if place is not None
        }
        actor = min(gaps, key=lambda one: gaps[one], default=None)
        if actor is not None and gaps[actor] < found.get(actor, (NEAR_ENOUGH, face))[0]:
            found[actor] = (gaps[actor], face)
    return {actor: face for actor, (_, face) in found.items()}
