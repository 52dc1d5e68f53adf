"""`python -m benchmarks recognizer`: the parts that it times."""

from __future__ import annotations

import pytest

from benchmarks.recognizer import benchmark
from face_emotion.errors import InputError
from tests.support.runtime import DETECTOR, write_model_folder


def test_the_benchmark_times_every_part(tmp_path):
    model = write_model_folder(tmp_path / "tiny")
    (tmp_path / "face_detector").symlink_to(DETECTOR)
    times = benchmark(model, 2)
    assert list(times) == [
        "letterbox",
        "detector with its letterbox",
        "crop",
        "classifier",
        "recognize, near",
        "recognize, near, BlazeFace",
        "frame of a video",
        "frame of a video, each looked at",
        "frame of a video, BlazeFace",
        "recognize, far",
    ]
    assert all(wall > 0 and processor > 0 for wall, processor in times.values())
    assert times["recognize, near"][1] > times["crop"][1]
    with pytest.raises(InputError, match="--rounds"):
        benchmark(model, 0)
