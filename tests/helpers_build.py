"""A complete, very small build of synthetic faces, and a folder data set of drawn faces: for the tests of what follows.

The network is far below `nano`; it learns enough in two epochs that its answers differ from face to face.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from model_build.data import Dataset
from model_build.network import Architecture, Stage
from model_build.settings import AugmentSettings, QuantizeSettings, TrainSettings
from model_build.synthetic import draw_faces, synthetic_dataset

TINY = Architecture(((8, 2),), (Stage(8, 2, 2, 1), Stage(16, 2, 2, 2)), 32, dropout=0.0)
# Names with what breaks Markdown, HTML, paths or ASCII; the drawn expressions behind them are three of the seven.
OWN_CLASSES = {"Glad & | well": 3, "traurig <b>": 4, "überrascht": 5}


def tiny_dataset(train: int = 602, select: int = 140, test: int = 140) -> Dataset:
    """Returns synthetic faces of seven classes, none of a person in two splits."""
    return synthetic_dataset(0, train, select, test)


def tiny_plan(dataset: Dataset | None = None, name: str = "tiny", **changes):
    """Returns a pipeline.Build of the tiny network; `changes` replace fields of TrainSettings."""
    from model_build.engine import load_engine
    from model_build.pipeline import Build

    settings = {"epochs": 2, "batch_size": 32, "learning_rate": 0.15, "ema": 0.9} | changes
    return Build(
        name=name,
        dataset=dataset or tiny_dataset(),
        architecture=TINY,
        heads=("labels",),
        head="labels",
        train=TrainSettings(**settings),
        augment=AugmentSettings(erase=0.0),
        quantize=QuantizeSettings(qat_epochs=1, qat_calibration=4),
        engine=load_engine(),
        command=f"python -m model_build build --variant {name}",
    )


def build_tiny(folder: Path) -> Path:
    """Runs the whole pipeline into `folder`, which must verify, and returns it."""
    from model_build import pipeline

    problems = pipeline.build(tiny_plan(name=folder.name), folder)
    assert problems == []
    return folder


def write_own_classes(root: Path, train: int = 40, test: int = 12) -> Path:
    """Writes train/ and test/ with `OWN_CLASSES`, that many drawn faces a class, in several sizes and colour modes."""
    for part, count, seed in (("train", train, 1), ("test", test, 2)):
        for name, label in OWN_CLASSES.items():
            faces, _ = draw_faces(count, (seed, label), size=64, classes=[label])
            folder = root / part / name
            folder.mkdir(parents=True)
            for number, face in enumerate(faces):
                picture = Image.fromarray(face if number % 2 else np.stack([face] * 3, axis=-1))
                picture.save(folder / f"{number:03d}.png")
    return root
