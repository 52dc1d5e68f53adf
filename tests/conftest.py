"""Fixtures that several test files share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from model_build.data.dataset import Dataset
from model_build.data.loading import load
from tests.support.build import CommandBuild, Remembered, build_by_command, build_tiny
from tests.support.data import tiny_rows, tiny_votes, write_csv, write_votes
from tests.support.models import changes, fingerprint
from tests.support.training import Trained, quantize_tiny, train_tiny
from tests.support.web import Server, serving_made_up_models

# Made once a session: the tests that use one run in one process, or each process would make it.
SHARED = {"trained_float", "trained_qat", "int8_file", "tiny_build", "tiny_classifiers", "own_build"}
TOGETHER = (
    "tests/web/browsers",
    "tests/mobile",
    "tests/notebooks",
)  # they share a browser, a Maven build, a kernel


MODELS_BEFORE = pytest.StashKey[dict[str, str]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Notes what models/ holds, in the process that the others report to."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[MODELS_BEFORE] = fingerprint()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run in which anything in models/ changed, whichever test it was."""
    before = session.config.stash.get(MODELS_BEFORE, None)
    if before is not None and (found := changes(before, fingerprint())):
        print(f"\nerror: the tests changed models/, which only a release does: {'; '.join(found)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shares the tests between the two processes of `make test`, what takes longest first."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group_of(item)))
    first = ["builds", *TOGETHER]
    items.sort(key=lambda item: first.index(group) if (group := _group_of(item)) in first else len(first))


def _group_of(item: pytest.Item) -> str:
    """The tests that run one after another in one process: those of a file, or of what they share."""
    if SHARED & set(getattr(item, "fixturenames", ())):
        return "builds"
    path = item.path.relative_to(item.config.rootpath).as_posix()
    return next((folder for folder in TOGETHER if path.startswith(f"{folder}/")), path)


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


@pytest.fixture(scope="session")
def trained_float(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A tiny two-headed network, trained once a session."""
    return train_tiny(tmp_path_factory.mktemp("tiny") / "float")


@pytest.fixture(scope="session")
def trained_qat(trained_float: Trained) -> Trained:
    """The same network after quantisation-aware fine-tuning, made once a session."""
    return quantize_tiny(trained_float.checkpoint, trained_float.folder.parent / "qat")


@pytest.fixture(scope="session")
def int8_file(trained_qat: Trained) -> Path:
    """Both heads of `trained_qat` as int8.tflite; its SavedModel stands beside it."""
    from converters.tflite import convert
    from model_build.quantization.export import export

    saved_model = trained_qat.folder / "saved_model"
    export(trained_qat.checkpoint).save(saved_model)
    return convert(saved_model, trained_qat.folder / "int8.tflite", "int8")


@pytest.fixture(scope="session")
def tiny_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete, verified build of a tiny network on synthetic faces, made once a session: never write into it."""
    return build_tiny(tmp_path_factory.mktemp("build") / "tiny")


@pytest.fixture
def tiny_copy(tiny_build: Path, tmp_path: Path) -> Path:
    """A copy of `tiny_build` for a test to damage."""
    return shutil.copytree(tiny_build, tmp_path / "tiny")


@pytest.fixture(scope="session")
def tiny_classifiers(tiny_build: Path) -> dict[str, Remembered]:
    """Every artifact of `tiny_build`, opened once a session; answers to the same images are remembered."""
    from converters.manifest import read_contract
    from model_build.evaluation.verification import classifiers

    found = classifiers(tiny_build, read_contract(tiny_build))
    return {name: Remembered(classifier) for name, classifier in found.items()}


@pytest.fixture(scope="session")
def own_build(tmp_path_factory: pytest.TempPathFactory) -> CommandBuild:
    """A build of a user's own class folders by command, interrupted once on its way: never write into it."""
    return build_by_command(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page's server with made-up models."""
    with serving_made_up_models(tmp_path_factory.mktemp("models")) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def own_cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps what the runtime remembers of models that it tried out of the user's cache folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
