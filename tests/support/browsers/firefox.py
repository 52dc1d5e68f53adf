"""Firefox without a window, with its fake camera, driven through Marionette."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.browsers.browser import Browser
from tests.support.browsers.wire import Marionette

FIREFOX = os.environ.get("FIREFOX", "firefox-esr")
MISSING = "firefox-esr is not installed: apt-get install firefox-esr"
SETTINGS = {
    "marionette.port": 0,  # a free one, which it writes into its profile
    "media.navigator.permission.disabled": True,
    # Only this machine is reached: all else goes to a proxy that is not there.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


def is_here() -> bool:
    """Whether Firefox is installed."""
    return shutil.which(FIREFOX) is not None


@contextlib.contextmanager
def firefox(folder: Path, camera: bool = True) -> Iterator[Browser]:
    """Runs Firefox, with a fake camera or none, on a new profile in `folder`, where it also writes its log."""
    profile, log = folder / "profile", folder / "firefox.log"
    profile.mkdir()
    settings = SETTINGS | {"media.navigator.streams.fake": camera}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
    (profile / "user.js").write_text("\n".join(lines))
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
    try:
        wire = Marionette(_port(profile / "MarionetteActivePort", process, log))
        wire.send("WebDriver:NewSession", {"strictFileInteractability": False})
        yield Browser("firefox", wire)
        wire.close()
    finally:
        process.terminate()
        process.wait(30)


def _port(path: Path, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> int:
    """Waits for the file that Firefox writes its port into."""
    end = time.monotonic() + seconds
    while not (path.is_file() and path.read_text()):
        assert process.poll() is None and time.monotonic() < end, f"Firefox does not start: {log.read_text()}"
        time.sleep(0.05)
    return int(path.read_text())
