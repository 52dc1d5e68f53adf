"""The native library that is in the APK, as it is: on this machine's processor, and on ARM64 ones by QEMU.

Needs gcc, Debian's gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user-static, and Maven for TensorFlow Lite's
aar. What the library answers is compared with Python's LiteRT on this machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.processors.inputs import COUNT, faces_and_others
from converters.detector_golden import pixels
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.files import read_json
from face_emotion.kernel_check import KernelCheck, mosaic
from face_emotion.letterbox import letterbox, sample_square
from face_emotion.model_files import ModelFolder
from face_emotion.normalization import normalized
from face_emotion.square_network import SquareNetwork
from mobile.android.ci.native import __main__ as command
from mobile.android.ci.native.build import names_of, stubs
from mobile.android.ci.native.processors import PROCESSORS
from mobile.android.ci.native.run import PLAIN, XNNPACK, NativeRunner, fetch_aar, require_processor
from tests.support.paths import ROOT

MODELS = ROOT / "models"
VARIANTS = ("nano", "small", "base")
ARM = tuple(name for name, processor in PROCESSORS.items() if processor.cpu)
DETECTORS = {"near": (160, (1, 525, 16)), "far": (640, (1, 8400, 16))}


@pytest.fixture(scope="session")
def native(tmp_path_factory: pytest.TempPathFactory) -> NativeRunner:
    """TensorFlow Lite's aar, as the APK has it."""
    if not (shutil.which("mvn") and shutil.which("javac")):
        pytest.skip("install openjdk-17-jdk-headless and maven to run this test")
    try:
        for processor in PROCESSORS.values():
            require_processor(processor)
    except InputError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("native")
    return NativeRunner(fetch_aar(folder), folder)


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    """What `python -m benchmarks processors` measures with."""
    return faces_and_others()


def differences(
    native: NativeRunner, variant: str, faces: np.ndarray, processor: str
) -> tuple[np.ndarray, np.ndarray]:
    """By how many steps the probabilities [N,7] and logits [N,14] of a released file differ from Python's."""
    model = ModelFolder.open(MODELS / variant)
    path = model.artifact("int8")
    here = np.concatenate(TfliteClassifier(path, model.contract).outputs(faces), axis=1)
    given = normalized(faces, model.contract.normalization)
    answers = native.run(path, given.tobytes(), processor)
    assert answers.version == "2.16.1" and answers.milliseconds > 0
    there = np.frombuffer(answers.outputs, np.uint8).reshape(here.shape)
    steps = np.abs(there.astype(int) - here.astype(int))
    return steps[:, :7], steps[:, 7:]


def assert_logits_are_equal(native: NativeRunner, variant: str, faces: np.ndarray, processor: str) -> None:
    probabilities, logits = differences(native, variant, faces, processor)
    assert logits.shape == (len(faces), 14) and logits.max() == 0
    # The kernel's own softmax is another on ARM: in few inputs, by one step of 1/256.
    assert probabilities.max() <= 1 and (probabilities.max(axis=1) > 0).mean() <= 0.04


@pytest.mark.parametrize("variant", VARIANTS)
def test_on_x86_64_every_byte_is_pythons(native: NativeRunner, faces: np.ndarray, variant: str) -> None:
    probabilities, logits = differences(native, variant, faces, "x86-64")
    assert logits.shape == (COUNT, 14)
    assert (probabilities.max(), logits.max()) == (0, 0)


@pytest.mark.parametrize(
    ("variant", "processor", "step"),
    [
        ("nano", "cortex-a76", 3),
        ("small", "cortex-a76", 3),
        ("nano", "cortex-a53", 10),
        ("nano", "armv9", 10),
    ],
)
def test_on_arm_the_logits_are_pythons(
    native: NativeRunner, faces: np.ndarray, variant: str, processor: str, step: int
) -> None:
    assert_logits_are_equal(native, variant, faces[:-1:step] if step == 3 else faces[::step], processor)


@pytest.mark.exhaustive
@pytest.mark.parametrize("processor", ARM)
@pytest.mark.parametrize("variant", VARIANTS)
def test_on_arm_the_logits_of_a_thousand_inputs_are_pythons(
    native: NativeRunner, faces: np.ndarray, variant: str, processor: str
) -> None:
    assert_logits_are_equal(native, variant, faces, processor)


