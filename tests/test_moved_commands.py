"""A command that has moved ends at its old spelling with status 2 and one line that gives the new one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("converters verify models/small --data fer2013.tar.gz", "python -m model_build verify"),
        ("converters convert build/small", "python -m model_build convert"),
        ("converters golden models/small", "python -m model_build golden"),
        ("converters release build/small", "python -m model_build release"),
        ("converters benchmark build/small --rounds 9", "python -m benchmarks artifacts"),
        ("converters benchmark --peers --data d", "python -m benchmarks peers"),
        ("converters.face_detector --offline", "python -m model_build face-detector"),
        ("converters.golden_sequence", "python -m converters sequence"),
        ("converters.recognizer_benchmark models/small", "python -m benchmarks recognizer"),
        ("model_build benchmark --variant small", "python -m benchmarks training"),
        ("model_build.released small --print", "python -m model_build released"),
        ("model_build.seeds a b", "python -m model_build seeds"),
        ("model_build.ensemble a.npz --data d", "python -m model_build ensemble"),
        ("model_build.crop_calibration --data d", "python -m model_build crop-calibration"),
        ("web benchmark --leaks 10", "python -m benchmarks page"),
    ],
)
def test_the_old_spelling_names_the_new_one(old: str, new: str):
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", *old.split()], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert "has moved: use python -m " in done.stderr and new in done.stderr


def test_a_module_that_has_not_moved_is_imported_whatever_its_arguments_say():
    code = "import sys; sys.argv = ['x', '-m', 'model_build.seeds']; import model_build, converters; print('there')"
    done = subprocess.run(
        [sys.executable, "-c", code, "-m", "model_build.seeds"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "there\n"), done.stderr
