"""The library's archive from the reactor's classes, without the Android SDK; package_maven.py publishes it.

One archive for core and emotion: an app that takes it as a file then needs no second one.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import require_file
from mobile.android.ci.align import EPOCH
from mobile.android.ci.assets import VARIANT, asset_files
from mobile.android.ci.versions import MIN_SDK

ROOT = Path(__file__).resolve().parent.parent.parent.parent
EMOTION = ROOT / "mobile" / "android" / "emotion"
MODULES = ("core", "emotion")

MANIFEST = f"""<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="org.faceemotionkit">
    <uses-sdk android:minSdkVersion="{MIN_SDK}" />
</manifest>
"""

# What AGP reads to tell which compileSdk an app needs at least.
METADATA = f"""aarFormatVersion=1.0
aarMetadataVersion=1.0
minCompileSdk={MIN_SDK}
minAndroidGradlePluginVersion=1.0.0
"""


def classes_of(folders: list[Path]) -> dict[str, bytes]:
    """Returns the files of classes folders as {path: content}; raises InputError if a folder holds no class."""
    files: dict[str, bytes] = {}
    for folder in folders:
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        if not any(path.suffix == ".class" for path in found):
            raise InputError(
                f"{folder}: no classes: run mvn -f mobile/android/ci/pom.xml -P app process-classes"
            )
        files |= {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    return files


def archive_of(files: dict[str, bytes]) -> bytes:
    """Returns a zip of {path: content}: the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def aar(maven: Path, variant: str = VARIANT) -> bytes:
    """Returns the archive: the same bytes for the same classes.

    maven: the reactor's output folder; variant: the released model that goes in. Raises InputError if classes,
    rules, a licence or a model file are missing.
    """
    files = {
        "AndroidManifest.xml": MANIFEST.encode(),
        "classes.jar": archive_of(classes_of([maven / module / "classes" for module in MODULES])),
        "R.txt": b"",
        "proguard.txt": require_file(EMOTION / "consumer-rules.pro").read_bytes(),
        "META-INF/com/android/build/gradle/aar-metadata.properties": METADATA.encode(),
        "META-INF/LICENSE": require_file(ROOT / "LICENSE").read_bytes(),
    }
    assets = asset_files(ROOT / "models", variant)
    return archive_of(files | {f"assets/{name}": path.read_bytes() for name, path in assets.items()})
