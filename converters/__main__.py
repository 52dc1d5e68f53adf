"""The command line of the converters, files in and files out: `python -m converters --help`.

python -m converters tflite build/small/qat/saved_model small.tflite --kind int8
python -m converters tfjs small.tflite small_tfjs
python -m converters onnx models/small
python -m converters stock build/small/float/saved_model small_stock
python -m converters answers models/small answers.json
python -m converters conformance models/small --answers answers.json
python -m converters sequence
python -m converters baseline
python -m converters decoding
python -m converters released models
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from face_emotion.arguments import file_path, whole
from face_emotion.errors import CommandParser, InputError, refuse_moved, run_command
from face_emotion.files import require_replaceable
from face_emotion.memory import RUNTIME, require_addresses
from face_emotion.termination import end_gently

if TYPE_CHECKING:
    from face_emotion.arrays import Bytes

MODELS = Path(__file__).parents[1] / "models"
LICENCE = "Apache-2.0"  # of what stands there
MOVED = {
    "convert": "python -m model_build convert",
    "golden": "python -m model_build golden",
    "verify": "python -m model_build verify",
    "release": "python -m model_build release",
    "benchmark": "python -m benchmarks artifacts FOLDER, or python -m benchmarks peers --data …",
}


def parser() -> argparse.ArgumentParser:
    """Returns the parser of every sub-command."""
    from converters.tflite import KINDS

    top = CommandParser(
        prog="python -m converters", description="Turns network files into the forms that runtimes read."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verb = verbs.add_parser("tflite", help="a SavedModel -> a .tflite file")
    verb.add_argument("saved_model", type=file_path, metavar="FOLDER", help="SavedModel, batch 1, 48x48 grey")
    verb.add_argument("out", type=file_path, metavar="FILE.tflite", help="file to write")
    verb.add_argument("--kind", choices=KINDS, default="int8", help="int8 wants a fake-quantised network")
    verb.add_argument(
        "--representative",
        type=file_path,
        metavar="FILE.npy",
        help="int8_ptq: uint8 faces [N,48,48] that set the ranges",
    )
    verb.add_argument(
        "--contract",
        type=file_path,
        metavar="FOLDER",
        help="build or model folder whose contract normalises the faces and stands in the file as its metadata",
    )
    verb.add_argument("--name", default="classifier", help="of the model, in its metadata (with --contract)")
    _add_replace(verb)
    verb.set_defaults(run=_tflite)

    verb = verbs.add_parser("tfjs", help="a .tflite file -> a TF.js graph model that computes the same")
    verb.add_argument("tflite", type=file_path, metavar="FILE.tflite", help="int8 of this kit, or float")
    verb.add_argument("out", type=file_path, metavar="FOLDER", help="new folder")
    _add_replace(verb)
    verb.set_defaults(run=_tfjs)

    verb = verbs.add_parser(
        "onnx", help="a build or model folder -> an .onnx file, compared with its .tflite"
    )
    verb.add_argument("folder", type=file_path, metavar="FOLDER", help="for example models/small")
    verb.add_argument(
        "--out", type=file_path, metavar="FILE.onnx", help="default: NAME.onnx in the working folder"
    )
    verb.add_argument(
        "--licence",
        metavar="TEXT",
        help="what the file says of its licence (default: Apache-2.0 of this kit's models, nothing of yours)",
    )
    verb.set_defaults(run=_onnx)

    verb = verbs.add_parser("stock", help="a SavedModel -> a TF.js graph model by the stock converter")
    verb.add_argument("saved_model", type=file_path, metavar="FOLDER", help="SavedModel of a float network")
    verb.add_argument("out", type=file_path, metavar="FOLDER", help="new folder")
    _add_replace(verb)
    verb.set_defaults(run=_stock)

    _add_conformance(verbs)
    verb = verbs.add_parser("sequence", help="models/golden_sequence.json: tracker and smoother")
    verb.set_defaults(run=_sequence)
    verb = verbs.add_parser("baseline", help="models/golden_baseline.json: a person's own neutral")
    verb.set_defaults(run=_baseline)
    verb = verbs.add_parser("released", help="face_emotion/released.json: the files that are loaded untried")
    verb.add_argument("models", type=file_path, help="folder of the released models")
    verb.set_defaults(run=_released)
    verb = verbs.add_parser("kernels", help="a folder's kernels.json: whether XNNPACK runs its int8 file")
    verb.add_argument("folder", type=file_path, help="build or model folder")
    verb.set_defaults(run=_kernels)
    verb = verbs.add_parser(
        "decoding", help="models/golden_decoding: pictures of every kind and their pixels"
    )
    verb.set_defaults(run=_decoding)
    return top


def _add_replace(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--replace", action="store_true", help="write over what an earlier run wrote there")


def _add_conformance(verbs: argparse._SubParsersAction[CommandParser]) -> None:
    verb = verbs.add_parser("answers", help="the Python runtime's answers to the golden vectors")
    verb.add_argument("folder", type=file_path, metavar="FOLDER", help="of a model, with golden.json")
    verb.add_argument("out", type=file_path, metavar="FILE.json", help="file to write")
    verb.set_defaults(run=_answers)

    verb = verbs.add_parser("conformance", help="a platform's answers against the golden vectors")
    verb.add_argument("folder", type=file_path, metavar="FOLDER", help="of a model, with golden.json")
    verb.add_argument(
        "--answers", type=file_path, required=True, metavar="FILE.json", help="see docs/CONFORMANCE.md"
    )
    verb.add_argument("--only", nargs="+", metavar="STAGE", help="the stages that it must have answered")
    verb.add_argument(
        "--steps",
        type=whole(0, 255),
        metavar="N",
        help="allowed of the int8 logits, where XNNPACK does not run",
    )
    verb.set_defaults(run=_conformance)


def _tflite(arguments: argparse.Namespace) -> int:
    from converters.manifest import read_contract
    from converters.tflite import convert

    require_replaceable(arguments.out, arguments.replace)
    faces = None
    if arguments.kind == "int8_ptq":
        faces = _faces(arguments.representative)
    elif arguments.representative is not None:
        raise InputError(f"--representative {arguments.representative}: goes with --kind int8_ptq only")
    contract = None if arguments.contract is None else read_contract(arguments.contract)
    print(convert(arguments.saved_model, arguments.out, arguments.kind, faces, contract, arguments.name))
    return 0


def _faces(path: Path | None) -> Bytes:
    import numpy as np

    if path is None:
        raise InputError("--kind int8_ptq: give --representative FILE.npy, the faces that set the ranges")
    try:
        faces = np.load(path, allow_pickle=False)
    except Exception:  # a damaged .npy file raises almost anything
        raise InputError(
            f"--representative {path}: no .npy file that can be read; uint8 faces [N,48,48] are expected"
        ) from None
    if (
        not isinstance(faces, np.ndarray)
        or faces.dtype != np.uint8
        or faces.shape[1:] != (48, 48)
        or not len(faces)
    ):
        raise InputError(f"--representative {path}: uint8 faces [N,48,48] are expected")
    return faces


def _tfjs(arguments: argparse.Namespace) -> int:
    from converters.tfjs import convert_tfjs

    require_replaceable(arguments.out, arguments.replace, mark="model.json")
    print(f"{arguments.out}: {convert_tfjs(arguments.tflite, arguments.out):,} bytes")
    return 0


def _onnx(arguments: argparse.Namespace) -> int:
    from converters.onnx_check import check
    from converters.onnx_file import convert_onnx

    folder = arguments.folder
    out = arguments.out or Path(f"{folder.resolve().name}.onnx")
    if out.exists():
        raise InputError(f"{out}: is there already; move it, or name another file with --out")
    licence = arguments.licence
    if licence is None:
        licence = LICENCE if folder.resolve().parent == MODELS else ""
    convert_onnx(folder, out, licence=licence)
    print(f"{out}: {out.stat().st_size:,} bytes; {check(out, folder).sentence()}")
    return 0


def _stock(arguments: argparse.Namespace) -> int:
    from converters.tfjs_stock import convert_stock

    require_replaceable(arguments.out, arguments.replace, mark="model.json")
    print(f"{arguments.out}: {convert_stock(arguments.saved_model, arguments.out):,} bytes")
    return 0


def _sequence(arguments: argparse.Namespace) -> int:
    from converters.golden_sequence import write

    return _written(write())


def _baseline(arguments: argparse.Namespace) -> int:
    from converters.golden_baseline import write

    return _written(write())


def _kernels(arguments: argparse.Namespace) -> int:
    from converters.kernels import write_kernels
    from converters.manifest import read_contract

    print(write_kernels(arguments.folder, read_contract(arguments.folder)))
    return 0


def _released(arguments: argparse.Namespace) -> int:
    from converters.released import write_released
    from face_emotion.trial import RELEASED

    print(f"{RELEASED}: {write_released(arguments.models)} files")
    return 0


def _decoding(arguments: argparse.Namespace) -> int:
    from converters.golden_decoding import write

    return _written(write(), parents=2)


def _answers(arguments: argparse.Namespace) -> int:
    from converters.conformance_answers import answers_of
    from face_emotion.files import write_json

    if arguments.out.exists():
        raise InputError(f"{arguments.out}: is there already; name another file, or remove it first")
    write_json(arguments.out, answers_of(arguments.folder))
    print(arguments.out)
    return 0


def _conformance(arguments: argparse.Namespace) -> int:
    from converters.conformance import Golden, compare
    from face_emotion.files import read_json

    if arguments.steps is not None and not 0 <= arguments.steps <= 255:
        raise InputError(f"--steps {arguments.steps}: 0 to 255 are expected")
    answers = read_json(arguments.answers)
    results = compare(Golden.read(arguments.folder), answers, arguments.only, arguments.steps)
    print(f"{answers.get('runtime') or arguments.answers}, against {arguments.folder}")
    for result in results:
        print(f"{result.stage:<11} {'pass' if result.passed else 'FAIL'}  {result.text}")
    failed = sum(not result.passed for result in results)
    print(f"{len(results) - failed} of {len(results)} stages pass")
    return 1 if failed else 0


def _written(path: Path, parents: int = 1) -> int:
    print(path.relative_to(path.parents[parents]))
    return 0


def main(words: list[str] | None = None) -> int:
    """Runs one command line and returns its exit status."""
    if words is None:  # a process of its own, whose signals are ours
        end_gently()
    return run_command(lambda: _run(sys.argv[1:] if words is None else words))


def _run(words: list[str]) -> int:
    refuse_moved(words, MOVED)
    require_addresses(RUNTIME)
    try:
        arguments = parser().parse_args(words)
        return int(arguments.run(arguments))
    except ModuleNotFoundError as error:
        raise InputError(
            f"{sys.executable} lacks the package {error.name}; run `make build` and use .venv/bin/python, "
            "or `pip install -r requirements.txt` in a virtual environment"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
