"""A static host that obeys a `_headers` file, as Netlify and Cloudflare Pages do: in this process, on a free port."""

from __future__ import annotations

import functools
import http.server
import threading
from fnmatch import fnmatchcase
from pathlib import Path


class Host:
    """Sends a folder, every file with the headers of `rules`: by default those of the folder's own `_headers`."""

    def __init__(self, folder: Path, rules: str | None = None) -> None:
        rules = (folder / "_headers").read_text(encoding="utf-8") if rules is None else rules
        handler = functools.partial(_Handler, headers_of=parse(rules), directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Host:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def parse(rules: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Returns the patterns of a `_headers` file, each with its headers."""
    parsed: list[tuple[str, list[tuple[str, str]]]] = []
    for line in rules.splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            parsed[-1][1].append((name, value))
        elif line and not line.startswith("#"):
            parsed.append((line, []))
    return parsed


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments, headers_of: list[tuple[str, list[tuple[str, str]]]], **options) -> None:
        self._rules = headers_of
        super().__init__(*arguments, **options)

    def end_headers(self) -> None:
        path = self.path.partition("?")[0]
        for pattern, headers in self._rules:
            for name, value in headers if fnmatchcase(path, pattern) else ():
                if name != "Content-Type":
                    self.send_header(name, value)
        super().end_headers()

    def guess_type(self, path) -> str:
        for pattern, headers in self._rules:
            if "Content-Type" in dict(headers) and fnmatchcase(str(path), pattern):
                return dict(headers)["Content-Type"]
        return super().guess_type(path)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
