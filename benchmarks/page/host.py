"""The page's own server in this process, with the benchmark's pages and the peers' files beside it.

Every answer is counted. Nothing of it belongs to `python -m web` or to the export.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from web.headers import MEDIA_TYPES
from web.site import Entry

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from _typeshed import OptExcInfo
    from flask import Response

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Answer:
    """An answer that was sent: path, status and bytes of the body as they went over the wire."""

    path: str
    status: int
    size: int


@dataclass
class Host:
    """A running server: its address, and what it has sent."""

    url: str
    sent: list[Answer] = field(default_factory=list)

    def bytes_sent(self) -> int:
        """Returns the bytes of all whole answers since `sent` was last cleared."""
        return sum(answer.size for answer in self.sent if answer.status == 200)


@contextlib.contextmanager
def hosting(models: Path, peers: dict[str, Path] | None = None) -> Iterator[Host]:
    """Serves the page with a models folder, benchmark/ and peers/NAME/ on a free port until the block ends.

    Raises InputError for the models as `create_app` does.
    """
    import waitress
    from flask import abort, request

    from web.app import create_app, send_entry

    app = create_app(models)
    folders = {"benchmark": PAGES} | {f"peers/{name}": folder for name, folder in (peers or {}).items()}
    extra = {entry.url: entry for prefix, folder in folders.items() for entry in _entries(prefix, folder)}

    @app.get("/benchmark/<path:rest>", endpoint="benchmark")
    @app.get("/peers/<path:rest>", endpoint="peers")
    def extra_file(rest: str) -> Response:
        """Sends a file of the benchmark."""
        url = f"{request.endpoint}/{rest}"
        return send_entry(extra[url]) if url in extra else abort(404)

    host = Host("")
    server = waitress.create_server(_counted(app, host.sent), host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    host.url = f"http://127.0.0.1:{server.effective_port}/"
    try:
        yield host
    finally:
        server.close()
        thread.join(5)


def _entries(prefix: str, folder: Path) -> list[Entry]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in MEDIA_TYPES)
    return [Entry(f"{prefix}/{path.relative_to(folder).as_posix()}", path) for path in paths]


def _counted(app: WSGIApplication, sent: list[Answer]) -> WSGIApplication:
    """Returns the WSGI application with every answer noted in `sent`."""

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            size = int(dict(headers).get("Content-Length", 0))
            sent.append(Answer(environ["PATH_INFO"], int(status[:3]), size))
            return start_response(status, headers, error)

        return app(environ, start)

    return counted
