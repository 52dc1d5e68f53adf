"""The gate: does all that a model folder says of itself go together?

    for problem in consistent(Path("models/small")):       # one line each; none: it holds together
        print(problem)

A sha256 says that a file is the one that was written, not that it belongs to the manifest's class names. So these are
compared: the contract's labels and heads, those in the checkpoints, in the .tflite files and in the TF.js model, those
of the golden vectors, and the numbers of outputs; the quantised checkpoint with the float one that it was made from;
the files' agreement with their checkpoints with FLOORS. Build, verify, release and the page's server and export ask for
all of it; `EmotionRecognizer.load` asks for what the one file that it loads says (`check_carried`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from face_emotion.carried import Carried, carried_by, carried_by_checkpoint
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of
from face_emotion.model_files import MANIFEST, ModelFolder

SURE = 0.6  # probability from which on a checkpoint is sure of its answer
FEWEST_SURE = 20  # images; where it is sure of fewer, all are compared
# File -> the checkpoint that it must agree with, on which share of the images that the checkpoint is sure of.
FLOORS = {"int8": ("float", 0.97), "tfjs": ("qat", 0.99)}
REMEDIES = {
    "int8": "build again with --qat-epochs 0, which keeps close to it; where that was given, with more --epochs",
    "tfjs": "convert again",
}
CHECKPOINTS = {"float": "float/checkpoint.npz", "qat": "qat/checkpoint.npz"}
WHEN_SURE = (
    "when_sure"  # the entry of manifest.json's metrics and synthetic_check that `agreement_when_sure` gives
)


def consistent(folder: Path) -> list[str]:
    """Returns one line, naming file and entry, for each thing in a model folder that contradicts another.

    Files that the manifest names and that are not there are left out, and so is what a file does not say: those of
    format 1 say less. A face detector's folder has no class names, and nothing to contradict. Raises InputError if
    there is no manifest, or one without a usable contract.
    """
    files = ModelFolder.open(folder)
    if "contract" not in files.manifest and "detector" in files.manifest:
        return []
    contract = files.contract
    named = [*_carried_problems(files, contract), *_output_problems(files, contract)]
    return [*named, *_origin_problems(files), *floor_problems(_stated(files, "metrics"))]


def require_consistent(folder: Path) -> None:
    """Raises InputError with the first line of `consistent`, if there is one."""
    problems = consistent(folder)
    if problems:
        raise InputError(problems[0])


def check_carried(path: Path, contract: Contract) -> None:
    """Raises InputError if a .tflite file names other classes or heads, or another order, than the contract."""
    problems = list(_compared(path, contract, partial(_of_file, path)))
    if problems:
        raise InputError(problems[0])


def floor_problems(stated: Mapping[str, Any], where: str = "held-out images") -> list[str]:
    """Returns one line for each file that agrees with its checkpoint on too few of the images that this is sure of.

    stated: what `metrics.agreement_when_sure` of the toolchain gives, under WHEN_SURE: {file: {"with": checkpoint,
    "images": count, "sure": whether the checkpoint is sure of them, "agree": count}}; without it nothing is known.
    One image may always differ: of a few it is more than a floor allows.
    """
    problems = []
    entries = stated.get(WHEN_SURE, {})
    for name, (reference, floor) in FLOORS.items():
        entry = entries.get(name) if isinstance(entries, dict) else entries
        if entry is None:
            continue
        images, agree, are_sure = (
            (entry.get(key) if isinstance(entry, dict) else None) for key in ("images", "agree", "sure")
        )
        if type(images) is not int or type(agree) is not int:
            problems.append(f"{WHEN_SURE}.{name}: images and agree, whole numbers, are expected; build again")
            continue
        if images - agree > max(1.0, (1 - floor) * images):
            which = f"of which it is at least {SURE:.0%} sure" if are_sure else "(it is sure of hardly any)"
            problems.append(
                f"{name}: agrees with the {reference} checkpoint on {agree / images:.1%} of {images} {where} "
                f"{which}, where {floor:.0%} are expected; {REMEDIES[name]}"
            )
    return problems


def _stated(files: ModelFolder, name: str) -> Mapping[str, Any]:
    entry = files.manifest.get(name)
    return entry if isinstance(entry, dict) else {}


def _carried_problems(files: ModelFolder, contract: Contract) -> Iterator[str]:
    """Compares the names that checkpoints, .tflite files, TF.js model and golden vectors carry with the contract's."""
    for path in _there(files):
        if path.suffix == ".npz":
            yield from _compared(path, contract, partial(_of_checkpoint, path))
        elif path.suffix == ".tflite":
            yield from _compared(path, contract, partial(_of_file, path))
        elif path.name == "model.json":
            yield from _tfjs_problems(files, path, contract)
        elif path.name == "golden.json" and files.manifest["format"] > 1:
            yield from _compared(path, contract, partial(_of_golden, path))


