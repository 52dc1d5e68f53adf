"""WebKitGTK's MiniBrowser on a virtual screen, with its mock camera, driven through WebKitWebDriver."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.browsers.browser import Browser
from tests.support.browsers.wire import Http

MISSING = "WebKit is not installed: apt-get install webkit2gtk-driver xvfb"
CAMERA = "--features=+MockCaptureDevices,-MockCaptureDevicesPrompt"


def mini_browser() -> Path | None:
    """WebKitGTK's small browser, which comes with its library, or None."""
    return next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))), None)


def is_here() -> bool:
    """Whether driver, browser and screen are installed."""
    return all(shutil.which(name) for name in ("WebKitWebDriver", "Xvfb")) and mini_browser() is not None


@contextlib.contextmanager
def webkit(folder: Path, camera: bool = True) -> Iterator[Browser]:
    """Runs MiniBrowser, with a mock camera or none, and keeps what it writes in `folder`."""
    log = folder / "webkit.log"
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    arguments = ["--automation", *([CAMERA] if camera else [])]
    capabilities = {"webkitgtk:browserOptions": {"binary": str(mini_browser()), "args": arguments}}
    with contextlib.ExitStack() as stack:
        environment = os.environ | {
            "DISPLAY": stack.enter_context(_screen()),
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
        }
        output = stack.enter_context(open(log, "wb"))
        port = _free_port()
        stack.enter_context(
            _running(["WebKitWebDriver", f"--port={port}"], stdout=output, stderr=output, env=environment)
        )
        wire = Http(port, capabilities) if _answers(port) else None
        assert wire, f"WebKitWebDriver does not start: {log.read_text()}"
        stack.callback(wire.close)
        yield Browser("webkit", wire)


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """Runs an X server without a screen, on a number of its own choice; returns its name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with _running(command, pass_fds=(writing,), stderr=subprocess.DEVNULL):
        os.close(writing)
        with open(reading) as stream:
            number = stream.readline().strip()
        assert number, "Xvfb does not start"
        yield f":{number}"


@contextlib.contextmanager
def _running(command: list[str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _answers(port: int, seconds: float = 20) -> bool:
    """Waits until somebody listens on a port."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return True
        time.sleep(0.05)
    return False
