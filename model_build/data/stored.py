"""Images that stay on the disk, where an array would hold all of them in memory, and what treats both alike.

    images = StoredImages((ImageFile(path, 0, 2304, count),), np.arange(count))
    images[rows]            # uint8 [n, 48, 48], read now
    images.take(rows)       # the same rows, not read yet

A million images of 48×48 are 2.3 GB. `model_build.data.shards` reads folders of shards as these, `Spool` keeps what a
reader yields. Each read opens its files and closes them: any number of files, any thread.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from face_emotion.arrays import Bytes, Flags, Integers
from face_emotion.errors import InputError

SIDE = 48
SIZE = SIDE * SIDE
BLOCK = 4096  # images that are held at once where all are gone through: 9 MB

Keys: TypeAlias = NDArray[np.uint64]


@dataclass(frozen=True)
class ImageFile:
    """A file of images at equal distances. first: bytes before the first one; stride: bytes from one to the next."""

    path: Path
    first: int
    stride: int
    count: int


@dataclass(frozen=True, eq=False)
class StoredImages:
    """Rows of images in files, read when they are asked for; looks like an array uint8 [N, 48, 48].

    places: int64 [N], where each row stands, counted through all files. keys: uint64, `key_of` each place's image,
    where the files are known to hold them; else they are made when they are asked for.
    """

    files: tuple[ImageFile, ...]
    places: Integers
    keys: Keys | None = None
    starts: Integers = field(init=False)

    def __post_init__(self) -> None:
        counts = [file.count for file in self.files]
        object.__setattr__(self, "starts", np.cumsum([0, *counts]))

    dtype = np.dtype(np.uint8)

    @property
    def shape(self) -> tuple[int, int, int]:
        """As an array's."""
        return len(self.places), SIDE, SIDE

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Bytes]:
        for block in blocks(self):
            yield from block

    def __getitem__(self, rows: int | np.integer[Any] | slice | Integers | Flags) -> Bytes:
        """Reads rows: uint8 [n, 48, 48], or [48, 48] for a number; raises InputError naming a file that has changed."""
        if isinstance(rows, int | np.integer):
            one: Bytes = self._read(self.places[np.array([rows])])[0]
            return one
        return self._read(self.places[rows])

    def take(self, rows: slice | Integers | Flags) -> StoredImages:
        """Returns rows without reading them."""
        return StoredImages(self.files, self.places[rows], self.keys)

    def _read(self, places: Integers) -> Bytes:
        found = np.empty((len(places), SIDE, SIDE), np.uint8)
        order = np.argsort(places, kind="stable")
        sorted_places = places[order]
        of_file = np.searchsorted(self.starts, sorted_places, "right") - 1
        # A run: neighbours of one file, which one call reads.
        breaks = np.flatnonzero((np.diff(sorted_places) != 1) | (np.diff(of_file) != 0)) + 1
        runs = np.split(np.arange(len(places)), breaks) if len(places) else []
        opened, number = -1, -1
        try:
            for run in runs:
                if of_file[run[0]] != opened:
                    if number >= 0:
                        os.close(number)
                        number = -1
                    opened = int(of_file[run[0]])
                    number = os.open(self.files[opened].path, os.O_RDONLY)
                file = self.files[opened]
                start = int(sorted_places[run[0]] - self.starts[opened])
                found[order[run]] = _pictures(number, file, start, len(run))
        finally:
            if number >= 0:
                os.close(number)
        return found


Images: TypeAlias = Bytes | StoredImages
Keep: TypeAlias = Callable[[Iterable[Bytes]], Images]  # what becomes of the images that a reader yields


def _pictures(number: int, file: ImageFile, start: int, count: int) -> Bytes:
    wanted = (count - 1) * file.stride + SIZE
    content = os.pread(number, wanted, file.first + start * file.stride)
    if len(content) != wanted:
        raise InputError(f"{file.path}: shorter than it was; it must not change while it is read")
    strides = (file.stride, SIDE, 1)
    return np.ndarray((count, SIDE, SIDE), np.uint8, content, strides=strides)


def key_of(image: Bytes) -> int:
    """Returns 64 bits of an image's BLAKE2b.

    Among a million images two different ones have the same key with a probability of 3e-8.
    """
    return int.from_bytes(hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=8).digest(), "little")


def keys_of(images: Images) -> Keys:
    """Returns uint64 [N]: equal for pixel-identical images, and for no others (`key_of`): 8 MB a million."""
    if isinstance(images, StoredImages) and images.keys is not None:
        return images.keys[images.places]
    return np.fromiter((key_of(image) for image in images), np.uint64, len(images))


def taken(images: Images, rows: slice | Integers | Flags) -> Images:
    """Returns rows of images; of stored ones without reading them."""
    return images.take(rows) if isinstance(images, StoredImages) else images[rows]


def blocks(images: Images, size: int = BLOCK) -> Iterator[Bytes]:
    """Yields all images in order, uint8 [size or fewer, 48, 48] at once."""
    for start in range(0, len(images), size):
        yield images[start : start + size]


def joined(parts: Sequence[Images]) -> Images:
    """Returns the images of all parts, one after another; raises InputError if only some of them are stored."""
    stored = [part for part in parts if isinstance(part, StoredImages)]
    if not stored:
        return np.concatenate([part for part in parts if not isinstance(part, StoredImages)])
    if len(stored) < len(parts):
        raise InputError(
            "--data: a folder of shards goes with other folders of shards only; write the others into shards too: "
            "python -m model_build shard"
        )
    if len(stored) == 1:
        return stored[0]
    starts = np.cumsum([0, *(part.starts[-1] for part in stored)])
    keys = [part.keys for part in stored if part.keys is not None]
    return StoredImages(
        tuple(file for part in stored for file in part.files),
        np.concatenate([part.places + start for part, start in zip(stored, starts, strict=False)]),
        np.concatenate(keys) if len(keys) == len(stored) else None,
    )


def in_memory(images: Iterable[Bytes]) -> Bytes:
    """Keeps uint8 [48, 48] images that a reader yields as one array [N, 48, 48]."""
    pixels = bytearray()
    for image in images:
        pixels += image.tobytes()
    return np.frombuffer(pixels, np.uint8).reshape(-1, SIDE, SIDE)


@dataclass
class Spool:
    """Keeps what readers yield in files of a folder, which nobody else writes into."""

    folder: Path
    written: int = 0

    def __call__(self, images: Iterable[Bytes]) -> StoredImages:
        """Writes uint8 [48, 48] images into the next file."""
        path = self.folder / f"{self.written}.pixels"
        self.written += 1
        count = 0
        with path.open("wb") as stream:
            for image in images:
                stream.write(image.tobytes())
                count += 1
        return StoredImages((ImageFile(path, 0, SIZE, count),), np.arange(count))
