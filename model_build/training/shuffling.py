"""The order in which an epoch shows images that stand in shards: read by tf.data, shuffled across shards.

An epoch's seed orders the shards; all are read in turns, some records of each, and every picture waits in a buffer of
BUFFER others, from which the next one is drawn. As rows were dealt to the shards at random when they were written, and
up to BUFFER training pictures are all in the buffer at once, this differs from a permutation of all only in how far a
picture moves between two epochs. Disks and object stores read on from where they are: a full permutation would cost a
seek for every picture.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from face_emotion.arrays import Bytes, Integers
from face_emotion.errors import InputError
from model_build.data.shards import CONTENT, tensorflow
from model_build.data.stored import Images, StoredImages

BUFFER = 32_768  # pictures that wait: 90 MB; as many training pictures or fewer are shuffled whole
CYCLE = 16  # shards that are read in turns
TURN = 16  # records of a shard in its turn


def from_shards(
    images: StoredImages, random: np.random.Generator, batch_size: int, steps: int
) -> Iterator[tuple[Integers, Bytes]]:
    """Yields `steps` batches of rows int64 [batch] of `images`, and their pixels uint8 [batch, 48, 48].

    The order depends on what `random` gives next, on the folders' contents and on the three numbers above, not on where
    the folders are. Raises InputError where a shard cannot be read to its end.
    """
    tf = tensorflow()
    row_of = np.full(int(images.starts[-1]), -1, np.int64)
    row_of[images.places] = np.arange(len(images))
    used = [number for number in range(len(images.files)) if (row_of[_places(images, number)] >= 0).any()]
    order = random.permutation(used)
    seeds = random.integers(2**31, size=2)
    options = tf.data.Options()
    options.deterministic = True

    def records(path: Any, start: Any, stop: Any) -> Any:
        return tf.data.Dataset.zip((tf.data.Dataset.range(start, stop), tf.data.TFRecordDataset(path)))

    data = tf.data.Dataset.from_tensor_slices(
        (
            [os.fsencode(images.files[number].path) for number in order],
            images.starts[order],
            images.starts[order + 1],
        )
    ).interleave(records, cycle_length=CYCLE, block_length=TURN)
    if len(images) < sum(images.files[number].count for number in used):
        wanted = tf.constant(row_of >= 0)
        data = data.filter(lambda place, record: wanted[place])
    data = data.shuffle(BUFFER, seed=int(seeds[0]), reshuffle_each_iteration=False)
    data = data.batch(batch_size).take(steps).with_options(options)
    try:
        for places, contents in data.as_numpy_iterator():
            found = np.frombuffer(b"".join(contents), CONTENT)
            yield row_of[places], np.ascontiguousarray(found["pixels"])
    except tf.errors.OpError as error:
        said = re.sub(r"\{\{.*?\}\}", "", str(error.message))  # TensorFlow's name for the operation
        said = " ".join(said.split()).partition(" [Op:")[0][:120]
        raise InputError(
            f"{images.files[0].path.parent}: a shard cannot be read to its end ({said})"
        ) from None


def order_of(images: Images) -> dict[str, Any]:
    """Returns what a training's description says of the order of its images: nothing where they are in memory."""
    if not isinstance(images, StoredImages):
        return {}
    about = [[[file.path.name, file.count] for file in images.files], BUFFER, CYCLE, TURN]
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
    return {"shards": f"{len(images.files)} shards, {digest}"}


def _places(images: StoredImages, number: int) -> slice:
    return slice(int(images.starts[number]), int(images.starts[number + 1]))
