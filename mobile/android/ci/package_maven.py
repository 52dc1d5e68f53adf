"""The Maven repository folder that other builds depend on by coordinates, from the reactor's classes.

    mvn -f mobile/android/ci/pom.xml process-classes
    python -m mobile.android.ci.package_maven                 into build/android/maven-repository/

`org.faceemotionkit:emotion` asks for LiteRT, as Gradle does; `emotion-tflite` is the same archive and asks for
TensorFlow Lite, under its older name. Both have the Gradle capability `org.faceemotionkit:emotion`, so that no app
gets them both.
`flow` is emotion's Flow. Each has POM, Gradle module metadata, sources, a documentation jar and checksums.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, run_command
from face_emotion.files import atomic_path, require_file
from mobile.android.ci.assets import VARIANT
from mobile.android.ci.check_versions import read_catalogue
from mobile.android.ci.package_aar import aar, archive_of, classes_of
from mobile.android.ci.versions import VERSION, reactor_entry

ROOT = Path(__file__).resolve().parent.parent.parent.parent
ANDROID = ROOT / "mobile" / "android"
GROUP = "org.faceemotionkit"
# What dokka puts into each page, to run samples: we have none, and a page of ours asks nobody else.
REMOTE_SCRIPT = re.compile(rb'<script\b[^>]*\bsrc="https?://[^>]*></script>')
CHECKSUMS = ("md5", "sha1", "sha256", "sha512")
CAPABILITY = {"group": GROUP, "name": "emotion", "version": VERSION}


@dataclass(frozen=True)
class Dependency:
    """What an artifact asks for. scope: compile (an app's code sees it) or runtime. alone: without what it asks for."""

    group: str
    name: str
    version: str
    scope: str = "compile"
    packaging: str = "jar"
    alone: bool = False


@dataclass(frozen=True)
class Artifact:
    """One artifactId.

    packaging: aar or jar; modules: of mobile/android, whose sources it holds; documents: the KDoc's site.
    """

    name: str
    packaging: str
    content: bytes
    modules: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    capabilities: tuple[str, ...] = ()
    documents: Path | None = None


def artifacts(maven: Path, variant: str = VARIANT, documents: Path | None = None) -> list[Artifact]:
    """Returns what is published; maven: the reactor's output; documents: the site that dokka made of the KDoc.

    Raises InputError if classes, a model's file or the site's index are missing.
    """
    catalogue = read_catalogue(ANDROID / "gradle" / "libs.versions.toml")
    kotlin = Dependency("org.jetbrains.kotlin", "kotlin-stdlib", catalogue["kotlin"])
    litert = Dependency("com.google.ai.edge.litert", "litert", catalogue["litert"], "runtime", "aar")
    tflite = reactor_entry("tflite.version")
    # TensorFlow Lite's own POM asks for a jar that does not exist: both of its archives, each without what it asks for.
    older = [
        Dependency("org.tensorflow", name, tflite, "runtime", "aar", alone=True)
        for name in ("tensorflow-lite", "tensorflow-lite-api")
    ]
    archive = aar(maven, variant)
    modules, both = ("core", "emotion"), ("emotion",)
    licence = {"META-INF/LICENSE": require_file(ROOT / "LICENSE").read_bytes()}
    flow = archive_of(classes_of([maven / "flow" / "classes"]) | licence)
    coroutines = Dependency(
        "org.jetbrains.kotlinx", "kotlinx-coroutines-core-jvm", reactor_entry("coroutines.version")
    )
    emotion = Dependency(GROUP, "emotion", VERSION, packaging="aar")
    return [
        Artifact("emotion", "aar", archive, modules, (kotlin, litert), both, documents),
        Artifact(
            "emotion-tflite", "aar", archive, modules, (kotlin, *older), ("emotion-tflite", *both), documents
        ),
        Artifact("flow", "jar", flow, ("flow",), (emotion, kotlin, coroutines), (), documents),
    ]


def write_repository(target: Path, found: list[Artifact]) -> None:
    """Writes a Maven repository folder with these artifacts, in place of one that is there."""
    with atomic_path(target) as partial:
        for artifact in found:
            folder = partial / GROUP.replace(".", "/") / artifact.name
            versioned, stem = folder / VERSION, f"{artifact.name}-{VERSION}"
            versioned.mkdir(parents=True)
            files = {
                f"{stem}.{artifact.packaging}": artifact.content,
                f"{stem}.pom": pom(artifact).encode(),
                f"{stem}.module": json.dumps(module(artifact), indent=2).encode() + b"\n",
                f"{stem}-sources.jar": archive_of(_sources(artifact)),
                f"{stem}-javadoc.jar": archive_of(_documents(artifact)),
            }
            for name, content in files.items():
                _write(versioned / name, content)
            _write(folder / "maven-metadata.xml", _metadata(artifact).encode())


def pom(artifact: Artifact) -> str:
    """Returns an artifact's POM."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <!-- do_not_remove: published-with-gradle-metadata -->
  <modelVersion>4.0.0</modelVersion>
  <groupId>{GROUP}</groupId>
  <artifactId>{artifact.name}</artifactId>
  <version>{VERSION}</version>
  <packaging>{artifact.packaging}</packaging>
  <name>Face Emotion Kit, {artifact.name}</name>
  <description>Facial expressions, read on the device.</description>
  <licenses>
    <license>
      <name>Apache-2.0</name>
    </license>
  </licenses>
  <dependencies>
{"".join(map(_asked, artifact.dependencies))}  </dependencies>
</project>
"""


def module(artifact: Artifact) -> dict[str, object]:
    """Returns an artifact's Gradle module metadata (format 1.1): a variant to compile against and one to run with."""
    stem = f"{artifact.name}-{VERSION}"
    main, sources = f"{stem}.{artifact.packaging}", f"{stem}-sources.jar"
    archive = archive_of(_sources(artifact))
    variants = [
        _variant(artifact, "api", "java-api", main, artifact.content, "library"),
        _variant(artifact, "runtime", "java-runtime", main, artifact.content, "library"),
        _variant(artifact, "sources", "java-runtime", sources, archive, "documentation"),
    ]
    component = {"group": GROUP, "module": artifact.name, "version": VERSION}
    return {
        "formatVersion": "1.1",
        "component": component | {"attributes": {"org.gradle.status": "release"}},
        "createdBy": {"face-emotion-kit": {"version": VERSION}},
        "variants": variants,
    }


def _variant(
    artifact: Artifact, name: str, usage: str, file: str, content: bytes, category: str
) -> dict[str, object]:
    scopes = {"api": ("compile",), "runtime": ("compile", "runtime"), "sources": ()}[name]
    attributes = {"org.gradle.category": category, "org.gradle.usage": usage}
    if category == "documentation":
        attributes |= {"org.gradle.docstype": "sources", "org.gradle.dependency.bundling": "external"}
    else:
        attributes |= (
            {"org.jetbrains.kotlin.platform.type": "androidJvm"} if artifact.packaging == "aar" else {}
        )
        attributes |= {"org.gradle.libraryelements": artifact.packaging}
    variant: dict[str, object] = {"name": name, "attributes": attributes}
    asked = [
        {"group": one.group, "module": one.name, "version": {"requires": one.version}}
        | ({"excludes": [{"group": "*", "module": "*"}]} if one.alone else {})
        for one in artifact.dependencies
        if one.scope in scopes
    ]
    if asked:
        variant["dependencies"] = asked
    sums: dict[str, object] = {kind: hashlib.new(kind, content).hexdigest() for kind in CHECKSUMS}
    variant["files"] = [{"name": file, "url": file, "size": len(content), **sums}]
    if artifact.capabilities and category == "library":
        variant["capabilities"] = [CAPABILITY | {"name": one} for one in artifact.capabilities]
    return variant


def _asked(dependency: Dependency) -> str:
    lines = [
        f"<groupId>{dependency.group}</groupId>",
        f"<artifactId>{dependency.name}</artifactId>",
        f"<version>{dependency.version}</version>",
        *([f"<type>{dependency.packaging}</type>"] if dependency.packaging != "jar" else []),
        f"<scope>{dependency.scope}</scope>",
    ]
    if dependency.alone:
        every = "<exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion>"
        lines.append(f"<exclusions>{every}</exclusions>")
    inside = "".join(f"      {line}\n" for line in lines)
    return f"    <dependency>\n{inside}    </dependency>\n"


def _metadata(artifact: Artifact) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<metadata>
  <groupId>{GROUP}</groupId>
  <artifactId>{artifact.name}</artifactId>
  <versioning>
    <latest>{VERSION}</latest>
    <release>{VERSION}</release>
    <versions>
      <version>{VERSION}</version>
    </versions>
  </versioning>
</metadata>
"""


def _sources(artifact: Artifact) -> dict[str, bytes]:
    """Returns the Kotlin files of an artifact's modules, by their paths below the source folders."""
    files: dict[str, bytes] = {}
    for name in artifact.modules:
        root = ANDROID / name / "src" / "main" / "kotlin"
        files |= {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.kt"))}
    return files


def _documents(artifact: Artifact) -> dict[str, bytes]:
    """Returns the documentation: the guide, the API dump and, where it was made, the KDoc as a site."""
    papers = [ANDROID / "README.md", *(ANDROID / "api" / f"{name}.api" for name in artifact.modules)]
    files = {path.name: require_file(path).read_bytes() for path in papers}
    if site := artifact.documents:
        require_file(site / "index.html")
        found = sorted(path for path in site.rglob("*") if path.is_file())
        files |= {
            path.relative_to(site).as_posix(): REMOTE_SCRIPT.sub(b"", path.read_bytes()) for path in found
        }
    return files


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for kind in CHECKSUMS:
        path.with_name(f"{path.name}.{kind}").write_text(hashlib.new(kind, content).hexdigest(), "ascii")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.package_maven", description=__doc__)
    parser.add_argument(
        "--maven", type=file_path, default=ROOT / "build/android/maven", help="the reactor's output"
    )
    parser.add_argument(
        "--target",
        type=file_path,
        default=ROOT / "build/android/maven-repository",
        help="folder that is replaced",
    )
    parser.add_argument("--variant", default=VARIANT, help="the released model to package (default: small)")
    parser.add_argument("--documents", default="", help="folder of the KDoc's site (default: without)")
    options = parser.parse_args(arguments)
    documents = Path(options.documents) if options.documents else None
    return run_command(
        lambda: write_repository(options.target, artifacts(options.maven, options.variant, documents))
    )


if __name__ == "__main__":
    sys.exit(main())
