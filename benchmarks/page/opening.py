"""How long after opening there is a first result, and what is sent for it: this kit's page, and the smallest pages.

Each opening happens in a browser context of its own, which has nothing kept; from the service worker, the page is
opened once before. The address is entered once the browser's window is there: a new window of Chromium starts
pages of the browser's own interface, which keep a core busy for about a second whatever is opened.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.page.chrome import ask
from benchmarks.page.host import Host

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SUBJECTS = ("kit-tfjs", "kit-litert", "human", "face-api")
PATIENCE = 60_000  # milliseconds
SETTLING = 1_500  # milliseconds that a new window needs for itself
# In the page itself: notes when the network is ready, starts the camera, notes when the first face is shown.
WATCHER = """
globalThis.opening = new Promise((resolve) => {
  let ready = null;
  const look = () => {
    const stage = document.getElementById('stage');
    if (ready === null && stage?.dataset.state === 'ready') {
      ready = performance.now();
      document.getElementById('card-action').click();
    }
    if (ready !== null && document.querySelector('.face')) {
      observer.disconnect();
      resolve({ready, face: performance.now()});
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, {subtree: true, childList: true, attributes: true});
});
"""


@dataclass(frozen=True)
class Opening:
    """An opening of the page: milliseconds until it is ready, until a face is shown, and bytes sent till then."""

    ready: float
    face: float
    sent: int


def open_page(
    browser: Browser, host: Host, count: int, advance: Callable[[int], None]
) -> dict[str, list[Opening]]:
    """Returns `count` openings of the page with nothing kept ("cold"), and as many from the service worker.

    `advance` is told how many are done.
    """
    openings: dict[str, list[Opening]] = {"cold": [], "service worker": []}
    for turn in range(count):
        with _context(browser, permissions=["camera"]) as context:
            context.add_init_script(WATCHER)
            openings["cold"].append(_open(context, host, keep=True))
            openings["service worker"].append(_open(context, host))
        advance(turn + 1)
    return openings


def bytes_of_first_visit(browser: Browser, host: Host) -> int:
    """Returns all bytes, compressed, that a first visit has sent once the service worker is ready."""
    with _context(browser) as context:
        host.sent.clear()
        page = context.new_page()
        page.goto(host.url)
        _until_kept(page)
        return host.bytes_sent()


def open_smallest(browser: Browser, host: Host, name: str) -> tuple[float, int]:
    """Returns milliseconds until a subject's smallest page has read a picture, and the bytes of library and models."""
    with _context(browser) as context:
        host.sent.clear()
        page = _settled_page(context)
        page.goto(f"{host.url}benchmark/opening.html?name={name}")
        first = ask(page, "first")
        ours = ("/benchmark/", "/samples/", "/icons/")
        return first["milliseconds"], sum(
            answer.size for answer in host.sent if answer.status == 200 and not answer.path.startswith(ours)
        )


def _open(context: BrowserContext, host: Host, keep: bool = False) -> Opening:
    host.sent.clear()
    with contextlib.closing(_settled_page(context)) as page:
        page.goto(host.url)
        result = ask(page, "opening")
        sent = host.bytes_sent()
        if keep:
            _until_kept(page)
    return Opening(result["ready"], result["face"], sent)


def _settled_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.wait_for_timeout(SETTLING)
    return page


def _until_kept(page: Page) -> None:
    """Waits until the service worker has what the page needs and is in charge."""
    ask(
        page,
        "navigator.serviceWorker.ready.then(({active}) => active.state === 'activated' ||"
        " new Promise((resolve) => active.addEventListener('statechange', resolve)))",
    )


@contextlib.contextmanager
def _context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()
