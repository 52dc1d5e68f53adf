"""A data set in shards: a folder of TFRecord files and an index, for sets that do not fit into memory.

    python -m model_build shard --data fer2013.tar.gz --votes fer2013new.csv --out build/shards
    python -m model_build train --data build/shards

Each split's rows are dealt out at random, so that any shard is a fair sample of its split. All records have one length:
TFRecord readers take them one after another, and `stored.StoredImages` any of them where it stands. A record's content,
little-endian (RECORD without what TFRecord puts around it): key uint64 (`stored.key_of`), row uint64, label, source
uint8, votes 10 × uint8, 4 bytes unused, pixels 48 × 48 uint8. `row` is the picture's number in the data set that was
written, so that the folder is that same data set: same order, same digest, same figures.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Integers
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, make_folder, read_json, sha256_of, write_json
from face_emotion.native_log import quiet
from model_build.data.dataset import Dataset
from model_build.data.stored import ImageFile, Spool, StoredImages
from model_build.progress import progress_bar

INDEX, FORMAT = "shards.json", "face-emotion-kit shards 1"
RECORDS = 16_384  # a shard: 39 MB
SEED = 23  # of which row goes into which shard
CONTENT = np.dtype(
    [
        ("key", "<u8"),
        ("row", "<u8"),
        ("label", "u1"),
        ("source", "u1"),
        ("votes", "u1", 10),
        ("unused", "u1", 4),
        ("pixels", "u1", (48, 48)),
    ]
)
RECORD = np.dtype([("length", "<u8"), ("length_crc", "<u4"), ("content", CONTENT), ("crc", "<u4")])
FIRST = 12 + CONTENT.fields["pixels"][1]  # type: ignore[index]
_WORKERS = 2  # threads that hash shards, each holding one


def tensorflow() -> Any:
    """Imports and returns TensorFlow without its greeting on stderr, for whatever writes or streams TFRecords."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        import tensorflow
    return tensorflow


def is_shards(path: Path) -> bool:
    """Whether a path is a folder of shards, whole or not."""
    return (path / INDEX).is_file() or any(path.glob("*.tfrecord"))


