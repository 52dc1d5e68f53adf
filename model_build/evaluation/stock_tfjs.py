"""Our own TF.js writer against the stock converter (tensorflowjs): stock_tfjs.json.

    python -m model_build stock models/small                   --keep FOLDER keeps the stock converter's model

Both turn one float network into a TF.js model; in one node process they give the same to 1e-5, take turns before the
clock beside the released form (made from the int8 file), and the stock converter is asked for the quantised network.
A build does it by itself where tensorflowjs is installed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from converters.manifest import bytes_of, read_contract
from converters.tfjs import convert_tfjs
from converters.tfjs_runtime import TfjsModel, latency
from converters.tfjs_stock import PACKAGE, convert_all
from face_emotion.arrays import Bytes, Floats
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, read_json, require_file, write_json
from face_emotion.normalization import normalized
from model_build.network import checkpoint
from model_build.quantization.export import export
from model_build.synthetic.faces import draw_faces

NAME = "stock_tfjs.json"
TOLERANCE = 1e-5  # of a probability: our float model against the stock converter's
PICTURES, SEED = 1000, 11
ROUNDS = 200


def compare_stock(
    folder: Path, keep: Path | None = None, rounds: int = ROUNDS, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """Writes stock_tfjs.json into a build folder (a released one stays as it is) and returns what it holds.

    {"pictures", "largest_difference": of a probability, "agreement": of labels (a fraction), "forms": {"stock",
    "float", "released": {"bytes", "median_ms", "ratio": the median of the rounds' ratios to stock}}, "quantised":
    {"refused": its reason, or None, "bytes", "agreement": with the released form}}. keep: a folder that gets the
    stock converter's float model.
    Raises InputError if a file is missing, or tensorflowjs is not installed or refuses the float network.
    """
    contract = read_contract(folder)
    require_file(folder / "float32.tflite", "float network")
    if keep is not None and keep.exists():
        raise InputError(f"--keep {keep}: is there already; name another folder")
    faces, _ = draw_faces(PICTURES, SEED)
    seen = normalized(faces, contract.normalization)[..., None]
    real = seen.astype(np.float32) / np.float32(255)
    with tempfile.TemporaryDirectory(prefix="stock-") as scratch:
        stock, ours, released = Path(scratch, "stock"), Path(scratch, "ours"), folder / "tfjs"
        say(f"{PACKAGE}: the float and the quantised network …")
        sources = [_saved_model(folder, kind, Path(scratch), contract) for kind in ("float", "qat")]
        quantised = Path(scratch, "quantised")
        float_refused, refused = convert_all(dict(zip(sources, (stock, quantised), strict=True))).values()
        if float_refused is not None:
            raise InputError(f"{sources[0]}: {PACKAGE} refuses it ({float_refused})")
        convert_tfjs(folder / "float32.tflite", ours)
        first = _stock_probabilities(stock, real)
        second = TfjsModel(ours).outputs(real)["probabilities"]
        times = latency([stock, ours, released], [real[0], real[0], seen[0]], rounds)
        sizes = {"stock": _bytes(stock), "float": _bytes(ours), "released": bytes_of(folder, "tfjs")}
        result = {
            "pictures": PICTURES,
            "largest_difference": float(np.abs(first - second).max()),
            "agreement": _agreement(first, second),
            "rounds": rounds,
            "forms": {
                name: {"bytes": sizes[name]} | _time(times[str(path)], times[str(stock)])
                for name, path in (("stock", stock), ("float", ours), ("released", released))
            },
            "quantised": {"refused": refused}
            if refused is not None
            else _quantised(quantised, released, real, seen),
        }
        if keep is not None:
            with atomic_path(keep) as partial:
                shutil.copytree(stock, partial)
    if is_build(folder):
        write_json(folder / NAME, result)
    return result


def problem_of(found: dict[str, Any]) -> str | None:
    """Returns what is wrong if our float model is further than TOLERANCE from the stock converter's, else None."""
    if not found or found["largest_difference"] <= TOLERANCE:
        return None
    return (
        f"{NAME}: our float TF.js model differs from the stock converter's by {found['largest_difference']:.1e} "
        f"on {found['pictures']:,} pictures; at most {TOLERANCE:.0e} is expected"
    )


def is_build(folder: Path) -> bool:
    """Whether this is a build's folder, with its SavedModels, and not a released one."""
    return (folder / "float" / "saved_model").is_dir()


def read_stock(folder: Path) -> dict[str, Any]:
    """Reads FOLDER/stock_tfjs.json, empty if it was not made; raises InputError if it is damaged."""
    if not (folder / NAME).exists():
        return {}
    found = read_json(folder / NAME)
    if not isinstance(found, dict) or not {"forms", "quantised", "agreement"} <= found.keys():
        raise InputError(f"{folder / NAME}: not what this kit writes there; run stock again")
    return found


def _saved_model(folder: Path, kind: str, scratch: Path, contract: Contract) -> Path:
    """Returns the folder's SavedModel; of a released model, which has none, one made from its checkpoint."""
    there = folder / kind / "saved_model"
    if there.is_dir():
        return there
    made = scratch / f"{kind}_saved_model"
    export(checkpoint.load(folder / kind / "checkpoint.npz"), contract).save(made)
    return made


def _stock_probabilities(model: Path, rows: Floats) -> Floats:
    """Runs a stock model, whose outputs have lost their names: they stand in the order of the alphabet."""
    found = TfjsModel(model, batch=1).outputs(rows)
    names = sorted(found)
    if len(names) != 2:
        raise InputError(
            f"{model}: has the outputs {', '.join(names)} where logits and probabilities are expected"
        )
    return found[names[1]]


def _agreement(first: Floats, second: Floats) -> float:
    return float(np.mean(first.argmax(axis=1) == second.argmax(axis=1)))


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _time(times: list[float], beside: list[float]) -> dict[str, float]:
    ratios = [one / other for one, other in zip(times, beside, strict=True)]
    return {"median_ms": round(median(times), 3), "ratio": round(median(ratios), 3)}


def _quantised(model: Path, released: Path, real: Floats, seen: Bytes) -> dict[str, Any]:
    answers = TfjsModel(released).outputs(seen)["probabilities"]
    agreement = _agreement(_stock_probabilities(model, real), answers)
    return {"refused": None, "bytes": _bytes(model), "agreement": agreement}
