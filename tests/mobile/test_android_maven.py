"""The Maven repository folder: coordinates, variants, checksums; the reactor's consumer resolves from it."""

from __future__ import annotations

import hashlib
import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest

from mobile.android.ci import package, package_maven
from mobile.android.ci.maven import run_maven
from tests.support.paths import ROOT

NAMES = ["emotion", "emotion-tflite", "flow"]
SPACE = {"m": "http://maven.apache.org/POM/4.0.0"}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of classes that are made up: what is in them is the consumer's test."""
    folder = tmp_path_factory.mktemp("android")
    for module in ("core", "emotion", "flow"):
        path = folder / "maven" / module / "classes" / "org" / "faceemotionkit" / f"{module}.class"
        path.parent.mkdir(parents=True)
        path.write_bytes(module.encode())
    target = folder / "maven-repository"
    assert package_maven.main(["--maven", str(folder / "maven"), "--target", str(target)]) == 0
    return target


def folder_of(repository: Path, name: str) -> Path:
    return repository / "org" / "faceemotionkit" / name / "2.0.0"


@pytest.mark.parametrize("name", NAMES)
def test_the_layout_is_mavens_and_every_checksum_is_right(repository, name):
    main = "flow-2.0.0.jar" if name == "flow" else f"{name}-2.0.0.aar"
    stem = f"{name}-2.0.0"
    files = [main, f"{stem}.pom", f"{stem}.module", f"{stem}-sources.jar", f"{stem}-javadoc.jar"]
    folder = folder_of(repository, name)
    sums = ("md5", "sha1", "sha256", "sha512")
    assert {path.name for path in folder.iterdir()} == {
        *files,
        *(f"{file}.{kind}" for file in files for kind in sums),
    }
    for file in files:
        content = (folder / file).read_bytes()
        for kind in sums:
            assert (folder / f"{file}.{kind}").read_text() == hashlib.new(kind, content).hexdigest()
    metadata = ElementTree.parse(folder.parent / "maven-metadata.xml").getroot()
    assert (metadata.findtext("artifactId"), metadata.findtext("versioning/release")) == (name, "2.0.0")


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("emotion", ["kotlin-stdlib 2.1.0 compile", "litert 1.4.2 runtime"]),
        (
            "emotion-tflite",
            [
                "kotlin-stdlib 2.1.0 compile",
                "tensorflow-lite 2.16.1 runtime",
                "tensorflow-lite-api 2.16.1 runtime",
            ],
        ),
        (
            "flow",
            [
                "emotion 2.0.0 compile",
                "kotlin-stdlib 2.1.0 compile",
                "kotlinx-coroutines-core-jvm 1.10.2 compile",
            ],
        ),
    ],
)
def test_pom_and_module_ask_for_the_same(repository, name, asked):
    folder = folder_of(repository, name)
    project = ElementTree.parse(folder / f"{name}-2.0.0.pom").getroot()
    in_pom = [
        " ".join(entry.findtext(f"m:{part}", namespaces=SPACE) for part in ("artifactId", "version", "scope"))
        for entry in project.iterfind(".//m:dependency", SPACE)
    ]
    assert in_pom == asked
    module = json.loads((folder / f"{name}-2.0.0.module").read_text())
    by_name = {variant["name"]: variant for variant in module["variants"]}
    assert list(by_name) == ["api", "runtime", "sources"]
    for variant, scopes in (("api", ["compile"]), ("runtime", ["compile", "runtime"])):
        in_module = [
            f"{one['module']} {one['version']['requires']}" for one in by_name[variant]["dependencies"]
        ]
        assert in_module == [line.rpartition(" ")[0] for line in asked if line.rpartition(" ")[2] in scopes]


def test_gradle_takes_one_of_the_two_only(repository):
    capabilities = {}
    for name in ("emotion", "emotion-tflite"):
        module = json.loads((folder_of(repository, name) / f"{name}-2.0.0.module").read_text())
        assert module["formatVersion"] == "1.1"
        assert module["component"]["module"] == name
        capabilities[name] = {one["name"] for one in module["variants"][1]["capabilities"]}
    assert capabilities == {"emotion": {"emotion"}, "emotion-tflite": {"emotion", "emotion-tflite"}}


def test_the_two_hold_the_same_archive_and_the_module_states_its_bytes(repository):
    one = folder_of(repository, "emotion") / "emotion-2.0.0.aar"
    other = folder_of(repository, "emotion-tflite") / "emotion-tflite-2.0.0.aar"
    assert one.read_bytes() == other.read_bytes()
    module = json.loads((one.parent / "emotion-2.0.0.module").read_text())
    (file,) = module["variants"][0]["files"]
    assert (file["url"], file["size"]) == ("emotion-2.0.0.aar", one.stat().st_size)
    assert file["sha256"] == hashlib.sha256(one.read_bytes()).hexdigest()


