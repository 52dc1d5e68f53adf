"""emotion.aar and emotion.pom from the reactor's classes: what an app depends on, without the Android SDK.

    mvn -f mobile/android/ci/pom.xml process-classes
    python -m mobile.android.ci.package_aar

One archive for both modules: an app that takes it as a file then needs no second one. Reads build/android/maven/,
writes into build/android/.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, require_file, write_text
from mobile.android.ci.align import EPOCH
from mobile.android.ci.assets import VARIANT, asset_files
from mobile.android.ci.versions import MIN_SDK, VERSION, reactor_entry

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

POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.faceemotionkit</groupId>
  <artifactId>emotion</artifactId>
  <version>{version}</version>
  <packaging>aar</packaging>
  <name>Face Emotion Kit</name>
  <description>Facial expressions, read on the device.</description>
  <licenses>
    <license>
      <name>Apache-2.0</name>
    </license>
  </licenses>
  <dependencies>
    <dependency>
      <groupId>org.jetbrains.kotlin</groupId>
      <artifactId>kotlin-stdlib</artifactId>
      <version>{kotlin}</version>
      <scope>compile</scope>
    </dependency>
    <dependency>
      <groupId>org.tensorflow</groupId>
      <artifactId>tensorflow-lite</artifactId>
      <version>{tflite}</version>
      <type>aar</type>
      <scope>runtime</scope>
    </dependency>
  </dependencies>
</project>
"""


def pom() -> str:
    """Returns the library's POM, with the versions that the reactor compiled and tested against."""
    return POM.format(
        version=VERSION, kotlin=reactor_entry("kotlin.version"), tflite=reactor_entry("tflite.version")
    )


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


def package_aar(maven: Path, target: Path, variant: str = VARIANT) -> None:
    """Writes emotion.aar and emotion.pom into `target`.

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
    files |= {f"assets/{name}": path.read_bytes() for name, path in assets.items()}
    with atomic_path(target / "emotion.aar") as partial:
        partial.write_bytes(archive_of(files))
    write_text(target / "emotion.pom", pom())


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.package_aar", description=__doc__)
    parser.add_argument(
        "--maven", type=Path, default=ROOT / "build/android/maven", help="the reactor's output"
    )
    parser.add_argument("--target", type=Path, default=ROOT / "build/android", help="folder to write into")
    parser.add_argument("--variant", default=VARIANT, help="the released model to package (default: small)")
    options = parser.parse_args(arguments)
    return run_command(lambda: package_aar(options.maven, options.target, options.variant))


if __name__ == "__main__":
    sys.exit(main())
