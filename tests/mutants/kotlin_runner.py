"""Mutants of the Android library's core: Maven builds it and its tests once, then each changed file alone is compiled
against what was built (all of them in one process), and JUnit runs with its classes in front of the others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from face_emotion.errors import InputError
from mobile.android.ci.maven import run_maven
from mobile.android.ci.tools import require_tools
from tests.mutants.bench import BROKEN, KILLED, LIMIT, SURVIVED, Outcome
from tests.mutants.catalogue import Mutant
from tests.support.android import write_core_vectors

PACKAGE = "org.faceemotionkit.core"
JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
COMPILER = Path(__file__).with_name("CompileMutants.java")
# As mobile/android/ci/pom.xml has it, without what only refuses: warnings and an API that is not explicit.
FLAGS = ("-no-stdlib", "-no-reflect", "-jvm-target", "1.8", "-Xjdk-release=1.8", "-Xlambdas=class")
FLAGS += ("-Xsam-conversions=class", f"-opt-in={PACKAGE}.InternalKitApi", "-module-name", "core", "-nowarn")
# What the Kotlin compiler is made of, beside itself, in the local repository of Maven that the build has filled.
PARTS = (
    "kotlin/kotlin-compiler",
    "kotlin/kotlin-script-runtime",
    "kotlin/kotlin-reflect",
    "intellij/deps/trove4j",
)
PARTS += ("kotlinx/kotlinx-coroutines-core-jvm", "annotations")


class KotlinRunner:
    """Tests are class names of mobile/android/core/src/test."""

    def __init__(self, copy: Path) -> None:
        self._copy, self._folder = copy, copy.parent / "kotlin"
        self._vectors = self._folder / "vectors.json"
        self._class_path = ""
        self._compiled: dict[Mutant, tuple[Path, str]] = {}  # its classes, and the compiler's complaint

    def prepare(self, mutants: list[Mutant]) -> None:
        require_tools("java", "mvn")
        self._folder.mkdir()
        write_core_vectors(self._vectors)
        names = sorted({test for mutant in mutants for test in mutant.tests})
        command = ["mvn", "-f", str(self._copy / "mobile/android/ci/pom.xml"), "-pl", "core", "test"]
        command += [
            f"-Dtest={','.join(names)}",
            f"-Dvectors={self._vectors}",
            f"-Dbuild.folder={self._folder}",
        ]
        run_maven(command, self._folder / "maven.log", limit=600)
        self._class_path = _class_path(self._folder / "core/surefire-reports")
        self._compile(mutants)

    def run(self, mutant: Mutant) -> Outcome:
        classes, complaint = self._compiled[mutant]
        if complaint:
            return Outcome(BROKEN, complaint)
        names = [f"{PACKAGE}.{test}" for test in mutant.tests]
        properties = [f"-Dmodels={self._copy / 'models'}", f"-Dvectors={self._vectors}"]
        path = f"{classes}:{self._class_path}"
        command = ["java", *JVM, *properties, "-cp", path, "org.junit.runner.JUnitCore", *names]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return Outcome(KILLED)
        if done.returncode == 0:
            return Outcome(SURVIVED)
        return Outcome(KILLED if "FAILURES!!!" in done.stdout else BROKEN, done.stdout + done.stderr)

    def _compile(self, mutants: list[Mutant]) -> None:
        """Compiles each mutant's file; the job of each is a folder with its source, flags and, after, the complaint."""
        jobs = []
        for number, mutant in enumerate(mutants):
            job = self._folder / f"mutant-{number}"
            classes, source = job / "classes", job / Path(mutant.path).name
            classes.mkdir(parents=True)
            source.write_text(
                mutant.applied((self._copy / mutant.path).read_text(encoding="utf-8")), encoding="utf-8"
            )
            built = self._folder / "core/classes"
            flags = [
                *FLAGS,
                f"-Xfriend-paths={built}",
                "-cp",
                self._class_path,
                "-d",
                str(classes),
                str(source),
            ]
            (job / "flags").write_text("\n".join(flags), encoding="utf-8")
            jobs.append(str(job))
        command = ["java", *JVM, "-cp", _compiler_path(self._class_path), str(COMPILER), *jobs]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode:
            raise InputError(f"the Kotlin compiler does not run: {done.stderr[-600:]}")
        for job, mutant in zip(map(Path, jobs), mutants, strict=True):
            self._compiled[mutant] = job / "classes", (job / "complaint").read_text(encoding="utf-8")


def _class_path(reports: Path) -> str:
    """The class path that surefire ran the tests with, as its report states it."""
    report = next(iter(sorted(reports.glob("TEST-*.xml"))), None)
    if report is None:
        raise InputError(f"{reports}: Maven has run no test")
    entries = {entry.get("name"): entry.get("value") for entry in ElementTree.parse(report).iter("property")}
    return (entries["surefire.test.class.path"] or "").rstrip(":")


def _compiler_path(class_path: str) -> str:
    """The jars of the Kotlin compiler whose standard library the tests ran with."""
    library = next(Path(jar) for jar in class_path.split(":") if "/kotlin-stdlib/" in jar)
    version, jetbrains = library.parent.name, library.parents[3]
    jars = [library]
    for part in PARTS:
        found = sorted((jetbrains / part).glob("*/*.jar"))
        own = [jar for jar in found if jar.parent.name == version]
        jars += own or found[-1:]
    if not (shutil.which("java") and any("kotlin-compiler" in jar.name for jar in jars)):
        raise InputError(f"{jetbrains}: no Kotlin compiler there, which Maven puts there when it builds")
    return ":".join(map(str, jars))
