"""`architectures`: every network of the family has a row of its size and cost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import model_build.__main__ as build_main
from model_build.network import architecture
from model_build.network.engine import load_engine
from model_build.reporting import tables


@pytest.fixture
def rows(monkeypatch, capsys) -> dict[str, list[str]]:
    """The printed cells by variant. The conversion, which network/test_variant_bytes.py has, is left out."""

    def unconverted(shape: architecture.Architecture, folder: Path):
        assert shape.upsample == 0  # a real conversion refuses such a layer
        path = folder / "int8.tflite"
        path.write_bytes(bytes(12_345))
        return architecture.build_exported(load_engine().keras, shape, 7, heads=2), path

    monkeypatch.setattr(tables, "convert_untrained", unconverted)
    assert build_main.main(["architectures"]) == 0
    lines = [re.split(r"\s*│\s*", line.strip("│ ")) for line in capsys.readouterr().out.splitlines()]
    return {cells[0]: cells[1:] for cells in lines if len(cells) == 5}


def test_every_variant_has_a_row(rows):
    assert [name for name in rows if name != "variant"] == ["nano", "small", "base", "teacher", "teacher64"]
    assert [rows[name][3] for name in ("nano", "small", "base", "teacher", "teacher64")] == [
        "100,000", "500,000", "1,000,000", "–", "–",
    ]  # fmt: skip
    assert [rows[name][2] for name in ("teacher", "teacher64")] == ["12,345", "–"]


def test_the_teacher_at_64_pixels_is_the_teacher_on_more_pixels(rows):
    assert rows["teacher64"][0] == rows["teacher"][0]
    costs = [float(rows[name][1]) for name in ("teacher", "teacher64")]
    assert costs[1] / costs[0] == pytest.approx((64 / 48) ** 2, rel=0.01)
