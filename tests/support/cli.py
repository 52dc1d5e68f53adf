"""The `face-emotion` command in this process, and pictures and a video for it to read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from face_emotion.__main__ import main
from model_build.synthetic.scenes import draw_frame

BOX = (110.0, 60.0, 210.0, 160.0)
OTHER_BOX = (20.0, 40.0, 100.0, 120.0)


@dataclass(frozen=True)
class Ended:
    """How a command ended: status, out and err (what it printed)."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of CSV that it printed."""
        return list(csv.DictReader(io.StringIO(self.out)))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines that it printed."""
        return [json.loads(line) for line in self.out.split("\n") if line]


class Command:
    """Calls main() and collects what it prints."""

    def __init__(self, capfd: pytest.CaptureFixture) -> None:
        self._capfd = capfd

    def __call__(self, *words: str | Path) -> Ended:
        self._capfd.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as ended:
            status = ended.code
        return Ended(status, *self._capfd.readouterr())


def colour_frame(boxes: Sequence = (BOX,), labels: Sequence[int] = (3,), seed: int = 4) -> np.ndarray:
    """Returns a drawn frame, uint8 [240,320,3]; red, green and blue differ."""
    frame = draw_frame(320, 240, list(boxes), list(labels), seed)
    return np.stack([frame, frame - frame // 8, frame - frame // 4], axis=2)


def video_frames(count: int = 12) -> list[np.ndarray]:
    """Returns frames in which a face moves to the right, and changes its expression in the middle."""
    boxes = [tuple(np.add(BOX, (4 * step, 0, 4 * step, 0))) for step in range(count)]
    return [colour_frame([box], [3 if step < count / 2 else 5]) for step, box in enumerate(boxes)]


def write_video(path: Path, frames: Sequence[np.ndarray], rate: float = 10.0) -> Path:
    """Writes RGB frames as an MP4 or AVI file."""
    return write_clip(path, frames, "mp4v" if path.suffix == ".mp4" else "MJPG", rate)


def write_clip(path: Path, frames: Sequence[np.ndarray], codec: str, rate: float = 25.0) -> Path:
    """Writes RGB frames in the container of the path's suffix; codec: four letters."""
    code = cv2.VideoWriter_fourcc(*codec)
    writer = cv2.VideoWriter(str(path), code, rate, (frames[0].shape[1], frames[0].shape[0]))
    assert writer.isOpened()
    for frame in frames:
        writer.write(np.ascontiguousarray(frame[:, :, ::-1]))
    writer.release()
    return path


def sources(ended: Ended) -> list[str]:
    """The base names of what was read, in order and each once."""
    return list(dict.fromkeys(Path(line["source"]).name for line in ended.lines))
