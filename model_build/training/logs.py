"""Scalars in event files that TensorBoard opens (`tensorboard --logdir build`), written without TensorFlow."""

from __future__ import annotations

import time
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from face_emotion.files import make_folder


class ScalarLog:
    """Appends scalars to a new event file in `folder`; a resumed run continues the same curves."""

    def __init__(self, folder: Path) -> None:
        self._writer = EventFileWriter(str(make_folder(folder)))

    def write(self, step: int, scalars: dict[str, float]) -> None:
        """Writes named values of one step (here: one epoch) and flushes them to disk."""
        values = [Summary.Value(tag=name, simple_value=float(value)) for name, value in scalars.items()]
        self._writer.add_event(Event(wall_time=time.time(), step=step, summary=Summary(value=values)))
        self._writer.flush()

    def close(self) -> None:
        """Closes the file."""
        self._writer.close()