def _of_checkpoint(path: Path) -> Carried:
    return carried_by_checkpoint(path)[0]


def _of_file(path: Path) -> Carried:
    return carried_by(path.read_bytes())


def _of_golden(path: Path) -> Carried:
    return _named_in(read_json(path))


def _compared(path: Path, contract: Contract, read: Callable[[], Carried]) -> Iterator[str]:
    try:
        carried = read()
    except InputError:
        raise
    except ValueError as error:
        yield f"{path}: {error}; get the file again"
        return
    for what, found, expected in (
        ("classes", carried.labels, contract.labels),
        ("heads", carried.heads, contract.heads),
    ):
        if found is not None and found != expected:
            yield (
                f"{path}: its {what} are {_listed(found)}, {MANIFEST} says {_listed(expected)}; "
                "use the manifest that the file came with"
            )


def _tfjs_problems(files: ModelFolder, path: Path, contract: Contract) -> Iterator[str]:
    value = read_json(path)
    about = value.get("userDefinedMetadata") if isinstance(value, dict) else None
    about = about if isinstance(about, dict) else {}
    yield from _compared(path, contract, partial(_named_in, about))
    source, own = about.get("source_sha256"), files.identity
    if about.get("source") == "int8.tflite" and own and source != own:
        yield f"{path}: made from another int8.tflite than the one in {MANIFEST}; convert it again"


def _named_in(value: Any) -> Carried:
    """Returns the names in golden vectors or a TF.js model's metadata, each a list, or nothing."""
    found: dict[str, tuple[str, ...] | None] = {}
    for name in ("labels", "heads"):
        names = value.get(name) if isinstance(value, dict) else None
        if names is not None and not isinstance(names, list):
            raise ValueError(f"{name}: a list of names is expected")
        found[name] = None if names is None else tuple(names)
    return Carried(**found)


def _output_problems(files: ModelFolder, contract: Contract) -> Iterator[str]:
    """Compares the shapes of the outputs that the manifest states with the number of labels and heads."""
    classes, heads = len(contract.labels), len(contract.heads)
    sizes = {"probabilities": classes, "logits": classes * heads}
    for name, artifact in files.manifest["artifacts"].items():
        for output in (artifact.get("outputs") or []) if isinstance(artifact, dict) else []:
            expected = sizes.get(output.get("name"))
            if expected is not None and output.get("shape") != [1, expected]:
                yield (
                    f"{files.path / MANIFEST}: artifacts.{name}: {output['name']} of shape {output.get('shape')} where "
                    f"{classes} labels and {heads} head(s) give [1, {expected}]"
                )


def _origin_problems(files: ModelFolder) -> Iterator[str]:
    """Compares what the quantised checkpoint says that it was made from with the float checkpoint beside it."""
    paths = {name: files.path / place for name, place in CHECKPOINTS.items()}
    if not all(path.is_file() for path in paths.values()):
        return
    try:
        ours, made = (carried_by_checkpoint(paths[name])[1] for name in ("float", "qat"))
    except ValueError:
        return  # said already
    source, settings = made.get("source_sha256"), made.get("settings")
    # Checkpoints of before 2.1 do not name the file, but repeat what it says of its training.
    before = settings.get("source") if isinstance(settings, dict) else None
    same = source == sha256_of(paths["float"]) if source is not None else before in (None, ours)
    if not same:
        yield f"{paths['qat']}: made from another float checkpoint than {paths['float']}; run quantize again"


def _there(files: ModelFolder) -> Iterable[Path]:
    """The files that the manifest names and that are there, each once."""
    names = {
        entry["file"]: None
        for artifact in files.manifest["artifacts"].values()
        if isinstance(artifact, dict)
        for entry in artifact.get("files") or []
        if isinstance(entry, dict) and isinstance(entry.get("file"), str)
    }
    return [path for path in (files.path / name for name in names) if path.is_file()]


def _listed(names: Iterable[str]) -> str:
    shown = ", ".join(map(str, names))
    return shown if len(shown) <= 50 else f"{shown[:49]}…"