def test_each_archive_brings_its_licence(repository: Path) -> None:
    licence = (ROOT / "LICENSE").read_bytes()
    archives = [path for path in sorted(repository.rglob("*-2.0.0.*")) if path.suffix in {".aar", ".jar"}]
    assert [path.name for path in archives] == [
        "emotion-2.0.0.aar",
        "emotion-tflite-2.0.0.aar",
        "flow-2.0.0.jar",
    ]
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            assert archive.read("META-INF/LICENSE") == licence
            if path.suffix == ".aar":
                assert b"Shiqi Yu" in archive.read("assets/face_emotion_kit/face_detector/LICENSE")


def test_litert_is_what_the_gradle_project_asks_for(repository):
    text = (folder_of(repository, "emotion") / "emotion-2.0.0.module").read_text()
    catalogue = (ROOT / "mobile/android/gradle/libs.versions.toml").read_text()
    assert 'litert = { module = "com.google.ai.edge.litert:litert"' in catalogue
    assert '"group": "com.google.ai.edge.litert"' in text and "tensorflow" not in text


def test_sources_and_documents_are_the_modules_own(repository):
    folder = folder_of(repository, "emotion")
    with zipfile.ZipFile(io.BytesIO((folder / "emotion-2.0.0-sources.jar").read_bytes())) as archive:
        names = set(archive.namelist())
    assert {"org/faceemotionkit/EmotionRecognizer.kt", "org/faceemotionkit/core/Face.kt"} <= names
    with zipfile.ZipFile(folder / "emotion-2.0.0-javadoc.jar") as archive:
        assert set(archive.namelist()) == {"README.md", "core.api", "emotion.api"}


def test_the_kdocs_site_goes_into_every_documentation_jar(repository, tmp_path, capsys):
    site = tmp_path / "site"
    command = ["--maven", str(repository.parent / "maven"), "--target", str(tmp_path / "out")]
    assert package_maven.main([*command, "--documents", str(site)]) == 2
    assert "index.html" in capsys.readouterr().err and not (tmp_path / "out").exists()
    (site / "kit").mkdir(parents=True)
    page = '<head><script src="a.js"></script>{}</head>'
    remote = '<script type="text/javascript" async="async" src="https://elsewhere/b.js"></script>'
    (site / "index.html").write_text(page.format(remote))
    (site / "kit" / "face.html").write_text("Face")
    assert package_maven.main([*command, "--documents", str(site)]) == 0
    for name in NAMES:
        with zipfile.ZipFile(folder_of(tmp_path / "out", name) / f"{name}-2.0.0-javadoc.jar") as archive:
            assert {"README.md", "index.html", "kit/face.html"} <= set(archive.namelist())
            assert archive.read("index.html").decode() == page.format("")


@pytest.mark.exhaustive
def test_dokka_makes_the_site_of_the_kdoc(tmp_path):
    pom = ROOT / "mobile/android/ci/pom.xml"
    command = ["mvn", "-f", str(pom), "-pl", "flow", "-am", "process-classes", f"-Dbuild.folder={tmp_path}"]
    run_maven([*command, f"-Ddocuments={tmp_path / 'site'}"], tmp_path / "maven.log", limit=900)
    kit = tmp_path / "site" / "face-emotion-kit"
    page = (kit / "org.faceemotionkit" / "-emotion-recognizer" / "learn-neutral.html").read_text()
    assert "learnNeutral" in page and "Baseline" in page
    assert {path.name for path in kit.iterdir() if path.is_dir()} == {
        "org.faceemotionkit",
        "org.faceemotionkit.core",
        "org.faceemotionkit.flow",
    }


def test_only_make_android_spends_the_time_on_documents(tmp_path):
    assert (
        package.maven_command(tmp_path, "A", documented=True)[-1] == f"-Ddocuments={tmp_path / 'documents'}"
    )
    assert not [part for part in package.maven_command(tmp_path, "A") if "documents" in part]


def test_two_runs_write_the_same_bytes_and_nothing_half_written(repository, tmp_path):
    maven = repository.parent / "maven"
    assert package_maven.main(["--maven", str(maven), "--target", str(tmp_path / "again")]) == 0
    for path in repository.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(repository)).read_bytes() == path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again"]
