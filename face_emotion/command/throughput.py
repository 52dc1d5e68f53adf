"""How many pictures a second the command reads: `face-emotion --benchmark`.

Each picture is read from its file, decoded, searched for faces, cropped and classified, as without the flag. The
picture that is read over and over where none is named, benchmark.jpg, is 640×480 with one drawn face:

    python -c "from PIL import Image; from model_build.synthetic.scenes import draw_frame; \
        Image.fromarray(draw_frame(640, 480, [(230., 130., 410., 310.)], [3], 1)).convert('RGB') \
        .save('face_emotion/command/benchmark.jpg', quality=90)"
"""

from __future__ import annotations

import itertools
import os
import platform
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from face_emotion.command.inputs import Problem, Source
from face_emotion.command.reading import Options, read_pictures
from face_emotion.errors import InputError
from face_emotion.recognizer import EmotionRecognizer

SECONDS = 5.0
WARMUP = 0.5  # seconds that do not count: caches and the processor's clock settle


def default_picture() -> Source:
    """Returns the picture that comes with the command."""
    path = Path(str(files(__package__))) / "benchmark.jpg"
    return Source(path.name, path, Path(path.name))


def benchmark(
    sources: Sequence[Source], recognizers: Sequence[EmotionRecognizer], options: Options, seconds: float
) -> str:
    """Reads pictures over and over for some seconds and returns a line with the pictures a second.

    Raises InputError if one cannot be read.
    """
    warm, done, faces = False, 0, 0
    sizes: set[str] = set()
    begin, worked = time.perf_counter(), 0.0
    for reading in read_pictures(itertools.cycle(sources), recognizers, options):
        now = time.perf_counter()
        if isinstance(reading, Problem):
            raise InputError(str(reading))
        if not warm:
            if now - begin >= min(WARMUP, seconds):
                warm, begin, worked = True, now, time.process_time()
            continue
        done, faces = done + 1, faces + len(reading.faces)
        sizes.add("{}×{}".format(*reading.size))
        if now - begin >= seconds:
            break
    worked = time.process_time() - worked
    size = sizes.pop() if len(sizes) == 1 else "various sizes"
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{done / (now - begin):.0f} images/s, {1e3 * worked / done:.1f} ms of a processor each: {size}, "
        f"{faces / done:.1f} faces each, decoding and face detection included; {len(recognizers)} threads, "
        f"{platform.machine()}, {os.cpu_count()} cores{load}"
    )
