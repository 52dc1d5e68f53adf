"""The programs that packaging calls: asked for by the name of their Debian package, run with one-line errors."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from face_emotion.errors import InputError

FRAMEWORK_RESOURCES = Path("/usr/share/android-framework-res/framework-res.apk")

APT_PACKAGES = {
    "java": "openjdk-17-jdk-headless",
    "git": "git",
    "keytool": "openjdk-17-jdk-headless",
    "mvn": "maven",
    "aapt2": "aapt",
    "apksigner": "apksigner",
    "dexdump": "dexdump",
    "enjarify": "enjarify",
    str(FRAMEWORK_RESOURCES): "android-framework-res",
    "readelf": "binutils",
    "gcc": "gcc libc6-dev",
    "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
    "/usr/aarch64-linux-gnu/lib/libc.so.6": "libc6-arm64-cross",
    "qemu-aarch64-static": "qemu-user-static",
}


def require_tools(*names: str) -> None:
    """Raises InputError, naming every missing program or file of APT_PACKAGES and the command that installs them."""
    missing = [name for name in names if not (Path(name).is_file() or shutil.which(name))]
    if missing:
        packages = sorted({APT_PACKAGES[name] for name in missing})
        raise InputError(
            f"{', '.join(missing)} not found: "
            f"run apt-get install -y --no-install-recommends {' '.join(packages)}"
        )


def run_tool(command: Sequence[str | Path], folder: Path | None = None) -> str:
    """Runs a program (in `folder`) and returns its standard output.

    Raises InputError if its program is missing, or with the first line of its complaint if it fails; all of the
    complaint goes to stderr before.
    """
    require_tools(str(command[0]))
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd=folder, check=False
    )
    if done.returncode:
        complaint = (
            done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}"
        ).splitlines()
        raise InputError(f"{Path(command[0]).name} failed: {'; '.join(complaint[:5])}")
    return done.stdout
