"""converters.latency: every artifact is timed in turns, and the figures are of the files that are there."""

from __future__ import annotations

import numpy as np
import pytest

from converters import latency
from converters.latency import artifact_latency
from converters.manifest import bytes_of
from face_emotion.errors import InputError

FACES = np.zeros((2, 48, 48), np.uint8)
NAMES = ["float32", "float16", "int8", "int8_ptq"]


def test_figures_of_every_artifact_are_positive(tiny_copy):
    result = artifact_latency(tiny_copy, FACES, rounds=5)
    assert list(result["artifacts"]) == [*NAMES, "tfjs"]
    for name, row in result["artifacts"].items():
        assert 0 < row["median_ms"] <= row["p90_ms"]
        assert row["bytes"] == bytes_of(tiny_copy, name)
    assert (result["rounds"], result["threads"]) == (5, 1)
    assert "Python" in result["machine"]


def test_artifacts_take_turns_and_the_warm_up_is_not_counted(tiny_copy, monkeypatch):
    calls = []

    class Recorded:
        def __init__(self, path, contract):
            self.name = path.stem

        def raw(self, images):
            assert images.shape == (1, 48, 48)
            calls.append(self.name)

    monkeypatch.setattr(latency, "TfliteClassifier", Recorded)
    ticks = iter(range(10**6))
    monkeypatch.setattr(latency.time, "perf_counter", lambda: next(ticks))
    (tiny_copy / "tfjs").rename(tiny_copy / "elsewhere")
    result = artifact_latency(tiny_copy, FACES, rounds=4)
    assert calls == NAMES * (4 + latency.WARMUP)
    assert [row["median_ms"] for row in result["artifacts"].values()] == [1000.0] * 4


@pytest.mark.parametrize("rounds", [0, -3])
def test_no_rounds_are_an_input_error(tiny_build, rounds):
    with pytest.raises(InputError, match=f"--rounds {rounds}: must be at least 1"):
        artifact_latency(tiny_build, FACES, rounds)


def test_a_folder_without_artifacts_is_an_input_error_and_nothing_is_written(tmp_path):
    with pytest.raises(InputError, match="no artifact to time"):
        artifact_latency(tmp_path, FACES, rounds=1)
    assert list(tmp_path.iterdir()) == []
