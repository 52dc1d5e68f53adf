"""Build folders with fabricated predictions, for the tests of what is written about a build."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from converters.manifest import CONTRACT
from face_emotion.contract import FER2013_LABELS, Contract
from face_emotion.files import write_json
from model_build.data.audit import write_audit
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.splits import USAGES
from model_build.evaluation.evaluate import evaluate_build, evaluate_predictions, held_out
from model_build.evaluation.evaluation_file import read_evaluation, write_evaluation

VOID = {"meta", "img", "br", "link", "input", "line", "rect", "path", "use"}


# What stock_tfjs.json holds, made up.
STOCK: dict[str, Any] = {
    "pictures": 1000,
    "largest_difference": 9.2e-07,
    "agreement": 1.0,
    "rounds": 200,
    "forms": {
        "stock": {"bytes": 1395416, "median_ms": 2.44, "ratio": 1.0},
        "float": {"bytes": 1368224, "median_ms": 1.7, "ratio": 0.92},
        "released": {"bytes": 400100, "median_ms": 3.1, "ratio": 1.36},
    },
    "quantised": {"refused": "ValueError: Unsupported Ops <FakeQuant>"},
}


class Page(HTMLParser):
    """Collects a page's sections, addresses, text and unclosed elements."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.tags, self.sections, self.addresses, self.open, self.text = [], [], [], [], ""
        self.feed(self.source)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name in ("src", "href", "xlink:href", "data", "action", "poster", "srcset"):
                self.addresses.append(value)
            if tag == "section" and name == "id":
                self.sections.append(value)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data


class Noisy:
    """Answers the label of an image it knows with 60 %, another class for the rows given as wrong."""

    def __init__(self, data: Dataset, wrong: set[int]) -> None:
        self.answers = {}
        classes = len(data.class_names)
        for row, (image, label) in enumerate(zip(data.images, data.labels, strict=True)):
            answer = np.full(classes, 0.4 / (classes - 1), np.float32)
            answer[(label + (row in wrong)) % classes] = 0.6
            self.answers[image.tobytes()] = self.answers[image[:, ::-1].tobytes()] = answer

    def probabilities(self, images):
        return np.array([self.answers[image.tobytes()] for image in images])


def dataset(name="FER2013", class_names=FER2013_LABELS, votes=True) -> Dataset:
    """210 rows of noise: 70 a split, the first test row repeats a training image."""
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (210, 48, 48), dtype=np.uint8)
    images[140] = images[0]
    split = np.repeat([TRAINING, SELECTION, TEST], 70).astype(np.uint8)
    counts = generator.multinomial(10, [0.1] * 10, 210).astype(np.uint8) if votes else None
    names = USAGES if name == "FER2013" else ("train", "validation", "test")
    return Dataset(images, np.arange(210) % len(class_names), split, class_names, names, counts, name)


def write_contract(folder: Path, labels: tuple[str, ...] = FER2013_LABELS) -> None:
    """Writes the contract.json of a network with one head into a folder, which is made if it is not there."""
    write_json(folder / CONTRACT, Contract(labels=labels).to_dict())


def evaluate(folder: Path, data: Dataset) -> None:
    """Writes contract.json, and evaluation.json of three fabricated artifacts: float, int8 and int8_ptq."""
    folder.mkdir(exist_ok=True)
    write_contract(folder, data.class_names)
    wrong = set(range(140, 160))
    models = {"float": Noisy(data, wrong - {145}), "int8": Noisy(data, wrong), "int8_ptq": Noisy(data, {150})}
    evaluate_build(folder, data, models)


def add_heads(folder: Path, wrong: dict[str, set[int]]) -> None:
    """Writes figures of heads into the evaluation.json of `dataset()` in a folder; wrong: test rows by head."""
    data = dataset()
    images = data.images[held_out(data)]
    answers = {head: Noisy(data, rows).probabilities(images) for head, rows in wrong.items()}
    heads = evaluate_predictions(answers, data)["artifacts"]
    write_evaluation(folder, read_evaluation(folder) | {"heads": heads})


def write_build(folder: Path, full: bool = False) -> Path:
    """Writes a build of `dataset()`: only evaluation.json, or all that a report can tell of (`full`).

    int8 is wrong on 20 of the 70 test rows.
    """
    for name, content in _files(full).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@cache
def _files(full: bool) -> dict[str, bytes]:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        evaluate(folder, dataset())
        if full:
            _add_the_rest(folder)
        paths = [path for path in folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def _add_the_rest(folder: Path) -> None:
    history = [
        {
            "epoch": epoch,
            "loss": 2 / epoch,
            "selection_accuracy": 0.5 + epoch / 100,
            "seconds": 3.0,
            "kept": epoch == 5,
        }
        for epoch in range(1, 6)
    ]
    write_json(folder / "float" / "history.json", history)
    write_json(folder / "qat" / "history.json", history[:1])
    write_json(
        folder / "config.json",
        {
            "name": "small",
            "command": "python -m model_build build --data 'a <b>'",
            "heads": ["labels", "votes"],
            "teachers": ["one.npz", "two.npz"],
            "settings": {"seed": 7},
        },
    )
    artifacts = {
        "int8.tflite": {"bytes": 481_234, "median_ms": 0.314, "p90_ms": 0.377},
        "peer": {"bytes": 820_516, "median_ms": 0.68, "p90_ms": 0.7},
    }
    write_json(folder / "benchmark.json", {"artifacts": artifacts, "machine": "two cores"})
    write_json(folder / "manifest.json", {"oldest_runtime": "2.11", "contract": {"input_size": 48}})
    write_audit(dataset(), folder / "audit")
