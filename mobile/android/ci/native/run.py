"""Runs a .tflite network on Android's own library, on one processor after another.

with tempfile.TemporaryDirectory() as scratch:
    native = NativeRunner(fetch_aar(Path(scratch)), Path(scratch))
    answer = native.run(Path("models/small/int8.tflite"), inputs, "cortex-a76")
"""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import make_folder, require_file
from mobile.android.ci.maven import run_maven
from mobile.android.ci.native.build import build
from mobile.android.ci.native.processors import ARM_LIBRARIES, EMULATOR, PROCESSORS, Processor, write_root
from mobile.android.ci.tools import require_tools
from mobile.android.ci.versions import REACTOR, reactor_entry

LIBRARY = "libtensorflowlite_jni.so"
XNNPACK, PLAIN = "xnnpack", "plain"
KERNELS = (XNNPACK, PLAIN)


@dataclass(frozen=True)
class Answers:
    """What a network gave: of each input the bytes of its outputs, one after the other.

    version: TensorFlow Lite's. milliseconds: the processor's time for all inputs, one thread.
    """

    outputs: bytes
    version: str
    milliseconds: float


class NativeRunner:
    """TensorFlow Lite's native library of an aar, compiled around once for each processor that is asked for.

    Attributes: aar (Path).
    """

    def __init__(self, aar: Path, folder: Path) -> None:
        """Takes TensorFlow Lite's aar (`fetch_aar` gets it), and an empty folder to work in."""
        self.aar, self._folder = require_file(aar), folder.resolve()
        self._drivers: dict[str, list[str | Path]] = {}

    def run(self, model: Path, inputs: bytes, processor: str, kernels: str = XNNPACK) -> Answers:
        """Returns what the network answers to each input.

        inputs: the bytes of the input tensor, one input after the other; processor: of PROCESSORS; kernels: XNNPACK's,
        as the library of mobile/android asks for them, or "plain", TensorFlow Lite's own.
        Raises InputError if a tool is missing, the model is none, or its input has another size.
        """
        given, answered = self._folder / "inputs.bin", self._folder / "outputs.bin"
        given.write_bytes(inputs)
        answered.unlink(missing_ok=True)
        command = [*self._driver(processor), require_file(model).resolve(), given, answered, kernels]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if done.returncode:
            raise InputError(f"{model} on {processor}: {_reason(done)}")
        said = done.stdout.split()
        return Answers(answered.read_bytes(), said[0], float(said[2]))

    def _driver(self, name: str) -> list[str | Path]:
        if name not in PROCESSORS:
            raise InputError(f"processor {name}: {', '.join(PROCESSORS)} are known")
        if name not in self._drivers:
            processor, folder = PROCESSORS[name], self._folder / name
            require_processor(processor)
            library = self.library(processor.abi)
            write_root(processor, folder / "root")
            driver = build(processor, library, folder)
            self._drivers[name] = [*processor.command(folder / "root"), driver, folder, library]
        return self._drivers[name]

    def library(self, abi: str) -> Path:
        """Unpacks the library for an abi, a folder of the aar, and returns its path."""
        target = make_folder(self._folder / abi) / LIBRARY
        with zipfile.ZipFile(self.aar) as archive:
            target.write_bytes(archive.read(f"jni/{abi}/{LIBRARY}"))
        return target


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """What the driver said; of a library that ended the program its last line, behind its log."""
    lines = done.stderr.strip().splitlines()
    own = [line.removeprefix("driver: ") for line in lines if line.startswith("driver: ")]
    return (own or lines or [""])[-1] or f"exit status {done.returncode}"


def require_processor(processor: Processor) -> None:
    """Raises InputError, naming the Debian packages, if a program or file is missing that a processor needs."""
    emulation = (EMULATOR, str(ARM_LIBRARIES / "libc.so.6")) if processor.cpu else ()
    require_tools("readelf", processor.compiler, *emulation)


def fetch_aar(folder: Path) -> Path:
    """Copies TensorFlow Lite's aar, of the version that the APK has, into `folder`; Maven fetches it the first time.

    Raises InputError if Maven is missing or fails.
    """
    require_tools("java", "mvn")
    version = reactor_entry("tflite.version")
    command = [
        *("mvn", "-f", str(REACTOR), "-N", "dependency:copy", f"-DoutputDirectory={folder.resolve()}"),
        f"-Dartifact=org.tensorflow:tensorflow-lite:{version}:aar",
    ]
    run_maven(command, folder / "maven.log")
    return require_file(folder / f"tensorflow-lite-{version}.aar")
