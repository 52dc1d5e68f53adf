"""One Firefox and one WebKit for all tests of this folder; the page that they open, with a script that keeps errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsers import firefox, webkit
from tests.support.browsers.browser import Browser
from tests.support.browsers.site import write_site
from tests.support.web import Server, released_models, serving

RUN = {"firefox": firefox.firefox, "webkit": webkit.webkit}
PLACES = {"firefox": firefox, "webkit": webkit}


def require(name: str) -> None:
    """Skips the test, with what to install, where there is no such browser or no Flask."""
    pytest.importorskip("flask", reason="flask is not installed: pip install -r requirements-web.txt")
    if not PLACES[name].is_here():
        pytest.skip(PLACES[name].MISSING)


@pytest.fixture(scope="session", params=RUN)
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a camera that shows a moving pattern, and nobody."""
    require(request.param)
    with RUN[request.param](tmp_path_factory.mktemp(request.param)) as running:
        running.wire.send("WebDriver:SetTimeouts", {"script": 120_000, "pageLoad": 60_000})
        yield running


@pytest.fixture(scope="session", params=RUN)
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser without a camera."""
    require(request.param)
    with RUN[request.param](tmp_path_factory.mktemp(request.param), camera=False) as running:
        yield running


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's own files with what watches them."""
    return write_site(tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="session")
def server(static: Path) -> Iterator[Server]:
    """Serves that page with the released models."""
    with serving("--models", str(released_models()), static=static) as running:
        yield running
