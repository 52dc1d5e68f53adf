"""How readings are printed: a table, CSV or JSON lines on stdout.

CSV has a row for each face, and one with empty cells for a picture or frame without any; JSON lines have an object
for each picture or frame. Coordinates are pixels, times seconds, probabilities 0..1.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TextIO

from face_emotion.face import Face

if TYPE_CHECKING:
    from rich.table import Table

BOX = ("x_min", "y_min", "x_max", "y_max")
WIDE = 240  # columns of a table that goes into a file or pipe


@dataclass(frozen=True)
class Reading:
    """The faces of one picture, or of one frame of a video.

    name: of the picture or video; size: (width, height) in pixels; time: of a frame in seconds, None for a picture.
    """

    name: str
    size: tuple[int, int]
    faces: list[Face]
    time: float | None = None


class Output(Protocol):
    """A form in which readings are printed."""

    def add(self, reading: Reading) -> None:
        """Takes a picture or frame."""

    def close(self) -> None:
        """Prints what is left."""


class CsvOutput:
    """Rows of CSV, written as they come."""

    def __init__(self, stream: TextIO, labels: Sequence[str]) -> None:
        """Writes the heading; labels: the contract's, whose probabilities are the last columns."""
        self._writer = csv.writer(stream, lineterminator="\n")
        self._empty = [""] * (len(BOX) + 6 + len(labels))
        heading = [
            "source",
            "time",
            "face",
            "track",
            "score",
            *BOX,
            "label",
            "certain",
            "small",
            *(f"p_{name}" for name in labels),
        ]
        self._writer.writerow(heading)

    def add(self, reading: Reading) -> None:
        """Writes a row for each face, or one without a face."""
        time = "" if reading.time is None else f"{reading.time:.3f}"
        for number, face in enumerate(reading.faces, 1):
            track = "" if face.track is None else face.track
            box = [f"{value:.1f}" for value in face.box]
            shares = [f"{value:.4f}" for value in face.probabilities.values()]
            row = [reading.name, time, number, track, f"{face.score:.4f}", *box, face.label]
            row += [str(face.certain).lower(), str(face.small).lower(), *shares]
            self._writer.writerow(row)
        if not reading.faces:
            self._writer.writerow([reading.name, time, *self._empty])

    def close(self) -> None:
        """Nothing is left to write."""


class JsonLinesOutput:
    """JSON lines, written as they come."""

    def __init__(self, stream: TextIO, labels: Sequence[str]) -> None:
        self._stream = stream

    def add(self, reading: Reading) -> None:
        """Writes one line."""
        value = {
            "source": reading.name,
            "time": None if reading.time is None else round(reading.time, 3),
            "width": reading.size[0],
            "height": reading.size[1],
            "faces": [
                {
                    "box": [round(value, 1) for value in face.box],
                    "score": round(face.score, 4),
                    "track": face.track,
                    "label": face.label,
                    "certain": face.certain,
                    "small": face.small,
                    "probabilities": {name: round(value, 4) for name, value in face.probabilities.items()},
                }
                for face in reading.faces
            ],
        }
        line = json.dumps(value, ensure_ascii=False, allow_nan=False)
        # Of a name that is no text the bytes, as JSON escapes them: a line of JSON is UTF-8.
        print(line.encode("utf-8", "backslashreplace").decode(), file=self._stream)

    def close(self) -> None:
        """Nothing is left to write."""


@dataclass
class _Track:
    """What is remembered of a face of a video."""

    first: float
    last: float
    labels: Counter[str] = field(default_factory=Counter)


class TableOutput:
    """Tables, printed at the end: the faces of pictures, and the tracks of videos."""

    def __init__(self, stream: TextIO, labels: Sequence[str]) -> None:
        self._stream = stream
        self._pictures: list[Reading] = []
        self._frames: Counter[str] = Counter()  # of each video
        self._tracks: dict[tuple[str, int | None], _Track] = {}

    def add(self, reading: Reading) -> None:
        """Remembers a picture, or what a frame says of its tracks."""
        if reading.time is None:
            self._pictures.append(reading)
            return
        self._frames[reading.name] += 1
        for face in reading.faces:
            track = self._tracks.setdefault((reading.name, face.track), _Track(reading.time, reading.time))
            track.last = reading.time
            track.labels[face.shown] += 1

    def close(self) -> None:
        """Prints the tables."""
        from face_emotion.console import Console

        console = Console(file=self._stream, highlight=False, emoji=False, markup=False)
        if not console.is_terminal:
            console = Console(file=self._stream, highlight=False, emoji=False, markup=False, width=WIDE)
        if self._pictures:
            console.print(self._picture_table())
        if self._frames:
            console.print(self._video_table())

    def _picture_table(self) -> Table:
        table = _table("picture", "face", "expression", ">probability", "second", "box (pixels)")
        for reading in self._pictures:
            for number, face in enumerate(reading.faces, 1):
                second, share = sorted(face.probabilities.items(), key=lambda entry: -entry[1])[1]
                box = "{:.0f}, {:.0f} – {:.0f}, {:.0f}".format(*face.box)
                shown = _percent(face.probabilities[face.label])
                shown = shown if face.certain else f"{face.label} {shown}"
                _row(table, reading.name, str(number), face.shown, shown, f"{second} {_percent(share)}", box)
            if not reading.faces:
                _row(table, reading.name, "none")
        return table

    def _video_table(self) -> Table:
        table = _table("video", ">frames", "face", ">seen (s)", "expression shown, share of the frames")
        for name, frames in self._frames.items():
            found = [(number, track) for (video, number), track in self._tracks.items() if video == name]
            for number, track in found:
                total = track.labels.total()
                shown = ", ".join(f"{label} {_percent(n / total)}" for label, n in track.labels.most_common())
                _row(table, name, str(frames), str(number), f"{track.first:.1f} – {track.last:.1f}", shown)
            if not found:
                _row(table, name, str(frames), "none")
        return table


OUTPUTS: dict[str, Callable[[TextIO, Sequence[str]], Output]]
OUTPUTS = {"table": TableOutput, "csv": CsvOutput, "jsonl": JsonLinesOutput}


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table()
    for name in columns:
        table.add_column(name.lstrip(">"), justify="right" if name[0] == ">" else "left", overflow="fold")
    return table


def _row(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*map(Text, cells))
