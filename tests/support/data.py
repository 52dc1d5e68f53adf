"""Writers of small data sets in every form that the readers take, for the tests of whatever reads one."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from model_build.data.dataset import Dataset
from model_build.data.splits import USAGES
from model_build.data.votes import VOTES_HEADER

PIXELS = 48 * 48


def tiny_rows(count: int = 42, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Returns images uint8 [count,48,48], labels int64 [count] and Usages: every class in every split."""
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (count, 48, 48), dtype=np.uint8)
    usages = [USAGES[(0, 0, 0, 0, 1, 2)[row // 7 % 6]] for row in range(count)]
    return images, np.arange(count) % 7, usages


def pixel_text(image: np.ndarray) -> str:
    """Returns an image's grey levels as fer2013.csv holds them."""
    return " ".join(map(str, image.ravel().tolist()))


def csv_text(images: np.ndarray, labels: np.ndarray, usages: list[str]) -> str:
    """Returns the text of a fer2013.csv with these rows."""
    rows = zip(labels.tolist(), images, usages, strict=True)
    lines = [f"{label},{pixel_text(image)},{usage}" for label, image, usage in rows]
    return "\n".join(["emotion,pixels,Usage", *lines]) + "\n"


def write_csv(path: Path, count: int = 42, seed: int = 0) -> Path:
    """Writes a fer2013.csv of `tiny_rows`."""
    path.write_text(csv_text(*tiny_rows(count, seed)))
    return path


def write_archive(path: Path, members: dict[str, bytes]) -> Path:
    """Writes a .tar.gz with these files."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def write_votes(path: Path, usages: list[str], votes: np.ndarray) -> Path:
    """Writes a fer2013new.csv with votes [N,10]."""
    rows = enumerate(zip(usages, votes.tolist(), strict=True))
    lines = [f"{usage},fer{row:07d}.png,{','.join(map(str, counts))}" for row, (usage, counts) in rows]
    path.write_text("\n".join([",".join(VOTES_HEADER), *lines]) + "\n")
    return path


def tiny_votes(count: int = 42, seed: int = 0) -> np.ndarray:
    """Returns votes uint8 [count,10], ten to a row."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(10, np.full(10, 0.1), count).astype(np.uint8)


def write_folder(root: Path, counts: dict[str, int], seed: int = 0) -> Path:
    """Writes 48×48 grey PNG files: `counts` maps a class folder below root ("train/happy") to a number."""
    generator = np.random.default_rng(seed)
    for name, count in counts.items():
        (root / name).mkdir(parents=True)
        for number in range(count):
            pixels = generator.integers(0, 256, (48, 48), dtype=np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number:03d}.png")
    return root


def write_table(
    path: Path, header: str, rows: list[dict[str, object]], separator: str = ",", side: int = 48
) -> Path:
    """Writes a table: `rows` hold the fields by column, a field "pixels" of None is a random picture of that side."""
    generator = np.random.default_rng(7)
    names = header.split(separator)
    lines = [header]
    for row in rows:
        drawn = {
            name: pixel_text(generator.integers(0, 256, (side, side)))
            if row[name] is None
            else str(row[name])
            for name in names
        }
        lines.append(separator.join(drawn[name] for name in names))
    path.write_text("\n".join(lines) + "\n")
    return path


def counts_of(dataset: Dataset) -> list[list[int]]:
    """Returns the images of each split and class."""
    classes = len(dataset.class_names)
    return [np.bincount(dataset.part(split).labels, minlength=classes).tolist() for split in range(3)]


def write_affectnet(root: Path, counts: dict[str, dict[str, int]], one_level: bool = False) -> Path:
    """Writes images/NUMBER.png and annotations/NUMBER_exp.npy: `counts` maps a part and an expression to a number.

    one_level: each picture has one grey level, 30 times its expression and some more, instead of noise.
    """
    generator = np.random.default_rng(5)
    for part, expressions in counts.items():
        for name in ("images", "annotations"):
            (root / part / name).mkdir(parents=True)
        values = [value for value, count in expressions.items() for _ in range(count)]
        for number, value in enumerate(values):
            pixels = generator.integers(0, 256, (60, 60), dtype=np.uint8)
            if one_level:
                pixels[:] = 30 * int(value) + number
            Image.fromarray(pixels).save(root / part / f"images/{number}.png")
            np.save(root / part / f"annotations/{number}_exp.npy", np.array(value))
    return root


def write_raf_db(
    root: Path,
    counts: dict[str, dict[str, int]],
    images: str = "Image/aligned",
    label_file: str = "list_patition_label.txt",
) -> Path:
    """Writes RAF-DB's list and aligned pictures: `counts` maps train or test and a label, "1" to "7", to a number."""
    generator = np.random.default_rng(5)
    (root / images).mkdir(parents=True)
    (root / label_file).parent.mkdir(exist_ok=True)
    lines = []
    for part, labels in counts.items():
        values = [value for value, count in labels.items() for _ in range(count)]
        for number, value in enumerate(values, start=1):
            pixels = generator.integers(0, 256, (100, 100, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(root / images / f"{part}_{number:05d}_aligned.jpg")
            lines.append(f"{part}_{number:05d}.jpg {value}")
    (root / label_file).write_text("\n".join(lines) + "\n")
    return root
