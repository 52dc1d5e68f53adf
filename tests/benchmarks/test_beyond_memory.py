"""Training from shards takes less than 2 GB, however many pictures there are."""

from __future__ import annotations

import pytest

from benchmarks.beyond_memory import train, write


@pytest.mark.exhaustive
def test_a_million_pictures_train_within_2_gb(tmp_path):
    write(tmp_path / "million", 1_000_000)
    peak = train(tmp_path / "million", steps=300)
    assert "train epoch 1/1" in peak.said
    assert peak.bytes < 2_000_000_000
