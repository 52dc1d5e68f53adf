"""Headless Chromium for the benchmark, through Playwright: on one core, with no other origin in reach."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from face_emotion.errors import InputError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
)


def chromium_path() -> str:
    """Returns the Chromium that the environment variable CHROMIUM names, or the system's; raises InputError."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise InputError("the benchmark needs Chromium: apt-get install chromium, or set CHROMIUM to its path")


@contextlib.contextmanager
def chromium(camera: Path, one_core: bool = False) -> Iterator[Browser]:
    """Runs Chromium with a fake camera that shows a .mjpeg file, with one_core all of it on a single core.

    Raises InputError if Playwright or Chromium is not installed.
    """
    try:
        from playwright.sync_api import TimeoutError as TooLate
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise InputError("the benchmark needs Playwright: pip install -r requirements-dev.txt") from None
    path = chromium_path()
    with _on_one_core() if one_core else contextlib.nullcontext(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            headless=True,
            args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"],
        )
        try:
            yield browser
        except TooLate as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"Chromium does not keep up ({reason}): is the machine very busy?") from None
        finally:
            browser.close()


def ask(page: Page, expression: str, seconds: float = 180) -> Any:
    """Returns what a JavaScript expression, or the promise that it is, gives on a page.

    Raises InputError if there is no answer within so many seconds.
    """
    late = f"new Promise((_, late) => setTimeout(() => late('no answer'), {round(seconds * 1000)}))"
    try:
        return page.evaluate(f"() => Promise.race([{expression}, {late}])")
    except Exception as error:
        if "no answer" not in str(error):
            raise
        shown = page.evaluate("document.body.innerText.replaceAll('\\n', ' ').slice(0, 200)")
        where = f"{expression.split('(')[0]} on {page.url}"
        raise InputError(
            f"{where}: no answer within {seconds:g} s ({shown}); is the machine very busy?"
        ) from None


@contextlib.contextmanager
def _on_one_core() -> Iterator[None]:
    """Keeps what this thread starts on the last of its cores."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
