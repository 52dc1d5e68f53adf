"""The sample app's APK from the reactor's classes: R8, aligned, signed with a debug key. No Android SDK.

    mvn -f mobile/android/ci/pom.xml -P app process-classes
    python -m mobile.android.ci.package_apk

Reads build/android/maven/, writes build/android/face-emotion-sample.apk and, once, build/android/debug.keystore.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, require_file
from mobile.android.ci.align import entries_of, write_aligned
from mobile.android.ci.components import check_archives
from mobile.android.ci.package_aar import archive_of, classes_of
from mobile.android.ci.tools import require_tools, run_tool
from mobile.android.ci.versions import MIN_SDK

ROOT = Path(__file__).resolve().parent.parent.parent.parent
ANDROID = ROOT / "mobile" / "android"
MODULES = ("core", "emotion", "app", "tflite-api")
RULES = (ANDROID / "app" / "proguard-rules.pro", ANDROID / "emotion" / "consumer-rules.pro")
KEY = ("android", "androiddebugkey")  # password and alias of every debug key: it protects nothing


def r8_command(maven: Path, program: list[Path], target: Path) -> list[str | Path]:
    """Returns the call of R8 that turns `program` into a dex archive.

    maven: the reactor's output folder, in which app/packaging/ holds R8 and the framework's classes. The JDK's classes
    count as library too: the framework's jar does not hold java.lang.invoke.
    """
    packaging = maven / "app" / "packaging"
    rules = [*RULES, maven / "app" / "resources" / "keep.pro"]
    return [
        *("java", "-XX:+UseSerialGC", "-cp", packaging / "r8.jar", "com.android.tools.r8.R8", "--release"),
        *("--min-api", str(MIN_SDK)),
        *("--lib", java_home(), "--lib", packaging / "android-all.jar"),
        *(part for rule in rules for part in ("--pg-conf", require_file(rule))),
        *("--output", target),
        *program,
    ]


def java_home() -> Path:
    """Returns the folder of the JDK whose `java` is on the path; raises InputError if there is no `java`."""
    require_tools("java")
    return Path(shutil.which("java") or "java").resolve().parent.parent


def libraries_of(aar: Path) -> list[tuple[str, bytes]]:
    """Returns the native libraries of an aar as (path in an APK, content); raises InputError if there is none."""
    found = [
        (f"lib/{name.removeprefix('jni/')}", content)
        for name, content, _ in entries_of(aar)
        if name.startswith("jni/") and name.endswith(".so")
    ]
    if not found:
        raise InputError(f"{aar}: no native library in it")
    return found


def apk_files(base: Path, dex: Path, aar: Path) -> Iterable[tuple[str, bytes, bool]]:
    """Yields the files of the APK as (path, content, whether to store it): resources, code, native libraries.

    base: the resource APK, whose own choice of what is stored counts; dex: R8's archive, of which resources that only
    a compiler reads are left out; aar: TensorFlow Lite's.
    """
    yield from entries_of(base)
    yield from (entry for entry in entries_of(dex) if entry[0].endswith(".dex"))
    yield from ((name, content, True) for name, content in libraries_of(aar))


def make_key(keystore: Path) -> None:
    """Makes a debug key, unless `keystore` stands already: an app updates only under the key that it came with."""
    if keystore.exists():
        return
    password, alias = KEY
    with atomic_path(keystore) as partial:
        run_tool(
            [
                *(
                    "keytool",
                    "-genkeypair",
                    "-keystore",
                    partial,
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    password,
                ),
                *("-alias", alias, "-keyalg", "RSA", "-keysize", "2048", "-validity", "10000"),
                *("-dname", "CN=Android Debug, O=Android, C=US"),
            ]
        )


def package_apk(maven: Path, target: Path) -> None:
    """Writes face-emotion-sample.apk into `target`.

    maven: the reactor's output folder. Raises InputError if a tool, classes or rules are missing, an archive is not the
    one of components.json, or a tool fails.
    """
    require_tools("java", "keytool", "apksigner")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        program = work / "program.jar"
        program.write_bytes(archive_of(classes_of([maven / module / "classes" for module in MODULES])))
        packaging = maven / "app" / "packaging"
        check_archives(packaging)
        run_tool(
            r8_command(maven, [program, require_file(packaging / "kotlin-stdlib.jar")], work / "dex.zip")
        )
        base = require_file(maven / "app" / "resources" / "base.apk")
        aar = require_file(packaging / "tensorflow-lite.aar")
        write_aligned(work / "unsigned.apk", apk_files(base, work / "dex.zip", aar))
        make_key(target / "debug.keystore")
        with atomic_path(target / "face-emotion-sample.apk") as partial:
            run_tool(sign_command(work / "unsigned.apk", partial, target / "debug.keystore"))


def sign_command(source: Path, target: Path, keystore: Path) -> list[str | Path]:
    """Returns the call of apksigner that signs an APK with the debug key."""
    password, alias = KEY
    return [
        *("apksigner", "sign", "--ks", keystore, "--ks-pass", f"pass:{password}", "--ks-key-alias", alias),
        *(
            "--min-sdk-version",
            str(MIN_SDK),
            "--v1-signing-enabled",
            "false",
            "--v4-signing-enabled",
            "false",
        ),
        *("--in", source, "--out", target),
    ]


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.package_apk", description=__doc__)
    parser.add_argument(
        "--maven", type=file_path, default=ROOT / "build/android/maven", help="the reactor's output"
    )
    parser.add_argument(
        "--target", type=file_path, default=ROOT / "build/android", help="folder to write into"
    )
    options = parser.parse_args(arguments)
    return run_command(lambda: package_apk(options.maven, options.target))


if __name__ == "__main__":
    sys.exit(main())
