"""`python -m benchmarks pace`: videos with faces followed, beside every frame looked at anew.

python -m benchmarks pace --data elsewhere.tar     # clips of other people's portraits; nothing is kept
python -m benchmarks pace --drawn                  # drawn faces instead: no data needed
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform

from benchmarks.detector.command import add_portraits, portraits_from
from benchmarks.detector.scenes import Portrait
from benchmarks.pace.clips import Clip, clips, pairs
from benchmarks.pace.measure import Tally, measure
from face_emotion.arguments import file_path, whole
from face_emotion.errors import InputError
from face_emotion.files import write_json
from face_emotion.live import LOOK_EVERY
from face_emotion.recognizer import EmotionRecognizer

ACTORS = 12


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    add_portraits(verb)
    verb.add_argument(
        "--actors", type=whole(1, 10_000), default=ACTORS, help=f"people, nine clips each (default {ACTORS})"
    )
    verb.add_argument("--only", nargs="+", metavar="NAME", help="clips of these names only")
    verb.add_argument("--out", type=file_path, metavar="FILE", help="JSON with all counts")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the table and writes the JSON; returns 0."""
    actors = pairs(portraits_from(arguments), arguments.actors)
    recognizer = EmotionRecognizer.load()
    streams = [recognizer.stream(look_every=seconds) for seconds in (0.0, LOOK_EVERY, 0.0)]
    tallies = measure(_chosen(actors, arguments.only), *streams)
    print(markdown(tallies))
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if arguments.out:
        write_json(arguments.out, {name: dataclasses.asdict(tally) for name, tally in tallies.items()})
        print(arguments.out)
    return 0


def _chosen(actors: list[tuple[Portrait, ...]], only: list[str] | None) -> list[Clip]:
    made = clips(actors)
    unknown = set(only or ()) - {clip.name for clip in made}
    if unknown:
        raise InputError(
            f"--only {sorted(unknown)[0]}: clips are {', '.join(sorted({c.name for c in made}))}"
        )
    return [clip for clip in made if only is None or clip.name in only]


def markdown(tallies: dict[str, Tally]) -> str:
    """Returns the table: a row for each kind of clip, and one for all."""
    head = (
        "clips",
        "label as anew",
        "anew, other noise",
        "labels change",
        "found late",
        "too many",
        "swaps",
        "ms a frame",
    )
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    for name, tally in [*tallies.items(), ("all", whole)]:
        anew, followed, noisier = tally.ways
        before, now = (1000 * way.seconds / max(tally.frames, 1) for way in (anew, followed))
        cells = (
            name,
            f"{followed.equal / max(followed.of, 1):.1%} of {followed.of}",
            f"{noisier.equal / max(noisier.of, 1):.1%}",
            f"{anew.changes} → {followed.changes}",
            f"{anew.late:.2f} → {followed.late:.2f} s",
            f"{anew.kept:.2f} → {followed.kept:.2f} s",
            f"{anew.swaps} → {followed.swaps}",
            f"{before:.2f} → {now:.2f}, {before / now:.2f} times",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
