"""Frames of video files and cameras with the time of each, and annotated frames as a video file, by OpenCV.

with Video.open(Path("clip.mp4")) as video:
    for time, pixels in video.frames():       # seconds in the video; uint8 [H,W,3] RGB

with film(Path("out.mp4"), video.rate) as reel:
    reel.add(picture, time)
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from face_emotion.arrays import Bytes
from face_emotion.errors import InputError
from face_emotion.files import make_folder
from face_emotion.native_log import quiet

if TYPE_CHECKING:
    import cv2

USUAL_RATE = 25.0  # frames a second of a video that does not say
LONGEST_GAP = 10.0  # seconds between two frames for which the former stays in a film


class VideoError(InputError):
    """A video or camera that gives no frames."""


class Video:
    """A video file or camera. Attributes: name, rate (frames a second), count (of frames as
    stated, 0 if unknown), live (a camera)."""

    def __init__(self, capture: cv2.VideoCapture, name: str, live: bool) -> None:
        """capture: an opened cv2.VideoCapture; live: a camera, whose times are the clock's."""
        cv2 = opencv()
        self.name = name
        self._capture, self.live = capture, live
        rate, count = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.rate = float(rate) if math.isfinite(rate) and 0 < rate <= 1000 else USUAL_RATE
        self.count = 0 if live or not 0 < count < 1e9 else int(count)

    @classmethod
    def open(cls, path: Path) -> Video:
        """Opens a video file; raises VideoError if it is empty or no video, or OpenCV is missing."""
        cv2 = opencv()
        if path.stat().st_size == 0:
            raise VideoError("the file is empty")
        with quiet():
            capture = cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise VideoError("not a video that can be read")
        return cls(capture, str(path), live=False)

    @classmethod
    def camera(cls, number: int) -> Video:
        """Opens a camera of this machine, the first being 0; raises VideoError if there is none or it is in use."""
        cv2 = opencv()
        with quiet():
            capture = cv2.VideoCapture(number)
        if not capture.isOpened():
            raise VideoError("no such camera, or another program uses it, or you may not open it")
        return cls(capture, f"webcam {number}", live=True)

    def frames(self) -> Iterator[tuple[float, Bytes]]:
        """Yields (time, pixels) of each frame: seconds, and uint8 [H,W,3] RGB, upright.

        A file's times are its own time stamps; one that does not rise is put a frame after the one before. A
        camera's are seconds of the clock since its first frame. Raises VideoError if there is not one frame.
        """
        cv2 = opencv()
        before, start = None, time.monotonic()
        while True:
            read, frame = self._capture.read()
            if not read:
                break
            now = time.monotonic() - start if self.live else self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1e3
            if before is not None and not (math.isfinite(now) and now > before):
                now = before + 1 / self.rate
            before = now
            yield now, cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
        if before is None:
            raise VideoError("there is no frame in it that can be read")

    def __enter__(self) -> Video:
        return self

    def __exit__(self, *_: object) -> None:
        self._capture.release()


class Film:
    """Frames on their way into a video file; `film` makes one."""

    def __init__(self, path: Path, name: Path, rate: float) -> None:
        """path: the file that is written; name: stands in messages; rate: frames a second."""
        self._path, self._name, self._rate = path, name, rate
        self._writer: cv2.VideoWriter | None = None
        self._start, self._count = 0.0, 0

    def add(self, picture: Image.Image, time: float) -> None:
        """Appends an RGB frame; all have the first one's size.

        time: seconds, not before the last one's. The file has a constant rate: a frame is repeated or left out where
        the times have another one, and a gap of more than LONGEST_GAP is shortened to it.
        """
        cv2 = opencv()
        if self._writer is None:
            make_folder(self._path.parent)
            code = cv2.VideoWriter_fourcc(*"mp4v")
            self._writer = cv2.VideoWriter(str(self._path), cv2.CAP_FFMPEG, code, self._rate, picture.size)
            if not self._writer.isOpened():
                raise InputError(f"{self._name}: OpenCV cannot write an MP4 video there")
            self._start = time
        due = round((time - self._start) * self._rate) + 1 - self._count
        longest = max(1, round(LONGEST_GAP * self._rate))
        if due > longest:
            self._start += (due - longest) / self._rate
        frame = cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR)
        for _ in range(min(due, longest)):
            self._writer.write(frame)
            self._count += 1

    def close(self) -> None:
        """Finishes the file."""
        if self._writer is not None:
            self._writer.release()
            self._writer = None


@contextlib.contextmanager
def film(path: Path, rate: float) -> Iterator[Film]:
    """Yields a Film whose frames become an MP4 file (MPEG-4 part 2, no sound) when the block ends without an error.

    rate: frames a second. A film without a frame leaves neither file nor folder. `Film.add` raises InputError if
    there can be no such folder or OpenCV cannot write.
    """
    # Not files.atomic_path: OpenCV takes the format from the suffix.
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial.mp4")
    reel = Film(partial, path, rate)
    try:
        yield reel
        reel.close()
        if partial.exists():
            partial.replace(path)
    finally:
        reel.close()
        if partial.exists():
            partial.unlink()


def opencv() -> ModuleType:
    """Returns cv2 without its log on stderr; raises VideoError if it is not installed or lacks a library."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    try:
        import cv2
    except ImportError as error:
        raise VideoError(
            f"videos and cameras need OpenCV ({error}): pip install opencv-python-headless"
        ) from None
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2
