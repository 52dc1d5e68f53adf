"""Between two networks of one descent: every weight of the way from where a fine-tuning began to where it ended.

    python -m model_build interpolate models/nano/float/checkpoint.npz build/nano-fourth/float/checkpoint.npz \\
        --data fer2013.tar.gz --votes fer2013new.csv --out build/nano-between

A fine-tuning on spoilt images makes a network robust and costs it some of what it knew of clean ones; in between lie
networks that have most of both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"), for no cost at run
time. The point is chosen as epochs are (selection.py), or by whoever gives --share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import sha256_of, write_json
from model_build.data.dataset import Dataset
from model_build.network import checkpoint
from model_build.network.checkpoint import Checkpoint
from model_build.network.engine import Engine
from model_build.training.selection import VERSION, Judgement, jury_of

PLACE = "float/checkpoint.npz"
POINTS = 8  # the way is judged at its ends and at every eighth


@dataclass(frozen=True)
class Point:
    """A network on the way. share: how far it is (0..1), and what the jury says of it."""

    share: float
    judgement: Judgement


def interpolated(start: Checkpoint, end: Checkpoint, share: float) -> Checkpoint:
    """Returns the network a share (0..1) of the way from `start` to `end`: each weight, batch-norm statistics too.

    Raises InputError unless both have the same architecture, heads, labels and weights.
    """
    same = (start.architecture, start.heads, start.labels) == (end.architecture, end.heads, end.labels)
    shapes = [{name: value.shape for name, value in one.weights.items()} for one in (start, end)]
    if not same or shapes[0] != shapes[1]:
        raise InputError("interpolate: two checkpoints of one architecture, heads and classes are expected")
    weights = {name: (1 - share) * value + share * end.weights[name] for name, value in start.weights.items()}
    return replace(end, weights=weights)


def require_own(folder: Path, paths: tuple[Path, Path], share: float | None, replace: bool) -> None:
    """Raises InputError if FOLDER/float/checkpoint.npz is not what these two give at `share`, without `replace`.

    share: as `interpolate` takes it; what was chosen by the score is another one than what a share was given for.
    """
    path = folder / PLACE
    if replace or not path.exists():
        return
    details = checkpoint.load(path).details
    if [details.get(name) for name in ("kind", "start", "end")] != ["interpolated", *map(sha256_of, paths)]:
        found = "not between these two"
    elif (details["share"] if details.get("given") else None) != share:
        found = f"{details['share']:g} of the way" + ("" if details.get("given") else ", the best place")
    else:
        return
    raise InputError(
        f"{path}: is there already, and {found}; give another --out, or --replace to write over it"
    )


def interpolate(
    paths: tuple[Path, Path],
    dataset: Dataset,
    engine: Engine,
    folder: Path,
    share: float | None = None,
    say: Callable[[str], None] = print,
) -> list[Point]:
    """Writes the best network between two checkpoints as FOLDER/float/checkpoint.npz; returns all that were judged.

    share: how far the network to write is (0..1), where something else than the score decides; it alone is judged.
    paths: where the fine-tuning began and ended; the normalisation is the latter's. `train` and `build` go on from
    the result: --from FOLDER/float/checkpoint.npz. Raises InputError as `interpolated` does, with nothing written.
    """
    start, end = (checkpoint.load(path) for path in paths)
    if end.labels != dataset.class_names:
        raise InputError(f"{paths[1]}: has other classes than {dataset.name} ({', '.join(end.labels)})")
    jury = jury_of(dataset, end.heads, end.normalization)
    points = []
    for place in [step / POINTS for step in range(POINTS + 1)] if share is None else [share]:
        judgement = jury.judge(interpolated(start, end, place).model(engine.keras))
        points.append(Point(place, judgement))
        say(
            f"{place:5.3f}  accuracy {judgement.accuracy:.4f}  log loss {judgement.log_loss:.4f}  "
            f"spoilt {judgement.spoilt_log_loss:.4f}  score {judgement.score:.4f}"
        )
    best = min(points, key=lambda point: point.judgement.score)
    details = {
        "kind": "interpolated",
        "share": best.share,
        "given": share is not None,
        "start": sha256_of(paths[0]),
        "end": sha256_of(paths[1]),
        "selection": VERSION,
        "selection_accuracy": best.judgement.accuracy,
        "selection_log_loss": best.judgement.log_loss,
        "selection_spoilt_log_loss": best.judgement.spoilt_log_loss,
    }
    checkpoint.save(folder / PLACE, replace(interpolated(start, end, best.share), details=details))
    write_json(
        folder / "interpolation.json",
        {
            "points": [
                {
                    "share": point.share,
                    "accuracy": point.judgement.accuracy,
                    "log_loss": point.judgement.log_loss,
                    "spoilt_log_loss": point.judgement.spoilt_log_loss,
                    "score": point.judgement.score,
                }
                for point in points
            ],
            "chosen": best.share,
        },
    )
    return points
