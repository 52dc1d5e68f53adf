"""The app's resources without the Android SDK: R.java, a resource APK and the manifest that goes into it.

    python -m mobile.android.ci.package_resources build/android/resources

Writes java/ (R.java), keep.pro (R8's rules for what Android finds by name), base.apk (manifest, resources, assets)
and, for Robolectric, AndroidManifest.xml and assets/ as they went into it.
Debian's aapt2 knows the attributes of API 29, which is all that the app's resources use, and wants a package in the
manifest, which Gradle's plugin rejects there.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, require_file, require_replaceable
from mobile.android.ci.assets import VARIANT, copy_assets
from mobile.android.ci.tools import FRAMEWORK_RESOURCES, require_tools, run_tool
from mobile.android.ci.versions import APPLICATION_ID, MIN_SDK, TARGET_SDK, VERSION, VERSION_CODE

ANDROID = Path(__file__).resolve().parent.parent
SOURCES = ANDROID / "app" / "src" / "main"
LIBRARIES_IN_APK = (
    'android:extractNativeLibs="false"'  # mapped from the APK, where they are stored and aligned
)


def merged_manifest(manifest: str, package: str) -> str:
    """Returns an AndroidManifest.xml with what Gradle's plugin adds: its package, and libraries used from the APK.

    Raises InputError if it has no <manifest> or no <application> element.
    """
    for element, attribute in (("manifest", f'package="{package}"'), ("application", LIBRARIES_IN_APK)):
        manifest, count = re.subn(rf"<{element}\b", f"<{element} {attribute}", manifest, count=1)
        if not count:
            raise InputError(f"AndroidManifest.xml: no <{element}> element")
    return manifest


def package_resources(sources: Path, target: Path, models: Path, variant: str = VARIANT) -> None:
    """Compiles and links `sources`/{AndroidManifest.xml,res,assets} into the folder `target`.

    models: the released models; variant: the one whose files become assets. Raises InputError if aapt2 or the
    framework's resources are missing, or aapt2 refuses a resource.
    """
    require_replaceable(target, replace=True, mark="AndroidManifest.xml")
    require_tools("aapt2", str(FRAMEWORK_RESOURCES))
    manifest = require_file(sources / "AndroidManifest.xml").read_text(encoding="utf-8")
    with atomic_path(target) as made, tempfile.TemporaryDirectory() as scratch:
        compiled = Path(scratch) / "resources.zip"
        shutil.copytree(sources / "assets", made / "assets")  # the licences
        copy_assets(models, made / "assets", variant)
        (made / "AndroidManifest.xml").write_text(merged_manifest(manifest, APPLICATION_ID), encoding="utf-8")
        run_tool(["aapt2", "compile", "--dir", sources / "res", "-o", compiled])
        run_tool(link_command(compiled, made))


def link_command(compiled: Path, made: Path) -> list[str | Path]:
    """Returns the call of aapt2 that links compiled resources with the manifest and assets in `made`."""
    return [
        *("aapt2", "link", compiled),
        *("-I", FRAMEWORK_RESOURCES),
        *("--manifest", made / "AndroidManifest.xml"),
        *("-A", made / "assets"),
        *("-0", ".tflite"),  # stored, so that an app may map the file into memory
        *("--min-sdk-version", str(MIN_SDK)),
        *("--target-sdk-version", str(TARGET_SDK)),
        *("--version-code", str(VERSION_CODE)),
        *("--version-name", VERSION),
        *("--java", made / "java"),
        *("--proguard", made / "keep.pro"),
        *("-o", made / "base.apk"),
    ]


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.package_resources", description=__doc__)
    parser.add_argument("target", type=file_path, help="folder to write")
    parser.add_argument("--variant", default=VARIANT, help="the released model to package (default: small)")
    options = parser.parse_args(arguments)
    models = ANDROID.parent.parent / "models"
    return run_command(lambda: package_resources(SOURCES, options.target, models, options.variant))


if __name__ == "__main__":
    sys.exit(main())
