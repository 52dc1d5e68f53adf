"""What `face-emotion` does with its parsed flags: inputs → readings → output, what was skipped and a tally."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import itertools
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from face_emotion.command.annotation import places
from face_emotion.command.inputs import STDIN, Found, Problem, Source, find
from face_emotion.command.neutral import baseline_of
from face_emotion.command.outputs import OUTPUTS, Output, Reading
from face_emotion.command.progress import progress_bar
from face_emotion.command.reading import Options, read_pictures, read_video, summary
from face_emotion.command.spool import Spool
from face_emotion.command.tally import tally
from face_emotion.command.throughput import SECONDS, benchmark, default_picture
from face_emotion.command.videos import Video, VideoError
from face_emotion.errors import EXIT_BAD_INPUT, EXIT_SOME_SKIPPED, InputError, one_line
from face_emotion.recognizer import EmotionRecognizer
from face_emotion.streams import flushed

MOST_OF_LIST = 256 << 20  # bytes: some millions of names


def run(flags: argparse.Namespace) -> int:
    """Runs the command; returns its exit status. Raises InputError for what makes all of it impossible."""
    if flags.show and sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        raise InputError("--show: there is no display; leave it out, or save with --save DIR")
    with Spool() as spool:
        found = find([*flags.paths, *_listed(flags.files_from)], spool, flags.save)
        if flags.benchmark and not (found.sources or found.problems):
            found.sources = [default_picture()]
        if not (found.sources or found.problems) and flags.webcam is None:
            raise InputError(f"--files-from {flags.files_from}: the list is empty")
        if not found.sources and flags.webcam is None:
            return _ended(found, [], done=0)
        return _read(flags, found)


def _read(flags: argparse.Namespace, found: Found) -> int:
    """Reads what was found, or the webcam; returns the exit status."""
    saved = places(found.sources, flags.save) if flags.save else None
    recognizers = _recognizers(flags, found.sources)
    baseline = baseline_of(flags.neutral, flags.save_neutral, recognizers[0], flags.cropped)
    options = Options(flags.cropped, saved, flags.show, flags.seconds, baseline, flags.reach)
    if flags.benchmark:
        stills = [source for source in found.sources if not source.is_video]
        if found.problems or len(stills) < len(found.sources):
            wrong = [*map(str, found.problems), *(source.name for source in found.sources if source.is_video)]
            raise InputError(f"--benchmark: takes pictures only ({wrong[0]})")
        print(benchmark(stills, recognizers, options, flags.seconds or SECONDS))
        return 0
    job = _Job(flags, recognizers, options)
    try:
        if flags.webcam is not None:
            job.read_webcam(flags.webcam, flags.save)
            return 0
        job.read(found.sources)
    finally:
        job.output.close()
        flushed(sys.stdout)
        job.note_crowds()
    return _ended(found, job.problems, job.done)


class _Job:
    """The output and what has been done so far. Attributes: output, done (inputs that were read), problems."""

    def __init__(
        self, flags: argparse.Namespace, recognizers: Sequence[EmotionRecognizer], options: Options
    ) -> None:
        self.output: Output = OUTPUTS[flags.format](sys.stdout, recognizers[0].labels)
        self.done = 0
        self.problems: list[Problem] = []
        self._crowds: dict[
            str, int
        ] = {}  # faces of what shows several where one person's baseline is taken off
        self._recognizers, self._options = recognizers, options
        # A bar on the terminal that the readings run down would be torn.
        self._bar = flags.format == "table" or not sys.stdout.isatty()

    def read(self, sources: Sequence[Source]) -> None:
        """Reads pictures and videos in their order."""
        for is_video, group in itertools.groupby(sources, key=lambda source: source.is_video):
            if is_video:
                for source in group:
                    self._read_file(source)
            else:
                self._read_pictures(list(group))

    def read_webcam(self, number: int, folder: Path | None) -> None:
        """Reads a camera until it is stopped."""
        place = folder / f"webcam-{number}.mp4" if folder else None
        try:
            with Video.camera(number) as video:
                self._read_video(video, place, live=True)
        except VideoError as error:
            raise InputError(f"--webcam {number}: {error}") from None

    def note_crowds(self) -> None:
        """Says on stderr where --neutral, which is of one person, was taken off several faces."""
        for name, faces in self._crowds.items():
            line = f"note: {name}: {faces} faces; --neutral is of one person and was taken off each of them"
            print(" ".join(line.split()), file=sys.stderr)

    def _add(self, reading: Reading) -> None:
        self.output.add(reading)
        if self._options.baseline is not None and len(reading.faces) > 1:
            self._crowds[reading.name] = max(len(reading.faces), self._crowds.get(reading.name, 0))

    def _read_pictures(self, sources: list[Source]) -> None:
        with progress_bar("pictures", len(sources), self._bar) as advance:
            for reading in read_pictures(sources, self._recognizers, self._options):
                advance(reading.name)
                if isinstance(reading, Problem):
                    self.problems.append(reading)
                else:
                    self._add(reading)
                    self.done += 1

    def _read_file(self, source: Source) -> None:
        try:
            with Video.open(source.path, source.name) as video:
                self._read_video(video, self._options.place(source.name))
            self.done += 1
        except VideoError as error:
            self.problems.append(Problem(source.name, str(error)))

    def _read_video(self, video: Video, place: Path | None, live: bool = False) -> None:
        def report(reading: Reading) -> None:
            self._add(reading)
            if live:
                flushed(sys.stdout)
            advance(summary(reading))

        with progress_bar(video.name, video.count, self._bar) as advance:
            read_video(video, self._recognizers[0], self._options, report, place)


def _recognizers(flags: argparse.Namespace, sources: Sequence[Source]) -> list[EmotionRecognizer]:
    """One for each thread that has something to do."""
    pictures = sum(not source.is_video for source in sources)
    count = flags.jobs if flags.benchmark else max(1, min(flags.jobs, pictures))
    return [EmotionRecognizer.load(flags.model, flags.detector, head=flags.head) for _ in range(count)]


def _listed(path: str | None) -> Iterator[str]:
    """The lines of a file of names; of stdin for "-"."""
    if path is None:
        return
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if path == STDIN else open(path, "rb") as stream:
            content = stream.read(MOST_OF_LIST + 1)
    except OSError as error:
        raise InputError(f"--files-from {path}: {error.strerror or error}") from None
    if len(content) > MOST_OF_LIST:  # a device without an end, or some other file
        raise InputError(
            f"--files-from {path}: more than {MOST_OF_LIST >> 20} MB; no list of names is that long"
        )
    # As Windows writes lists, too. Names that are no UTF-8 stay what they are.
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16", "replace") if wide else content.decode("utf-8", "surrogateescape")
    # str.splitlines() would cut a name at a form feed or U+2028, too.
    yield from (line for line in re.split("\r?\n", text.removeprefix("\ufeff")) if line)


def _ended(found: Found, problems: Sequence[Problem], done: int) -> int:
    """Lists what could not be read and the tally on stderr; returns the exit status."""
    problems = [*found.problems, *problems]
    for problem in problems:
        print(f"{'skipped' if done else 'error'}: {one_line(str(problem))}", file=sys.stderr)
    line = tally(done, problems, found.others)
    if line is not None:
        print(line, file=sys.stderr)
    if not problems:
        return 0
    return EXIT_SOME_SKIPPED if done else EXIT_BAD_INPUT
