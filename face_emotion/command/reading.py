"""Pictures and videos → readings: several threads for pictures, tracks and smoothing for videos."""

from __future__ import annotations

import contextlib
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes
from face_emotion.baseline import Baseline
from face_emotion.command.annotation import annotate, label_text, save_picture
from face_emotion.command.inputs import Problem, Source
from face_emotion.command.outputs import Reading
from face_emotion.command.room import Room
from face_emotion.command.videos import Film, Video, film, opencv
from face_emotion.face import Face, scaled
from face_emotion.memory import give_back_large_blocks
from face_emotion.pictures import read_picture as read_picture_file
from face_emotion.recognizer import EmotionRecognizer

AHEAD = 4  # pictures a thread that may wait for their turn to be printed


@dataclass(frozen=True)
class Options:
    """How inputs are read.

    cropped: they are face crops; places: where the annotated copy of each goes, by its name (none: no copies);
    show: videos are shown in a window; seconds: a video or camera is read for so long, None to its end; baseline: of
    the person whom they show; reach: the detector's, "near" or "far", None for what fits pictures and videos.
    """

    cropped: bool = False
    places: dict[str, Path] | None = None
    show: bool = False
    seconds: float | None = None
    baseline: Baseline | None = None
    reach: str | None = None

    def place(self, name: str) -> Path | None:
        """Returns where the annotated copy of a source goes."""
        return self.places[name] if self.places else None


def read_pictures(
    sources: Iterable[Source], recognizers: Sequence[EmotionRecognizer], options: Options
) -> Iterator[Reading | Problem]:
    """Yields what each picture shows, in the order given; as many threads as recognizers work ahead.

    Raises OSError if an annotated copy cannot be written.
    """
    give_back_large_blocks()
    if len(recognizers) == 1:
        for source in sources:
            yield read_picture(source, recognizers[0], options)
        return
    idle: queue.SimpleQueue[EmotionRecognizer] = queue.SimpleQueue()
    for recognizer in recognizers:
        idle.put(recognizer)

    room = Room()

    def work(source: Source) -> Reading | Problem:
        recognizer = idle.get()
        try:
            with room.taken(source.path):
                return read_picture(source, recognizer, options)
        finally:
            idle.put(recognizer)

    pool = ThreadPoolExecutor(len(recognizers))
    waiting: deque[Future[Reading | Problem]] = deque()
    try:
        for source in sources:
            waiting.append(pool.submit(work, source))
            if len(waiting) > AHEAD * len(recognizers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def read_picture(source: Source, recognizer: EmotionRecognizer, options: Options) -> Reading | Problem:
    """Returns what a picture shows, or why it cannot be read; saves its annotated copy."""
    try:
        picture = read_picture_file(source.path)
        faces = recognizer.recognize(
            picture.pixels, cropped=options.cropped, baseline=options.baseline, reach=options.reach
        )
    except OSError as error:
        return Problem(source.name, error.strerror or str(error))
    except ValueError as error:
        return Problem(source.name, str(error))
    place = options.place(source.name)
    if place is not None:
        save_picture(place, annotate(picture.pixels, faces))  # as large as it was decoded
    return Reading(
        source.name, (picture.width, picture.height), [scaled(face, *picture.scale) for face in faces]
    )


def read_video(
    video: Video,
    recognizer: EmotionRecognizer,
    options: Options,
    report: Callable[[Reading], None],
    place: Path | None = None,
) -> None:
    """Hands what each frame of a video or camera shows to `report`, and saves the annotated film at `place`.

    An interruption ends a camera's recording, which is kept; of a file's film nothing is left. Either goes on as
    KeyboardInterrupt. Raises VideoError if there is no frame.
    """
    recognizer.reset()
    interrupted = None
    with film(place, video.rate) if place else contextlib.nullcontext() as reel:
        try:
            for time, pixels in video.frames():
                if options.seconds is not None and time > options.seconds:
                    break
                faces = recognizer.recognize(pixels, time, options.cropped, options.baseline, options.reach)
                report(Reading(video.name, (pixels.shape[1], pixels.shape[0]), faces, time))
                if _shown(pixels, faces, time, reel, video.name if options.show else None):
                    break
        except KeyboardInterrupt as error:
            if not video.live:
                raise
            interrupted = error
    if interrupted:
        raise interrupted


def _shown(pixels: Bytes, faces: Sequence[Face], time: float, reel: Film | None, window: str | None) -> bool:
    """Adds an annotated frame to the film and shows it; returns whether Q or Escape was pressed in the window."""
    if reel is None and window is None:
        return False
    picture = annotate(pixels, faces)
    if reel is not None:
        reel.add(picture, time)
    if window is None:
        return False
    cv2 = opencv()
    cv2.imshow(
        window.encode("utf-8", "replace").decode(), cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR)
    )
    return cv2.waitKey(1) & 0xFF in (ord("q"), 27)


def summary(reading: Reading) -> str:
    """Returns a few words on a reading for a progress bar."""
    return ", ".join(map(label_text, reading.faces)) or "no face"