@contextlib.contextmanager
def spool_for(folder: Path) -> Iterator[Spool]:
    """Yields what keeps pictures on the disk beside a folder of shards that is to be written, for a block's length.

    Removes what killed processes have left there. Raises InputError for a folder that is there and holds anything else
    than shards.
    """
    if (folder.exists() or folder.is_symlink()) and not (folder / INDEX).is_file():
        raise InputError(f"{folder}: is there already; give another --out, or remove it")
    _sweep(folder)
    home = make_folder(folder.with_name(f".{folder.name}.{os.getpid()}.spool.partial"))
    try:
        yield Spool(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def write_shards(dataset: Dataset, folder: Path, records: int = RECORDS) -> bool:
    """Writes a data set into a new folder of shards; returns False where it stands there already.

    records: the most in a shard. Nothing stands under the folder's name before all of it is on the disk. Raises
    InputError for a folder that is there and holds anything else.
    """
    if folder.exists():
        known = _checked(folder / INDEX, read_json(folder / INDEX))
        if known != _signed(_index(dataset, records, known["shards"])):
            raise InputError(
                f"{folder}: holds other shards ({known['name']}); give another --out, or remove it"
            )
        read_shards(folder)
        return False
    with atomic_path(folder, patient=False) as partial:
        partial.mkdir()
        shards = []
        with progress_bar(f"writing {folder.name}", len(dataset)) as advance:
            done = 0
            for name, part, rows in _dealt(dataset, records):
                _write(partial / name, dataset, rows)
                digest = sha256_of(partial / name)
                shards.append({"file": name, "split": part, "records": len(rows), "sha256": digest})
                done += len(rows)
                advance(done)
        write_json(partial / INDEX, _signed(_index(dataset, records, shards)))
    return True


def read_shards(folder: Path) -> Dataset:
    """Returns the data set that a folder of shards holds; its images stay there.

    Every shard is read once and compared with the index. Raises InputError naming the file that is damaged.
    """
    path = folder / INDEX
    if not path.is_file():
        raise InputError(
            f"{folder}: shards without {INDEX}: not whole; write it anew: python -m model_build shard"
        )
    index = _checked(path, read_json(path))
    shards = index["shards"]
    rows: NDArray[Any] = np.zeros(sum(shard["records"] for shard in shards), _HEAD)
    split = np.zeros(len(rows), np.uint8)
    starts = np.cumsum([0, *(shard["records"] for shard in shards)])

    def read(number: int) -> int:
        shard = shards[number]
        part = slice(int(starts[number]), int(starts[number + 1]))
        rows[part] = _heads(folder / shard["file"], shard)
        split[part] = shard["split"]
        return int(starts[number + 1])

    with progress_bar(f"checking {folder.name}", len(rows)) as advance, ThreadPoolExecutor(_WORKERS) as pool:
        for done in pool.map(read, range(len(shards))):
            advance(done)
    places: Integers = np.argsort(rows["row"], kind="stable")
    heads = rows[places]
    files = tuple(
        ImageFile(folder.absolute() / shard["file"], FIRST, RECORD.itemsize, shard["records"])
        for shard in shards
    )
    several = len(index["sources"]) > 1
    return Dataset(
        images=StoredImages(files, places, rows["key"].astype(np.uint64)),
        labels=heads["label"].astype(np.int64),
        split=split[places],
        class_names=tuple(index["class_names"]),
        split_names=tuple(index["split_names"]),
        votes=np.ascontiguousarray(heads["votes"]) if index["votes"] else None,
        name=index["name"],
        digest=index["digest"],
        source=np.ascontiguousarray(heads["source"]) if several else None,
        sources=tuple(index["sources"]),
        origins=tuple(index["origins"]),
    )


_HEAD = np.dtype([(name, CONTENT.fields[name][0]) for name in ("key", "row", "label", "source", "votes")])  # type: ignore[index]


def _dealt(dataset: Dataset, records: int) -> Iterator[tuple[str, int, Integers]]:
    """Yields name, split and rows of each shard; a split's shards differ by one record at most."""
    for part, name in enumerate(dataset.split_names):
        rows = np.flatnonzero(dataset.split == part)
        dealt = np.random.default_rng((SEED, part)).permutation(rows)
        count = -(-len(rows) // records)
        for number, chosen in enumerate(np.array_split(dealt, count) if count else []):
            yield f"{name.lower()}-{number:05d}-of-{count:05d}.tfrecord", part, chosen


def _write(path: Path, dataset: Dataset, rows: Integers) -> None:
    tf = tensorflow()
    content = np.zeros(len(rows), CONTENT)
    in_order = np.argsort(rows)  # reads forward
    content["pixels"][in_order] = dataset.images[rows[in_order]]
    content["key"], content["row"], content["label"] = dataset.keys[rows], rows, dataset.labels[rows]
    if dataset.source is not None:
        content["source"] = dataset.source[rows]
    if dataset.votes is not None:
        content["votes"] = dataset.votes[rows]
    try:
        with tf.io.TFRecordWriter(os.fsencode(path)) as writer:
            for record in content:
                writer.write(record.tobytes())
    except tf.errors.OpError as error:
        raise OSError(None, " ".join(str(error.message).split())[:100], str(path)) from None
    if path.stat().st_size != len(rows) * RECORD.itemsize:
        raise OSError(None, "written in part", str(path))


def _heads(path: Path, shard: dict[str, Any]) -> NDArray[Any]:
    """Returns what stands before the pixels of each record of a shard that is as the index says."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: missing, which {INDEX} names; write the folder anew") from None
    if (
        len(content) != shard["records"] * RECORD.itemsize
        or hashlib.sha256(content).hexdigest() != shard["sha256"]
    ):
        raise InputError(f"{path}: damaged: not what {INDEX} says; write the folder anew")
    records = np.frombuffer(content, RECORD)["content"]
    heads = np.zeros(len(records), _HEAD)
    for name in _HEAD.names or ():
        heads[name] = records[name]
    return heads


def _index(dataset: Dataset, records: int, shards: list[dict[str, Any]]) -> dict[str, Any]:
    counts = {
        name: {
            label: int(((dataset.split == part) & (dataset.labels == place)).sum())
            for place, label in enumerate(dataset.class_names)
        }
        for part, name in enumerate(dataset.split_names)
    }
    return {
        "format": FORMAT,
        "name": dataset.name,
        "digest": dataset.digest,
        "class_names": list(dataset.class_names),
        "split_names": list(dataset.split_names),
        "counts": counts,
        "votes": dataset.votes is not None,
        "sources": list(dataset.sources),
        "origins": list(dataset.origins),
        "records": records,
        "shards": shards,
    }


def _sweep(folder: Path) -> None:
    """Removes what killed writers of this folder have left: temporary names with numbers of processes that are gone."""
    for path in folder.parent.glob(f".{folder.name}.*.partial"):
        number = path.name.removeprefix(f".{folder.name}.").split(".")[0]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signed(index: dict[str, Any]) -> dict[str, Any]:
    return index | {"checksum": hashlib.sha256(json.dumps(index, sort_keys=True).encode()).hexdigest()}


def _checked(path: Path, index: Any) -> dict[str, Any]:
    """Returns an index that is as it was written; raises InputError for any other."""
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        raise InputError(f"{path}: not an index that this kit reads; write the folder anew")
    if _signed({name: value for name, value in index.items() if name != "checksum"}) != index:
        raise InputError(f"{path}: changed since it was written; write the folder anew")
    return index
