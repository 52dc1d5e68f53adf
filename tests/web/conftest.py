"""Fixtures of the tests that run the engines on real models in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import require_chromium
from tests.support.engines import (
    FORMAT_1,
    VARIANTS,
    Evaluate,
    copy_for_the_browser,
    evaluating,
    write_zero_points,
)
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def models() -> Path:
    """The released models, or a folder like that which the environment variable MODELS names."""
    folder = Path(os.environ.get("MODELS", ROOT / "models"))
    if not (folder / "small/manifest.json").is_file():
        pytest.skip(f"{folder} holds no model `small`: build and release one first")
    return folder


@pytest.fixture(scope="module")
def served(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those models, and beside them others made of them.

    format1: of format 1; zero: an untrained one for LiteRT whose tensors have other zero points than 0; plain: `nano`
    with crops as they are; personal: `small` that takes a baseline and calls answers below a half unsure; stranger:
    `nano` that takes one too.
    """
    folder = tmp_path_factory.mktemp("served")
    for name in (*VARIANTS, "face_detector"):
        (folder / name).symlink_to(models / name)
    copy_for_the_browser(FORMAT_1, folder / "format1")
    plain = copy_for_the_browser(models / "nano", folder / "plain")["contract"]["normalization"]
    assert plain["kind"] == "stretch"
    copy_for_the_browser(models / "nano", folder / "plain", normalization=plain | {"kind": "none"})
    write_zero_points(folder / "zero")
    copy_for_the_browser(models / "small", folder / "personal", unsure_below=0.5, baseline_strength=0.25)
    copy_for_the_browser(models / "nano", folder / "stranger", unsure_below=0.5, baseline_strength=0.25)
    return folder


@pytest.fixture(scope="module")
def evaluate(served: Path) -> Iterator[Evaluate]:
    """Runs an async JavaScript function's body in a document of the page's origin, as `evaluating` says."""
    require_chromium()
    with evaluating(served) as run:
        yield run
