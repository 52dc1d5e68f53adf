"""Faces and their expressions in pictures, videos and the webcam's picture: `face-emotion`.

    python -m face_emotion photo.jpg holiday/ "scans/**/*.png" clip.mp4
    python -m face_emotion --format csv holiday/ > faces.csv
    python -m face_emotion --save annotated/ clip.mp4
    python -m face_emotion --neutral me.jpg --webcam --show

Exit status: 0 all pictures and videos were read, 1 some were not (they are listed at the end, and a last line counts
what was seen, read and left out), 2 nothing could be done, 130 interrupted, 143 terminated.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Sequence

from face_emotion import __version__
from face_emotion.arguments import file_path, number, shown, whole
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.memory import RUNTIME, require_addresses
from face_emotion.termination import EXIT_INTERRUPTED, EXIT_TERMINATED, Terminated, end_gently

MOST_CAMERAS, MOST_JOBS = 9999, 1024
FORMATS = ("table", "csv", "jsonl")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit status. Usage errors end the process with status 2."""
    if arguments is None:  # a process of its own, whose signals are ours
        end_gently()
    return run_command(lambda: _run(_checked(_parser(), arguments)))


def _run(flags: argparse.Namespace) -> int:
    try:
        require_addresses(RUNTIME)
        from face_emotion.command.run import run
    except ModuleNotFoundError as error:
        raise InputError(
            f"{sys.executable} lacks the package {error.name}; run `pip install .` in a virtual environment, "
            "or after `make build` .venv/bin/python -m face_emotion"
        ) from None
    try:
        # pictures.py silences decoders for itself, but threads that do so at a time undo one another.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return run(flags)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except Terminated:
        print("terminated", file=sys.stderr)
        return EXIT_TERMINATED


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="face-emotion",
        description="Finds faces in pictures, videos and the webcam's picture and reads their expressions, on this "
        "machine. Exit status: 0 all read, 1 some inputs skipped, 2 nothing could be done, 130 interrupted.",
    )
    group = parser.add_argument_group("inputs")
    group.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="pictures, videos, folders, quoted globs; - is a picture or video on stdin",
    )
    group.add_argument("--files-from", metavar="FILE", help="a list of paths, one a line; - is stdin")
    group.add_argument(
        "--webcam",
        type=_camera,
        nargs="?",
        const=0,
        metavar="N",
        help="a camera of this machine: 0 or /dev/video0 …",
    )
    group.add_argument("--cropped", action="store_true", help="each input is one face, cut out already")
    group.add_argument(
        "--seconds",
        type=_seconds,
        metavar="S",
        help="stop reading a video or webcam (or --benchmark) after S",
    )
    group = parser.add_argument_group("output")
    group.add_argument(
        "--format", choices=FORMATS, default="table", help="what is printed (default: %(default)s)"
    )
    group.add_argument(
        "--save", type=file_path, metavar="DIR", help="also write annotated copies of the pictures and videos"
    )
    group.add_argument("--show", action="store_true", help="show videos and the webcam; Q ends it")
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        type=file_path,
        metavar="PATH",
        help="model folder, or a .tflite in one (default: the packaged one)",
    )
    group.add_argument(
        "--detector",
        type=file_path,
        metavar="DIR",
        help="face detector's folder (default: beside the model, else the packaged one)",
    )
    group.add_argument(
        "--head",
        choices=("labels", "votes", "both"),
        default="both",
        help="whose answer: FER2013's annotators, the crowd of FER+, or a blend of both (default)",
    )
    group.add_argument(
        "--reach",
        choices=("near", "far"),
        help="near: one look at a picture, quick; far: small and turned faces too (default: far for pictures; for "
        "videos near, with a glance for the others now and then)",
    )
    group.add_argument(
        "--neutral",
        type=file_path,
        metavar="FILE",
        help="one person's neutral face, taken off every answer: a picture or video of it, or what --save-neutral kept",
    )
    group.add_argument(
        "--save-neutral",
        type=file_path,
        metavar="FILE",
        help="with --neutral: also keep what was learnt, as .json without any picture",
    )
    group.add_argument(
        "--jobs",
        type=_jobs,
        default=_cores(),
        metavar="N",
        help="threads for pictures (default: %(default)s)",
    )
    parser.add_argument(
        "--benchmark",
        action="store_true",
        help="print how many images/s are read (PATHs, or a drawn 640×480)",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _checked(parser: CommandParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parses the flags and ends the process for those that do not go together."""
    flags = parser.parse_args(arguments)
    named = bool(flags.paths) or flags.files_from is not None
    if flags.webcam is not None and (named or flags.benchmark):
        parser.error("--webcam: goes with neither PATHs nor --benchmark")
    if flags.webcam is None and not named and not flags.benchmark:
        parser.error("name a picture, video or folder, or use --webcam")
    if flags.paths.count("-") and flags.files_from == "-":
        parser.error("-: stdin is either a picture or a list of paths")
    if flags.save_neutral is not None and flags.neutral is None:
        parser.error("--save-neutral: goes with --neutral PICTURE only")
    if flags.webcam is None and not named and flags.save_neutral is not None:
        parser.error("name a picture, video or folder, or use --webcam")
    if flags.benchmark and flags.save:
        parser.error("--benchmark: saves nothing; leave out --save")
    return flags


def _camera(text: str) -> int:
    device = re.fullmatch(r"/dev/video(\d+)", os.path.realpath(text)) if text.startswith("/dev/") else None
    try:
        return whole(0, MOST_CAMERAS)(device[1] if device else text)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(
            f"{shown(text)}: the number of a camera, from 0 on, or /dev/video0 is expected"
        ) from None


def _jobs(text: str) -> int:
    try:
        return whole(1, MOST_JOBS)(text)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(
            f"{shown(text)}: a number of threads, from 1 on, is expected (at most {MOST_JOBS:,})"
        ) from None


def _seconds(text: str) -> float:
    try:
        return number(1e-3, 1e9)(text)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{shown(text)}: a number of seconds above 0 is expected") from None


def _cores() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 16)


if __name__ == "__main__":
    sys.exit(main())
