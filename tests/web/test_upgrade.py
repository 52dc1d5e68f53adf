"""From version 1 in a browser's cache to today's page, in headless Chromium: one whole version, never a mix."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from model_build.synthetic.scenes import draw_frame
from tests.support.browser import chromium, require_chromium, until, write_camera
from tests.support.static_host import Host
from tests.support.version1 import export_commit, has_history, write_stand_in
from tests.support.web import released_models
from web.export import export

require_chromium()

READY = "document.getElementById('stage')?.dataset.state === 'ready'"
IS_KEPT = """async () => {
await navigator.serviceWorker.ready;
return navigator.serviceWorker.controller !== null;
}"""
KEPT = """async () => (await (await caches.open('face-emotion-kit')).keys())
  .map(({url}) => [new URL(url).pathname.slice(1), new URL(url).searchParams.get('sha256')])"""
DAY = 86_400
LONG_AGO = 1_700_000_000  # a file this old is fresh for months to a browser that nobody tells otherwise


def hashes(folder: Path) -> dict[str, str]:
    """Returns address → sha256 of a site's files."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


@dataclass
class Sites:
    """Both versions, and the folder that is served: one of them."""

    old: Path
    new: Path
    served: Path

    def serve(self, folder: Path) -> None:
        """Puts a version on the server."""
        self.served.unlink(missing_ok=True)
        self.served.symlink_to(folder)


@pytest.fixture(scope="module", params=["commit", "stand-in"])
def sites(request, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """Version 1 as it was (where there is no history its stand-in, twice), and today's."""
    folder = tmp_path_factory.mktemp("sites")
    found = Sites(folder / "old", folder / "new", folder / "served")
    if request.param == "commit" and has_history():
        export_commit(found.old, folder / "sources")
    else:
        write_stand_in(found.old)
    export(found.new, released_models())
    for site, time in ((found.old, LONG_AGO), (found.new, LONG_AGO + DAY)):
        for path in site.rglob("*"):
            os.utime(path, (time, time))
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    path = tmp_path_factory.mktemp("camera") / "drawn.mjpeg"
    with chromium(write_camera(path, [draw_frame(640, 480, [(220, 140, 400, 320)], [3], 4)])) as running:
        yield running


class Tab:
    """A page of the origin, and which files it was sent since it was last loaded."""

    def __init__(self, context, url: str) -> None:
        self.url, self.page = url, context.new_page()
        self.page.set_default_timeout(30_000)
        self.answers: list = []
        self.page.on("request", lambda request: request.is_navigation_request() and self.answers.clear())
        self.page.on("response", lambda response: self.answers.append(response))
        self.page.goto(url)
        until(self.page, READY, 60)

    def sent(self) -> dict[str, str]:
        """Returns address → sha256 of what the page got, whoever answered."""
        return {
            answer.url.removeprefix(self.url) or "index.html": hashlib.sha256(answer.body()).hexdigest()
            for answer in list(self.answers)
            if answer.url.startswith(self.url) and answer.ok
        }

    def is_whole(self, version: dict[str, str]) -> bool:
        """Whether everything that it got is of a version; fails where only some of it is."""
        strange = {name for name, digest in self.sent().items() if version.get(name) != digest}
        assert {"index.html", "style.css", "page/main.js", "page/offline.js"} <= set(self.sent())
        return not strange


@contextlib.contextmanager
def first_visit(browser, sites: Sites, rules: str | None) -> Iterator[tuple[Host, object, Tab]]:
    """Serves version 1, visits it until it is kept, then serves today's page in its place."""
    sites.serve(sites.old)
    rules = (sites.new / "_headers").read_text(encoding="utf-8") if rules is None else rules
    with Host(sites.served, rules) as host:
        context = browser.new_context(permissions=["camera"], reduced_motion="reduce")
        tab = Tab(context, host.url)
        until(tab.page, f"({IS_KEPT})()")
        tab.page.reload()
        until(tab.page, READY, 60)
        assert tab.is_whole(hashes(sites.old))
        sites.serve(sites.new)
        try:
            yield host, context, tab
        finally:
            context.close()


def is_today(tab: Tab, sites: Sites) -> None:
    """Fails unless a tab shows today's page, all of it, and the cache holds nothing else."""
    until(tab.page, f"document.getElementById('snapshot') && {READY}", 60)
    now = hashes(sites.new)
    assert tab.is_whole(now)
    kept = dict(tab.page.evaluate(KEPT))
    assert {name: now.get(name) for name in kept} == kept and len(kept) > 100
    tab.page.get_by_role("button", name="Start camera").click()
    until(tab.page, "document.querySelectorAll('.face').length === 1")


@pytest.mark.parametrize("rules", [None, ""], ids=["as it should be served", "without headers"])
def test_a_new_version_is_offered_and_all_of_it_is_there_also_offline(
    browser, sites: Sites, rules: str | None
):
    with first_visit(browser, sites, rules) as (_, context, tab):
        tab.page.reload()
        until(tab.page, READY, 60)
        assert tab.is_whole(hashes(sites.old)), "it changed under its user"
        tab.page.wait_for_selector("#notice-update")
        assert "A new version is ready." in tab.page.inner_text("#notice-update")
        assert tab.is_whole(hashes(sites.old))
        tab.page.get_by_role("button", name="Reload").click()
        until(tab.page, "!!document.getElementById('snapshot')", 60)
        context.set_offline(True)
        is_today(tab, sites)
        tab.page.reload()
        is_today(tab, sites)


def test_without_a_wish_it_comes_with_the_next_visit(browser, sites: Sites):
    with first_visit(browser, sites, None) as (host, context, tab):
        tab.page.reload()
        tab.page.wait_for_selector("#notice-update")
        tab.page.close()
        is_today(Tab(context, host.url), sites)


def test_a_second_tab_with_version_1_does_not_go_on_with_files_of_today(browser, sites: Sites):
    with first_visit(browser, sites, None) as (host, context, tab):
        other = Tab(context, host.url)
        assert other.is_whole(hashes(sites.old))
        tab.page.reload()
        tab.page.wait_for_selector("#notice-update")
        tab.page.get_by_role("button", name="Reload").click()
        is_today(tab, sites)
        is_today(other, sites)


def test_code_of_another_version_is_never_run_beside_this_one(browser, tmp_path: Path):
    """As while a new version is being copied onto a server: a part that was not kept yet is another one there."""
    site = tmp_path / "site"
    export(site, released_models())
    part = site / "page/share/studio.js"
    part.write_text(f"{part.read_text(encoding='utf-8')}\nwindow.isMixed = true;\n", encoding="utf-8")
    with Host(site) as host:
        context = browser.new_context(permissions=["camera"], reduced_motion="reduce")
        try:
            tab = Tab(context, host.url)
            until(tab.page, f"({IS_KEPT})()")
            tab.page.reload()
            until(tab.page, READY, 60)
            tab.page.get_by_role("button", name="Start camera").click()
            until(tab.page, "document.querySelectorAll('.face').length === 1")
            tab.page.get_by_role("button", name="Snapshot").click()
            until(tab.page, "document.getElementById('offers').textContent.includes('could not be loaded')")
            assert tab.page.evaluate("window.isMixed") is None
            assert tab.page.locator(".face").count() == 1, "everything else goes on"
        finally:
            context.close()
