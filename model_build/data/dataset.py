"""The one form in which every source of faces reaches training and measuring: a Dataset."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from dataclasses import dataclass

import numpy as np

from face_emotion.arrays import Bytes, Flags, Integers
from face_emotion.contract import check_labels
from face_emotion.errors import InputError
from face_emotion.streams import printed
from model_build.data.stored import Images, Keys, StoredImages, blocks, keys_of, taken

TRAINING, SELECTION, TEST = 0, 1, 2
FOLDER_SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Dataset:
    """Grey faces with labels, each row in one split.

    images: uint8 [N, 48, 48], 0 black, 255 white, in memory or on the disk (stored.py);
    labels: int64 [N], index into class_names;
    split: uint8 [N], TRAINING, SELECTION or TEST; class_names: 2 to 50 names; split_names: what the source
    calls the three splits; votes: uint8 [N, 10] raw FER+ votes in the order of votes.VOTE_COLUMNS, or None;
    name: of the data set. source: uint8 [N], index into sources, where several data sets stand together, or None;
    sources: their names in figures; origins: what their readers call them ("FER2013", "synthetic").
    digest: sha256 over images, labels, splits, votes, sources and the names of classes and splits, computed where not
    given. Raises ValueError if the arrays do not fit each other, InputError for unusable class names.
    """

    images: Images
    labels: Integers
    split: Bytes
    class_names: tuple[str, ...]
    split_names: tuple[str, str, str] = FOLDER_SPLITS
    votes: Bytes | None = None
    name: str = ""
    digest: str = ""
    source: Bytes | None = None
    sources: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_labels(self.class_names)
        object.__setattr__(self, "name", printed(self.name))
        object.__setattr__(self, "sources", tuple(map(printed, self.sources)))
        count = len(self.images)
        wanted = {"images": (count, 48, 48), "labels": (count,), "split": (count,), "votes": (count, 10)}
        kinds = {"images": np.uint8, "labels": np.int64, "split": np.uint8, "votes": np.uint8}
        wanted["source"], kinds["source"] = (count,), np.uint8
        for key, shape in wanted.items():
            array = getattr(self, key)
            if array is None and key in ("votes", "source"):
                continue
            if array.shape != shape or array.dtype != kinds[key]:
                raise ValueError(
                    f"{key}: {array.dtype} {array.shape} where {kinds[key].__name__} {shape} is expected"
                )
        if count and not (self.labels.min() >= 0 and self.labels.max() < len(self.class_names)):
            raise ValueError(f"labels outside 0..{len(self.class_names) - 1}")
        if not self.digest:
            object.__setattr__(self, "digest", _digest(self))

    def __len__(self) -> int:
        return len(self.images)

    def given_votes(self) -> Bytes:
        """Returns the FER+ votes; raises InputError where there are none."""
        if self.votes is None:
            raise InputError(f"{self.name}: there are no votes; give --votes fer2013new.csv")
        return self.votes

    def rows(self, chosen: Flags | Integers) -> Dataset:
        """Returns the rows that a mask bool [N] or an index array chooses, in that order; reads no stored image."""
        return dataclasses.replace(
            self,
            images=taken(self.images, chosen),
            labels=self.labels[chosen],
            split=self.split[chosen],
            votes=None if self.votes is None else self.votes[chosen],
            source=None if self.source is None else self.source[chosen],
            digest=_digest_of_rows(self, chosen) if isinstance(self.images, StoredImages) else "",
        )

    def part(self, split: int) -> Dataset:
        """Returns only the rows of one split (TRAINING, SELECTION or TEST)."""
        return self.rows(self.split == split)

    def of_source(self, place: int) -> Dataset:
        """Returns the rows of one of `sources` as a data set of its own, with the same classes and splits.

        votes: None where that set came without any.
        """
        own = self if self.source is None else self.rows(self.source == place)
        votes = own.votes if own.votes is not None and own.votes.any() else None
        return dataclasses.replace(
            own,
            votes=votes,
            name=self.sources[place],
            source=None,
            sources=(self.sources[place],),
            origins=(self.origins[place],),
            digest="",
        )

    @functools.cached_property
    def keys(self) -> Keys:
        """uint64 [N]: equal for pixel-identical images, and for no others (stored.key_of)."""
        return keys_of(self.images)

    def leaked(self) -> Flags:
        """Returns bool [N]: the row is not in TRAINING, but its image is pixel-identical to one that is.

        To be asked of the whole data set: a part without TRAINING rows has nothing to compare with.
        """
        training = self.split == TRAINING
        if training.all():
            return np.zeros(len(self), bool)
        leaked: Flags = ~training & np.isin(self.keys, self.keys[training])
        return leaked


def _digest(dataset: Dataset) -> str:
    digest = hashlib.sha256(json.dumps([dataset.class_names, dataset.split_names]).encode())
    for block in blocks(dataset.images):
        digest.update(np.ascontiguousarray(block).data)
    for array in (dataset.labels, dataset.split, dataset.votes, dataset.source):
        if array is not None:
            digest.update(np.ascontiguousarray(array).data)
    if dataset.source is not None:
        digest.update(json.dumps(dataset.sources).encode())
    return digest.hexdigest()


def _digest_of_rows(dataset: Dataset, chosen: Flags | Integers) -> str:
    """Returns what tells these rows from others, without reading their images again."""
    return hashlib.sha256(f"{dataset.digest} {chosen.dtype}".encode() + chosen.tobytes()).hexdigest()
