"""Fixtures that several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers_data import tiny_rows, tiny_votes, write_csv, write_votes

from model_build.data import Dataset, load


@pytest.fixture
def tiny_csv(tmp_path: Path) -> Path:
    """A fer2013.csv of 42 random images: every class in every split (28 Training, 7 and 7)."""
    return write_csv(tmp_path / "fer2013.csv")


@pytest.fixture
def tiny_votes_csv(tmp_path: Path) -> Path:
    """A fer2013new.csv that goes with tiny_csv."""
    return write_votes(tmp_path / "fer2013new.csv", tiny_rows()[2], tiny_votes())


@pytest.fixture(scope="session")
def fer2013_path() -> Path:
    """The real fer2013.tar.gz, which the environment variable FER2013 names."""
    return _path_in("FER2013", "fer2013.tar.gz")


@pytest.fixture(scope="session")
def ferplus_path() -> Path:
    """The real fer2013new.csv, which the environment variable FERPLUS names."""
    return _path_in("FERPLUS", "fer2013new.csv")


@pytest.fixture(scope="session")
def fer2013(fer2013_path: Path, ferplus_path: Path) -> Dataset:
    """The real FER2013 with FER+ votes."""
    return load(fer2013_path, ferplus_path, cache=None)


def _path_in(variable: str, what: str) -> Path:
    if variable not in os.environ:
        pytest.skip(f"set {variable} to the path of {what} to run this test")
    return Path(os.environ[variable])
