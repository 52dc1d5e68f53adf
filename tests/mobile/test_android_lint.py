"""Kotlin's checks: ktlint finds nothing, looks at every file, and core's API has to be explicit.

Needs Java 17 and Maven: apt-get install -y --no-install-recommends openjdk-17-jdk-headless maven.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from mobile.android.ci import lint
from mobile.android.ci.maven import run_maven
from tests.support.paths import ROOT

ANDROID = ROOT / "mobile" / "android"
BAD = "package planted\n\nfun  planted(): Int = 1;\n"
GOOD = "package planted\n\nfun planted(): Int = 1\n"


@pytest.fixture(scope="session")
def ktlint() -> Path:
    """ktlint's jar, fetched once."""
    require_java_and_maven()
    return lint.fetch_ktlint()


def require_java_and_maven() -> None:
    if not (shutil.which("mvn") and shutil.which("javac")):
        pytest.skip("install openjdk-17-jdk-headless and maven to run this test")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def planted(folder: Path, name: str, text: str) -> Path:
    """Writes a file into a folder that has the repository's style."""
    shutil.copyfile(ROOT / ".editorconfig", folder / ".editorconfig")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_is_found_in_the_repository(ktlint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = lint.main([])
    said = capsys.readouterr()
    assert (status, said.err) == (0, "")
    assert said.out == f"findings: 0; files: {len(lint.kotlin_files(ROOT))}\n"


def test_every_kotlin_file_of_the_project_is_looked_at(ktlint: Path, tmp_path: Path) -> None:
    tracked = git(ROOT, "ls-files", "mobile").splitlines()
    names = {name for name in tracked if Path(name).suffix in (".kt", ".kts")}
    assert len(names) > 80
    assert names <= {str(path.relative_to(ROOT)) for path in lint.kotlin_files(ROOT)}
    copies = [planted(tmp_path, name, (ROOT / name).read_text(encoding="utf-8") + "\n\n") for name in names]
    found = [
        line for line in lint.findings(ktlint, copies) if "(standard:no-consecutive-blank-lines)" in line
    ]
    named = {(ROOT / line.partition(":")[0]).resolve() for line in found}
    assert named == {path.resolve() for path in copies}


def test_a_badly_formatted_file_is_named_with_the_rule_and_mended(
    ktlint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = planted(tmp_path, "Planted.kt", BAD)
    assert lint.main([str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "findings: 3; files: 1\n" and said.err.count("\n") == 3
    assert "Planted.kt:3:24: Unnecessary semicolon (standard:no-semi)\n" in said.err
    assert all(line.startswith("error: ") for line in said.err.splitlines())
    assert path.read_text(encoding="utf-8") == BAD
    assert lint.main(["--fix", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == GOOD


def test_a_file_that_is_no_kotlin_is_named(
    ktlint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = planted(tmp_path, "Planted.kt", "fun planted( {\n")
    assert lint.main([str(path)]) == 2
    assert "Planted.kt:1:13: Not a valid Kotlin file" in capsys.readouterr().err


def test_new_files_count_and_ignored_and_deleted_ones_do_not(tmp_path: Path) -> None:
    for name in ("kept.kt", "gone.kt", "script.kts", "notes.txt"):
        planted(tmp_path, name, GOOD)
    (tmp_path / ".gitignore").write_text("build/\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    (tmp_path / "gone.kt").unlink()
    for name in ("new/one.kt", "build/made.kt"):
        planted(tmp_path, name, GOOD)
    assert lint.kotlin_files(tmp_path) == [
        tmp_path / name for name in ("kept.kt", "new/one.kt", "script.kts")
    ]


def test_what_cannot_be_looked_at_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("no Kotlin", encoding="utf-8")
    (tmp_path / "Planted.kt").write_text(GOOD, encoding="utf-8")
    for name, said in (("notes.txt", "notes.txt: no Kotlin"), ("Nowhere.kt", "Nowhere.kt: no such file")):
        assert lint.main([str(tmp_path / name)]) == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1
    with pytest.raises(InputError, match=r"git failed: .*not a git repository"):
        lint.kotlin_files(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"mvn not found: run apt-get install .* maven"):
        lint.fetch_ktlint(tmp_path)
    with pytest.raises(InputError, match=r"java not found: run apt-get install .* openjdk"):
        lint.findings(tmp_path / "ktlint.jar", [tmp_path / "Planted.kt"])


def test_a_ktlint_that_does_not_run_is_an_error_and_not_a_clean_tree(tmp_path: Path) -> None:
    require_java_and_maven()
    (tmp_path / "ktlint.jar").write_bytes(b"no jar")
    path = planted(tmp_path, "Planted.kt", GOOD)
    with pytest.raises(InputError, match=r"ktlint failed: .*ktlint\.jar"):
        lint.findings(tmp_path / "ktlint.jar", [path])


def test_a_public_declaration_of_core_has_to_say_so(tmp_path: Path) -> None:
    require_java_and_maven()
    for name in ("ci/pom.xml", "ci/core/pom.xml", "ci/.mvn/jvm.config", "ci/.mvn/maven.config"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ANDROID / name, tmp_path / name)
    sources = shutil.copytree(ANDROID / "core" / "src" / "main", tmp_path / "core" / "src" / "main")
    lines = ("package planted", "fun one(): Int = 1", "public fun two() = 2", "internal fun three() = 3")
    (sources / "kotlin" / "Planted.kt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [
        *("mvn", "-f", str(tmp_path / "ci" / "core" / "pom.xml"), "process-sources"),
        f"-Dbuild.folder={tmp_path / 'build'}",
    ]
    with pytest.raises(InputError, match=r"Planted\.kt: \(2, 1\) Visibility must be specified"):
        run_maven(command, tmp_path / "maven.log", limit=600)
    errors = [line for line in (tmp_path / "maven.log").read_text("utf-8").splitlines() if ".kt: (" in line]
    assert len(errors) == 2, errors
    assert "Planted.kt: (3, 12) Return type must be specified in explicit API mode" in errors[1]
