"""One released model on one processor: in how many inputs logits, answers and the file's own probabilities differ."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.processors.inputs import faces_and_others
from face_emotion.arrays import Bytes
from face_emotion.classifier import TfliteClassifier
from face_emotion.errors import InputError
from face_emotion.model_files import ModelFolder
from face_emotion.normalization import normalized

ROOT = Path(__file__).resolve().parent.parent.parent
XNNPACK, PLAIN = "xnnpack", "plain"
RUNS = (  # processor, kernels
    ("x86-64", XNNPACK),
    ("cortex-a53", XNNPACK),
    ("cortex-a76", XNNPACK),
    ("armv9", XNNPACK),
    ("x86-64", PLAIN),
    ("cortex-a76", PLAIN),
)


@dataclass(frozen=True)
class Row:
    """How a run differs from Python's LiteRT with XNNPACK on this machine, over `inputs` inputs.

    logits, answers, labels, probabilities: inputs whose logits, float32 answers, likeliest labels and own
    `probabilities` bytes are others; logit_steps, probability_steps: the largest difference, in steps of the
    tensor's scale; milliseconds: the (emulated) processor's time an input; version: TensorFlow Lite's.
    """

    model: str
    processor: str
    kernels: str
    inputs: int
    logits: int
    logit_steps: int
    answers: int
    labels: int
    probabilities: int
    probability_steps: int
    milliseconds: float
    version: str


def measure(folders: Sequence[Path], count: int, runs: Sequence[tuple[str, str]] = RUNS) -> Iterator[Row]:
    """Yields a row for each model folder and run.

    Raises InputError for a folder that is no model of format 2, or with what mobile.android.ci.native complains of.
    """
    faces = faces_and_others(count)
    for folder in folders:
        model = ModelFolder.open(folder)
        classifier = TfliteClassifier(model.artifact("int8"), model.contract)
        here = [np.asarray(values, np.uint8) for values in classifier.outputs(faces)]
        if len(here) != 2:
            raise InputError(f"{folder}: a model of format 2 is expected, whose file gives logits")
        given = normalized(faces, model.contract.normalization)
        for processor, kernels in runs:
            there, version, milliseconds = _run(model.artifact("int8"), given, processor, kernels)
            probabilities, logits = np.split(there, [here[0].shape[1]], axis=1)
            yield Row(
                model=folder.name,
                processor=processor,
                kernels=kernels,
                inputs=count,
                **_differences("logits", "logit_steps", here[1], logits),
                **_answers(classifier, here[1], logits),
                **_differences("probabilities", "probability_steps", here[0], probabilities),
                milliseconds=round(milliseconds / count, 3),
                version=version,
            )


def _differences(inputs: str, steps: str, here: Bytes, there: Bytes) -> dict[str, int]:
    apart = np.abs(here.astype(int) - there.astype(int)).max(axis=1)
    return {inputs: int((apart > 0).sum()), steps: int(apart.max())}


def _answers(classifier: TfliteClassifier, here: Bytes, there: Bytes) -> dict[str, int]:
    ours, theirs = classifier.answers(here), classifier.answers(there)
    return {
        "answers": int((ours != theirs).any(axis=1).sum()),
        "labels": int((ours.argmax(axis=1) != theirs.argmax(axis=1)).sum()),
    }


def _run(model: Path, given: Bytes, processor: str, kernels: str) -> tuple[Bytes, str, float]:
    """What the native library gives for each input, [N,bytes], its version, and milliseconds in all.

    Called as the command that it is: mobile's scripts and the benchmarks know nothing of each other.
    """
    with tempfile.TemporaryDirectory() as scratch:
        inputs, answers = Path(scratch) / "inputs.bin", Path(scratch) / "answers"
        inputs.write_bytes(given.tobytes())
        command = [
            *(sys.executable, "-m", "mobile.android.ci.native", str(model.resolve()), str(inputs)),
            *(str(answers), "--processors", processor, "--kernels", kernels),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        if done.returncode:
            reason = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
            raise InputError(reason.removeprefix("error: "))
        said = re.search(r"TensorFlow Lite (\S+) (\d+) ms", done.stdout)
        if said is None:
            raise InputError(f"mobile.android.ci.native said {done.stdout.strip()!r}")
        outputs = np.frombuffer((answers / f"{processor}.bin").read_bytes(), np.uint8)
    return outputs.reshape(len(given), -1), said[1], float(said[2])


HEAD = """| model | processor | kernels | logits | answers | labels | the file's `probabilities` | ms an input |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |"""


def markdown(rows: Sequence[Row]) -> str:
    """Returns the table of the rows: inputs that differ, and by how many steps at most."""
    return "\n".join([HEAD, *(_line(row) for row in rows)])


def _line(row: Row) -> str:
    cells = (
        f"`{row.model}`",
        row.processor,
        "XNNPACK" if row.kernels == XNNPACK else "without XNNPACK",
        _cell(row.logits, row.logit_steps),
        str(row.answers),
        str(row.labels),
        _cell(row.probabilities, row.probability_steps),
        f"{row.milliseconds:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _cell(inputs: int, steps: int) -> str:
    return f"{inputs}, by {steps} step{'s' * (steps > 1)}" if inputs else "0"


def summary(rows: Sequence[Row]) -> dict[str, object]:
    """Returns what is written as JSON: every figure of every row."""
    return {"rows": [dataclasses.asdict(row) for row in rows]}
