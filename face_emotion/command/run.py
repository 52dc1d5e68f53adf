"""What `face-emotion` does with its parsed flags: inputs → readings → output, and what was skipped."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from face_emotion.command.annotation import places
from face_emotion.command.inputs import STDIN, Problem, Source, find
from face_emotion.command.neutral import baseline_of
from face_emotion.command.outputs import OUTPUTS, Output, Reading
from face_emotion.command.progress import progress_bar
from face_emotion.command.reading import Options, read_pictures, read_video, summary
from face_emotion.command.throughput import SECONDS, benchmark, default_picture
from face_emotion.command.videos import Video, VideoError
from face_emotion.errors import EXIT_BAD_INPUT, EXIT_SOME_SKIPPED, InputError
from face_emotion.recognizer import EmotionRecognizer


def run(flags: argparse.Namespace) -> int:
    """Runs the command; returns its exit status. Raises InputError for what makes all of it impossible."""
    _utf8(sys.stdout, sys.stderr)
    if flags.show and sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        raise InputError("--show: there is no display; leave it out, or save with --save DIR")
    sources, problems = find([*flags.paths, *_listed(flags.files_from)], flags.save)
    if flags.benchmark and not (sources or problems):
        sources = [default_picture()]
    if not (sources or problems) and flags.webcam is None:
        raise InputError(f"--files-from {flags.files_from}: the list is empty")
    if not sources and flags.webcam is None:
        return _skipped(problems, done=0)
    saved = places(sources, flags.save) if flags.save else None
    recognizers = _recognizers(flags, sources)
    baseline = baseline_of(flags.neutral, flags.save_neutral, recognizers[0], flags.cropped)
    options = Options(flags.cropped, saved, flags.show, flags.seconds, baseline, flags.reach)
    if flags.benchmark:
        stills = [source for source in sources if not source.is_video]
        if problems or len(stills) < len(sources):
            raise InputError(f"--benchmark: takes pictures only ({(problems or sources)[0]})")
        print(benchmark(stills, recognizers, options, flags.seconds or SECONDS))
        return 0
    job = _Job(flags, recognizers, options)
    try:
        if flags.webcam is not None:
            job.read_webcam(flags.webcam, flags.save)
        else:
            job.read(sources)
    finally:
        job.output.close()
        sys.stdout.flush()
        job.note_crowds()
    return _skipped([*problems, *job.problems], job.done)


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
        self.done += 1

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
        assert source.path is not None, "stdin is no video"
        try:
            with Video.open(source.path) as video:
                self._read_video(video, self._options.place(source.name))
            self.done += 1
        except VideoError as error:
            self.problems.append(Problem(source.name, str(error)))

    def _read_video(self, video: Video, place: Path | None, live: bool = False) -> None:
        def report(reading: Reading) -> None:
            self._add(reading)
            if live:
                sys.stdout.flush()
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
        text = sys.stdin.read() if path == STDIN else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--files-from {path}: {getattr(error, 'strerror', None) or error}") from None
    yield from (line for line in text.splitlines() if line)


def _skipped(problems: Sequence[Problem], done: int) -> int:
    """Lists what could not be read on stderr; returns the exit status."""
    for problem in problems:
        print(f"{'skipped' if done else 'error'}: {' '.join(str(problem).split())}", file=sys.stderr)
    if not problems:
        return 0
    return EXIT_SOME_SKIPPED if done else EXIT_BAD_INPUT


def _utf8(*streams: TextIO) -> None:
    """Labels and file names are printed whatever the locale; names that are no text come out as they are."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