@pytest.mark.parametrize(
    ("name", "processor"), [("near", "x86-64"), ("far", "x86-64"), ("near", "cortex-a76")]
)
def test_the_detectors_numbers_are_pythons(native: NativeRunner, name: str, processor: str) -> None:
    size, shape = DETECTORS[name]
    golden = read_json(MODELS / "face_detector" / "golden.json")["frames"]
    frames = [pixels(entry) for entry in golden[:2]]
    squares = [sample_square(one, size, letterbox(one.shape[1], one.shape[0], size)) for one in frames]
    path = MODELS / "face_detector" / f"{name}.tflite"
    network = SquareNetwork(path.read_bytes(), size, [shape])
    here = np.stack([network.run(square)[0] for square in squares])
    answers = native.run(path, np.array(squares, np.float32).tobytes(), processor)
    there = np.frombuffer(answers.outputs, np.float32).reshape(here.shape)
    assert np.ptp(here) > 10
    np.testing.assert_array_equal(there, here)


@pytest.mark.parametrize(
    ("variant", "processor"), [*((name, "x86-64") for name in VARIANTS), ("nano", "cortex-a76")]
)
def test_the_check_of_kernels_tells_xnnpacks_from_the_librarys_own(
    native: NativeRunner, variant: str, processor: str
) -> None:
    model = ModelFolder.open(MODELS / variant)
    check = KernelCheck.of(model)
    assert check is not None and len(check.inputs) == 20
    mosaics = np.stack([mosaic(number) for number in check.inputs])
    given = normalized(mosaics, model.contract.normalization).tobytes()
    found = {}
    for kernels in (XNNPACK, PLAIN):
        outputs = native.run(model.artifact("int8"), given, processor, kernels).outputs
        logits = np.frombuffer(outputs, np.uint8).reshape(20, 21)[:, 7:]
        found[kernels] = int((logits != np.array(check.logits)).any(axis=1).sum())
    assert found[XNNPACK] == 0
    assert found[PLAIN] >= 18


def test_each_function_jumps_to_the_shims_or_to_glibcs(native: NativeRunner) -> None:
    library = native.library("arm64-v8a")
    names = names_of(library)
    assert {"malloc", "pthread_mutex_init", "__errno", "sysconf"} <= set(names) and len(names) > 100
    text = stubs("arm64-v8a", ["malloc", "__errno"])
    assert "stub_malloc: b malloc\n.symver stub_malloc,malloc@LIBC\n" in text
    assert "stub___errno: b bionic___errno\n" in text
    assert "stub_malloc: jmp malloc@PLT\n" in stubs("x86_64", ["malloc"])
    with pytest.raises(InputError, match="asks for no function of Android's C library"):
        names_of(Path("/proc/self/exe").resolve())


def test_the_command_writes_the_answers(
    native: NativeRunner, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "fetch_aar", lambda folder: native.aar)
    path = MODELS / "nano" / "int8.tflite"
    (tmp_path / "inputs.bin").write_bytes(bytes(2 * 48 * 48))
    words = [str(path), str(tmp_path / "inputs.bin"), str(tmp_path / "answers")]
    assert command.main([*words, "--processors", "x86-64", "armv9"]) == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path}/answers/x86-64.bin TensorFlow Lite 2.16.1 ")
    answers = [(tmp_path / "answers" / f"{name}.bin").read_bytes() for name in ("x86-64", "armv9")]
    assert len(answers[0]) == 2 * 21 and answers[0] == answers[1]
    assert answers[0][:21] == answers[0][21:] and 250 <= sum(answers[0][:7]) <= 262

    (tmp_path / "inputs.bin").write_bytes(bytes(48 * 48 + 1))
    assert command.main([*words, "--processors", "x86-64"]) == 2
    assert capsys.readouterr().err.endswith("inputs.bin: not a whole number of inputs\n")
    (tmp_path / "page.html").write_text("<html>" * 99)
    assert command.main([str(tmp_path / "page.html"), *words[1:], "--processors", "x86-64"]) == 2
    line = capsys.readouterr().err
    assert "not a model that the library reads" in line and line.count("\n") == 1


def test_missing_tools_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("readelf", "gcc"):
        (tmp_path / name).symlink_to(shutil.which("true") or "/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    require_processor(PROCESSORS["x86-64"])
    with pytest.raises(
        InputError, match=r"qemu-aarch64-static.* not found.*gcc-aarch64-linux-gnu.*qemu-user-static"
    ):
        require_processor(PROCESSORS["cortex-a53"])
