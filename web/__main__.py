"""Serves the page, or writes it as plain files.

    python -m web [serve] [--host 127.0.0.1] [--port 8000] [--models models] [--open]
    python -m web export DIR [--models models]
    python -m web compress

Needs requirements-web.txt (Flask and waitress); export and compress do not even need those.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import socket
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, refuse_moved, run_command
from web.compression import SMALLEST, compress
from web.export import export
from web.site import INDEX, MODELS, build_site, precached

MOVED = {"benchmark": "python -m benchmarks page"}
TEXT_OR_CODE = {".html", ".css", ".js", ".mjs", ".json", ".wasm", ".webmanifest", ".svg"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns its exit status (0, or 2 for what the user can mend)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments.insert(0, "serve")
    return run_command(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    refuse_moved(arguments, MOVED)
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def listen(host: str, port: int) -> socket.socket:
    """Returns a listening socket; raises InputError for an unknown host and a port that cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise InputError(f"--host {host}: no such address on this machine; try 127.0.0.1") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"--host {host} --port {port}: {reason}; try another, e.g. --port 8080") from None
    return listener


def _serve(options: argparse.Namespace) -> int:
    listener = listen(options.host, options.port)
    with listener:
        try:
            from web.app import create_app
            from web.server import run
        except ModuleNotFoundError as error:
            raise InputError(
                f"{sys.executable} lacks the package {error.name}; run `make serve`, "
                "or `pip install -r requirements-web.txt` in a virtual environment"
            ) from None

        app = create_app(options.models)
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"Face Emotion Kit: http://{shown}:{port}/  (Ctrl-C stops it)", flush=True)
        if not ipaddress.ip_address(host).is_loopback:
            print(
                "Browsers open a camera only over HTTPS or on this machine: other machines need an HTTPS proxy, "
                "or a phone on a cable: adb reverse tcp:8000 tcp:8000",
                flush=True,
            )
        if options.open:
            webbrowser.open(f"http://{shown}:{port}/")
        run(app, listener)
    return 0


def _export(options: argparse.Namespace) -> int:
    count = export(options.folder, options.models)
    print(f"{options.folder}: {count} files; the headers that the host should send stand in _headers")
    return 0


def _compress(options: argparse.Namespace) -> int:
    site = build_site(options.models)
    default = json.loads(site[INDEX].content())["default"]
    entries = [site[url] for url in precached(site, default) if site[url].suffix in TEXT_OR_CODE]
    count, size = compress(
        (entry.digest(), content) for entry in entries if len(content := entry.content()) >= SMALLEST
    )
    print(f"web/compressed: {count} brotli files, {size:,} bytes")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(prog="python -m web", description="The Face Emotion Kit page.")
    commands = parser.add_subparsers(title="commands", required=True)
    serve = commands.add_parser("serve", help="serve the page on this machine (what no command means)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="0 takes a free one (default: %(default)s)")
    serve.add_argument("--open", action="store_true", help="open the page in the default browser")
    serve.set_defaults(run=_serve)
    exporter = commands.add_parser("export", help="write the page as plain files for any static host")
    exporter.add_argument(
        "folder", type=file_path, metavar="DIR", help="a folder that is empty or not there yet"
    )
    exporter.set_defaults(run=_export)
    compressor = commands.add_parser("compress", help="make the brotli form of what the default page loads")
    compressor.set_defaults(run=_compress)
    for command in commands.choices.values():
        help_text = "folder of released models (default: %(default)s)"
        command.add_argument(
            "--models", type=file_path, default=_relative(MODELS), metavar="DIR", help=help_text
        )
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: a number from 0 to 65535 is expected")
    return port


def _relative(path: Path) -> Path:
    """The path as seen from the working folder, where that is shorter to read."""
    return Path(os.path.relpath(path)) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
