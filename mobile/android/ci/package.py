"""The Android library and the sample app, from sources to build/android/, without the Android SDK and Gradle.

    python -m mobile.android.ci.package                         or: make android
    python -m mobile.android.ci.package --variant small-mine    with another model of models/

Compiles with Maven, writes the library into the folder maven-repository, runs the consumer's lines against what Maven
resolves from there, and makes the signed face-emotion-sample.apk and classes of its dex. The first run fetches about
0.75 GB.
"""

from __future__ import annotations

import sys
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, run_command
from mobile.android.ci.assets import VARIANT, asset_files
from mobile.android.ci.maven import run_maven
from mobile.android.ci.tools import FRAMEWORK_RESOURCES, require_tools
from mobile.android.ci.versions import VERSION

ROOT = Path(__file__).resolve().parent.parent.parent.parent
LIBRARY = f"maven-repository/org/faceemotionkit/emotion/{VERSION}/emotion-{VERSION}.aar"
PRODUCTS = (LIBRARY, "face-emotion-sample.apk")
TOOLS = ("java", "keytool", "mvn", "aapt2", "apksigner", "enjarify", str(FRAMEWORK_RESOURCES))


def maven_command(maven: Path, tests: str, variant: str = VARIANT, documented: bool = False) -> list[str]:
    """Returns the call of Maven that compiles everything into the folder `maven` and runs the tests of a pattern.

    variant: the released model that aar and app carry; documented: whether the KDoc is turned into a site.
    """
    return [
        *("mvn", "-f", str(ROOT / "mobile" / "android" / "ci" / "pom.xml"), "-P", "app", "test"),
        *(f"-Dbuild.folder={maven}", f"-Dpython={sys.executable}", f"-Dvariant={variant}"),
        *(f"-Dtest={tests}", "-Dsurefire.failIfNoSpecifiedTests=false"),
        *([f"-Ddocuments={maven / 'documents'}"] if documented else []),
    ]


def package(target: Path, tests: str, variant: str = VARIANT, documented: bool = False) -> None:
    """Writes PRODUCTS into `target`, and Maven's output below it.

    tests: which tests Maven runs; variant: the released model to package; documented: with the KDoc as a site in
    the documentation jars. Raises InputError if a tool or a model's file is missing or a step fails.
    """
    asset_files(ROOT / "models", variant)  # a name that is none is said before Maven has run for minutes
    require_tools(*TOOLS)
    target = target.resolve()
    print("compiling, packaging and running the consumer (mvn, R8, apksigner) …", file=sys.stderr)
    run_maven(maven_command(target / "maven", tests, variant, documented), target / "maven.log")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.package", description=__doc__)
    parser.add_argument(
        "--target", type=file_path, default=ROOT / "build/android", help="folder to write into"
    )
    parser.add_argument(
        "--tests", default="ConsumerTest", help="the tests to run, as Maven's -Dtest takes them"
    )
    parser.add_argument(
        "--variant",
        default=VARIANT,
        help="the model in models/ whose expressions the app names (default: small)",
    )
    options = parser.parse_args(arguments)

    def command() -> None:
        package(options.target, options.tests, options.variant, documented=True)
        for name in PRODUCTS:
            path = options.target / name
            print(f"{path.stat().st_size:>12,} bytes  {path}")

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
