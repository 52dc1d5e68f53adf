"""Fixtures of the tests of the face-emotion command."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.support.cli import OTHER_BOX, Command, colour_frame


@pytest.fixture
def command(capfd) -> Command:
    """Runs face-emotion in this process."""
    return Command(capfd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one face (one.png), two faces (deep/two.png) and nobody (nobody.png)."""
    root = tmp_path / "pictures"
    (root / "deep").mkdir(parents=True)
    Image.fromarray(colour_frame()).save(root / "one.png")
    Image.fromarray(colour_frame([(190.0, 80.0, 290.0, 180.0), OTHER_BOX], [5, 3])).save(
        root / "deep/two.png"
    )
    Image.fromarray(colour_frame([], [])).save(root / "nobody.png")
    return root
