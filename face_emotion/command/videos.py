"""Frames of video files and cameras with the time of each, and annotated frames as a video file, by OpenCV.

with Video.open(Path("clip.mp4")) as video:
    for time, pixels in video.frames():       # seconds in the video; uint8 [H,W,3] RGB

with film(Path("out.mp4"), video.rate) as reel:
    reel.add(picture, time)

Decoding, as a browser does it: the frame is turned as the file says (by 90, 180 or 270 degrees). Then pixels become
square, by more of them and never fewer: a sample aspect ratio a = across / down of more than 1 makes a frame
round(width × a) wide, one of less round(height / a) high, bilinear; one that would give more than 16,384, or 36,000,000
pixels in all, is ignored.
Where the size changes within a stream, OpenCV stretches the frames to the first one's, and tells nobody.
"""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from face_emotion.arrays import Bytes
from face_emotion.errors import InputError
from face_emotion.files import make_folder
from face_emotion.native_log import quiet

if TYPE_CHECKING:
    import cv2

USUAL_RATE = 25.0  # frames a second of a video that does not say
LARGEST_SIDE = 16_384  # pixels of a frame that was made wider or higher
MOST_PIXELS = 36_000_000  # of a frame, 8K and a little: a decoder keeps several, and all take less than 1 GB
# OpenCV's builds differ in what they decode; those that open AV1 give no frame of it.
CODECS = {
    "av01": "AV1",
    "hev1": "HEVC",
    "hvc1": "HEVC",
    "hevc": "HEVC",
    "vvc1": "VVC",
    "vvi1": "VVC",
    "h266": "VVC",
}
CODECS |= {"avc1": "H.264", "h264": "H.264", "vp80": "VP8", "vp90": "VP9", "vp09": "VP9", "fmp4": "MPEG-4"}
SILENT = 0  # OpenCV's level of a log that says nothing
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
    def open(cls, path: Path, name: str | None = None) -> Video:
        """Opens a video file; raises VideoError if it is empty, gone or no video, or OpenCV is missing.

        name: what it is called, its path if None.
        """
        cv2 = opencv()
        try:
            size = path.stat().st_size
        except OSError as error:
            raise VideoError(error.strerror or str(error)) from None
        if size == 0:
            raise VideoError("the file is empty")
        with quiet(), _named(path.resolve()) as file:
            capture = cv2.VideoCapture(file, cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise VideoError("not a video that can be read")
        if capture.get(cv2.CAP_PROP_FRAME_WIDTH) * capture.get(cv2.CAP_PROP_FRAME_HEIGHT) > MOST_PIXELS:
            capture.release()
            raise VideoError(
                f"frames of more than {MOST_PIXELS:,} pixels, which are not read; make them smaller"
            )
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        return cls(capture, name or str(path), live=False)

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
        camera's are seconds of the clock since its first frame. Raises VideoError, which names the codec, if there is
        not one frame.
        """
        cv2 = opencv()
        before, start = None, time.monotonic()
        while True:
            read, frame = self._capture.read()
            if not read or frame is None:
                break
            now = time.monotonic() - start if self.live else self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1e3
            if before is None:
                now = now if math.isfinite(now) else 0.0
            elif not (math.isfinite(now) and now > before):
                now = before + 1 / self.rate
            before = now
            yield now, self._square(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        if before is None:
            raise VideoError(self._why_nothing())

    def _square(self, frame: Bytes) -> Bytes:
        """Returns a frame with as many pixels more as make them square."""
        if self.live:
            return frame
        cv2 = opencv()
        across, down = self._capture.get(cv2.CAP_PROP_SAR_NUM), self._capture.get(cv2.CAP_PROP_SAR_DEN)
        if round(self._capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 180 == 90:
            across, down = down, across  # they are those of the frame before it was turned
        size = square_size(frame.shape[1], frame.shape[0], across, down)
        if size == (frame.shape[1], frame.shape[0]):
            return frame
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR))

    def _why_nothing(self) -> str:
        cv2 = opencv()
        code = self._capture.get(cv2.CAP_PROP_FOURCC)
        letters = int(code).to_bytes(4, "little") if math.isfinite(code) and 0 < code < 2**32 else b""
        name = letters.decode("ascii", "replace").strip()
        codec = CODECS.get(name.lower(), name)
        if self.live or not name.isprintable() or not (self.count or codec == "AV1"):
            return "there is no frame in it that can be read"
        return f"codec {codec}: OpenCV decodes no frame of it; convert it (ffmpeg -i IN -c:v libx264 OUT.mp4)"

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
        self._size = (0, 0)
        self._start, self._count = 0.0, 0

    def add(self, picture: Image.Image, time: float) -> None:
        """Appends an RGB frame; one of another size than the first is scaled to fit into it, black around.

        time: seconds, not before the last one's. The file has a constant rate: a frame is repeated or left out where
        the times have another one, and a gap of more than LONGEST_GAP is shortened to it.
        """
        cv2 = opencv()
        if self._writer is None:
            make_folder(self._path.parent)
            code = cv2.VideoWriter_fourcc(*"mp4v")
            with _named(self._path.absolute()) as file:
                self._writer = cv2.VideoWriter(file, cv2.CAP_FFMPEG, code, self._rate, picture.size)
            self._size = picture.size
            if not self._writer.isOpened():
                raise InputError(f"{self._name}: OpenCV cannot write an MP4 video there")
            self._start = time
        due = round((time - self._start) * self._rate) + 1 - self._count
        longest = max(1, round(LONGEST_GAP * self._rate))
        if due > longest:
            self._start += (due - longest) / self._rate
        if picture.size != self._size:
            picture = ImageOps.pad(picture, self._size)
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


def square_size(width: int, height: int, across: float, down: float) -> tuple[int, int]:
    """Returns the size (width, height) at which a frame's pixels, of the shape across : down, are square."""
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0):
        return width, height
    if across >= down:
        size = (math.floor(width * across / down + 0.5), height)
    else:
        size = (width, math.floor(height * down / across + 0.5))
    fits = max(size) <= LARGEST_SIDE and size[0] * size[1] <= MOST_PIXELS
    return size if fits else (width, height)


@contextlib.contextmanager
def _named(path: Path) -> Iterator[str]:
    """Yields an absolute path as OpenCV may have it while it opens the file: of a name that is no text, on which some
    versions crash, while others refuse its bytes, a link's."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory(prefix="face-emotion-") as folder:
            link = Path(folder, "video" + path.suffix.encode("ascii", "ignore").decode())
            link.symlink_to(path)
            yield str(link)
    else:
        yield str(path)


def opencv() -> ModuleType:
    """Returns cv2 without its log on stderr; raises VideoError if it is not installed or lacks a library."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # A playlist under a video's name must open no address.
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "protocol_whitelist;file")
    try:
        import cv2
    except ImportError as error:
        raise VideoError(
            f"videos and cameras need OpenCV ({error}): pip install opencv-python-headless"
        ) from None
    _silence(cv2)
    return cv2


def _silence(cv2: ModuleType) -> None:
    """Turns OpenCV's log off: where the function for it stands has changed from release to release."""
    logging = getattr(getattr(cv2, "utils", None), "logging", None)
    (cv2.setLogLevel if logging is None else logging.setLogLevel)(SILENT)
