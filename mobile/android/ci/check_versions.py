"""Fails where the Gradle project and the Maven reactor, which build the same sources, disagree.

    python -m mobile.android.ci.check_versions

Compares the versions that both name, the Android levels, the modules, which of them are compiled in explicit API
mode, and the model files that become assets.
"""

from __future__ import annotations

import re
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import require_file
from mobile.android.ci import versions
from mobile.android.ci.assets import ROOT as ASSETS
from mobile.android.ci.assets import asset_files

ANDROID = Path(__file__).resolve().parent.parent
MODELS = ANDROID.parent.parent / "models"
SHARED = {
    "kotlin": "kotlin.version",
    "json": "json.version",
    "junit": "junit.version",
    "coroutines": "coroutines.version",
}
POM = {"pom": "http://maven.apache.org/POM/4.0.0"}


def disagreements(android: Path, models: Path) -> list[str]:
    """Returns one line for each thing that the two builds state differently.

    android: the folder of settings.gradle.kts; models: the folder of released models. Raises InputError if a file is
    missing or unreadable.
    """
    catalogue = read_catalogue(android / "gradle" / "libs.versions.toml")
    reactor = read_pom(android / "ci" / "pom.xml")
    pairs: list[tuple[str, object, object]] = [("kit", catalogue.get("kit"), reactor["version"])]
    pairs += [(name, catalogue.get(name), reactor.get(entry)) for name, entry in SHARED.items()]
    app = android / "ci" / "app" / "pom.xml"
    pairs.append(("robolectric", catalogue.get("robolectric"), read_pom(app).get("robolectric.version")))
    pairs.append(("minSdk", catalogue.get("minSdk"), str(versions.MIN_SDK)))
    pairs.append(("targetSdk", catalogue.get("targetSdk"), str(versions.TARGET_SDK)))
    pairs.append(("minSdk's API gate", catalogue.get("minSdk"), _gate(android / "ci" / "pom.xml")))
    pairs.append(("modules", gradle_modules(android), maven_modules(android / "ci" / "pom.xml")))
    pairs.append(("explicit API", gradle_explicit(android), maven_explicit(android / "ci" / "pom.xml")))
    pairs.append(("assets", gradle_assets(android), sorted(asset_files(models))))
    lines = [f"{name}: Gradle says {one}, Maven {other}" for name, one, other in pairs if one != other]
    if not str(catalogue.get("litert")).startswith("1."):
        lines.append(
            f"litert: {catalogue.get('litert')} where 1.x is needed: 2.x has no org.tensorflow.lite.Interpreter"
        )
    return lines


def read_catalogue(path: Path) -> dict[str, str]:
    """Returns the versions of a Gradle catalogue; raises InputError if it is missing or no TOML."""
    try:
        versions: dict[str, str] = tomllib.loads(require_file(path).read_text(encoding="utf-8"))["versions"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(f"{path}: no version catalogue ({error})") from None
    return versions


def read_pom(path: Path) -> dict[str, str]:
    """Returns a pom's properties, and its own version as "version"; raises InputError if it is missing or no XML."""
    root = _xml(path)
    values = {entry.tag.split("}")[1]: entry.text or "" for entry in root.iterfind("pom:properties/*", POM)}
    return values | {"version": root.findtext("pom:version", "", POM)}


def maven_modules(pom: Path) -> list[str]:
    """Returns the reactor's modules that Gradle has too: those whose sources stand beside ci/."""
    names = [entry.text or "" for entry in _xml(pom).iterfind(".//pom:module", POM)]
    return sorted(name for name in names if (pom.parent.parent / name / "src").is_dir())


def gradle_modules(android: Path) -> list[str]:
    """Returns the modules that settings.gradle.kts includes."""
    included = re.findall(
        r"include\(([^)]*)\)", require_file(android / "settings.gradle.kts").read_text("utf-8")
    )
    return sorted(name for line in included for name in re.findall(r'":([a-z-]+)"', line))


def maven_explicit(pom: Path) -> list[str]:
    """Returns those of `maven_modules` whose public declarations have to state visibility and type."""
    folders = {name: pom.parent / name / "pom.xml" for name in maven_modules(pom)}
    return [name for name, path in folders.items() if read_pom(path).get("explicit.api") == "strict"]


def gradle_explicit(android: Path) -> list[str]:
    """Returns those of `gradle_modules` whose public declarations have to state visibility and type."""
    scripts = {name: android / name / "build.gradle.kts" for name in gradle_modules(android)}
    return [
        name
        for name, path in scripts.items()
        if re.search(r"^    explicitApi\(\)$", require_file(path).read_text("utf-8"), re.M)
    ]


def gradle_assets(android: Path) -> list[str]:
    """Returns the paths among the assets that the library's build.gradle.kts copies from models/."""
    text = require_file(android / "emotion" / "build.gradle.kts").read_text("utf-8")
    included = re.search(r"include\(([^)]*)\)", text)
    usual = re.search(r'gradleProperty\("variant"\)\.getOrElse\("([^"]+)"\)', text)
    names = re.findall(r'"([^"]+)"', included[1] if included else "")
    return sorted(f"{ASSETS}/{name.replace('$variant', usual[1] if usual else '')}" for name in names)


def _gate(pom: Path) -> str:
    """The lowest Android level whose API the gate checks."""
    names = [entry.text or "" for entry in _xml(pom).iterfind(".//pom:signature/pom:artifactId", POM)]
    return min((name.removeprefix("gummy-bears-api-") for name in names), default="none")


def _xml(path: Path) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(require_file(path).read_text(encoding="utf-8"))
    except ElementTree.ParseError as error:
        raise InputError(f"{path}: no XML ({error})") from None


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.check_versions", description=__doc__)
    parser.parse_args(arguments)

    def command() -> int:
        found = disagreements(ANDROID, MODELS)
        for line in found:
            print(f"error: {line}", file=sys.stderr)
        print(f"{len(found)} disagreements")
        return 2 if found else 0

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
