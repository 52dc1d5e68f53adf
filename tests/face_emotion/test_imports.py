"""The runtime package needs no TensorFlow: a subprocess imports all of it and looks at what was loaded."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.support.paths import ROOT

IMPORT_ALL = """
import importlib, json, pkgutil, sys
import face_emotion
names = [entry.name for entry in pkgutil.walk_packages(face_emotion.__path__, "face_emotion.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(json.dumps([names, sorted({name.split(".")[0] for name in sys.modules})]))
"""
HEAVY = {"tensorflow", "keras", "tf_keras", "tensorflow_model_optimization", "tensorflowjs", "jax", "sklearn"}
OTHER_LAYERS = {"model_build", "converters", "web", "benchmarks"}


def test_face_emotion_imports_neither_tensorflow_nor_the_toolchain():
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    modules, loaded = json.loads(done.stdout.splitlines()[-1])
    assert "face_emotion.classifier" in modules
    assert not (HEAVY | OTHER_LAYERS) & set(loaded)
