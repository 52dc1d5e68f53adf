"""The classes of an APK, turned back from its dex, for the JVM: what R8 left of them can then be run.

    apt-get install -y --no-install-recommends enjarify
    python -m mobile.android.ci.undex build/android/face-emotion-sample.apk classes/

The Maven module ci/shrunk runs the app over them. TensorFlow Lite's classes, whose names R8 keeps, are left out: theirs
call Android's native library, and the test has a stand-in.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, require_file
from mobile.android.ci.tools import require_tools, run_tool

# Debian's module belongs to Debian's Python; its script would take the first python3 of the path.
ENJARIFY = ("/usr/bin/python3", "-m", "enjarify.main")
LEFT_OUT = "org/tensorflow/lite/"


def undex(apk: Path, target: Path) -> int:
    """Writes the classes of an APK's dex into the folder `target`, in place of such a one; returns their number.

    Raises InputError if enjarify or the APK is missing, it is none, or a class cannot be translated.
    """
    if target.exists() and any(path.suffix != ".class" for path in target.rglob("*") if path.is_file()):
        raise InputError(f"{target}: holds other files than classes; name another folder")
    require_tools("enjarify")
    if not zipfile.is_zipfile(require_file(apk)):
        raise InputError(f"{apk}: not an APK")
    with tempfile.TemporaryDirectory() as scratch:
        jar = Path(scratch) / "classes.jar"
        said = run_tool([*ENJARIFY, apk, "-o", jar])
        if ", 0 classes had errors" not in said:
            raise InputError(f"{apk}: enjarify says: {' '.join(said.split())}")
        with zipfile.ZipFile(jar) as archive, atomic_path(target) as partial:
            partial.mkdir()
            names = [name for name in archive.namelist() if not name.startswith(LEFT_OUT)]
            archive.extractall(partial, names)
    return len(names)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.undex", description=__doc__)
    parser.add_argument("apk", type=file_path, help="the APK, whose dex is read")
    parser.add_argument("target", type=file_path, help="folder of classes that is replaced")
    options = parser.parse_args(arguments)
    return run_command(lambda: print(f"{undex(options.apk, options.target)} classes in {options.target}"))


if __name__ == "__main__":
    sys.exit(main())
