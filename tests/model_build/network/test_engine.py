"""The two Kerases: nothing else imports one, and weights and training carry over to Keras 3 on JAX.

A process has one Keras 3 backend, so what runs on JAX runs in a subprocess.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.network import checkpoint
from model_build.network.engine import ENGINES, load_engine
from tests.support.paths import ROOT
from tests.support.training import BOTH, assert_same_state, untrained_checkpoint

ON_JAX = """
import dataclasses, json, sys
from pathlib import Path
import numpy as np
from tests.support.training import LABELS, TINY, TRAIN, Trained, states_kept, tiny_dataset
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.settings import AugmentSettings
from model_build.training.train import TrainPlan, train

folder, engine = Path(sys.argv[1]), load_engine("jax")
model = checkpoint.load(folder / "checkpoint.npz").model(engine.keras)
np.savez(folder / "logits.npz", *model.predict_on_batch(np.load(folder / "images.npy")))
facts = {
    "backend": engine.keras.backend.backend(),
    "version": engine.keras.__version__,
    "loaded": sorted({"tensorflow", "tf_keras"} & set(sys.modules)),
}
shape = dataclasses.replace(TINY, stages=TINY.stages[:1])
settings = dataclasses.replace(TRAIN, epochs=2, batch_size=104)
plan = TrainPlan(tiny_dataset(), shape, LABELS, settings, AugmentSettings())
with states_kept():
    whole = Trained(plan, folder / "whole", train(plan, folder / "whole", engine))
whole.copy_state(1, folder / "resumed")
train(plan, folder / "resumed", engine)
print(json.dumps(facts))
"""


@pytest.mark.parametrize("name", ["torch", "", "TensorFlow"])
def test_unknown_engine_is_refused(name: str):
    with pytest.raises(InputError, match=f"--engine {name}: use one of {', '.join(ENGINES)}"):
        load_engine(name)


def test_tensorflow_engine_is_keras_2_and_one():
    engine = load_engine()
    assert engine is load_engine("tensorflow")
    assert engine.keras.__name__ == "tf_keras"
    assert engine.keras.__version__.startswith("2.")


def test_reseeding_repeats_the_dropout_masks():
    engine, images = load_engine(), np.ones((8, 48, 48, 1), np.float32)
    model = untrained_checkpoint().model(engine.keras)
    answers = []
    for seed in (5, 5, 6):
        engine.reseed(model, seed)
        answers.append([np.asarray(model(images, training=True)) for _ in range(2)])
    (first, second), (again, second_again), (other, _) = answers
    assert np.array_equal(first, again)
    assert np.array_equal(second, second_again)
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.fixture(scope="module")
def on_jax(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """The folder that ON_JAX has filled, and what it printed."""
    pytest.importorskip("jax")
    folder = tmp_path_factory.mktemp("jax")
    checkpoint.save(folder / "checkpoint.npz", untrained_checkpoint(heads=BOTH))
    np.save(folder / "images.npy", np.random.default_rng(0).uniform(0, 1, (4, 48, 48, 1)).astype(np.float32))
    done = subprocess.run(
        [sys.executable, "-c", ON_JAX, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout.splitlines()[-1])


def test_jax_engine_is_keras_3_on_jax_without_tensorflow(on_jax: tuple[Path, dict]):
    _, facts = on_jax
    assert facts["backend"] == "jax"
    assert facts["version"].startswith("3.")
    assert facts["loaded"] == []


def test_weights_carry_over_to_keras_3(on_jax: tuple[Path, dict]):
    folder, _ = on_jax
    model = checkpoint.load(folder / "checkpoint.npz").model(load_engine().keras)
    expected = model.predict_on_batch(np.load(folder / "images.npy"))
    with np.load(folder / "logits.npz") as stored:
        for head, logits in enumerate(expected):
            assert np.ptp(logits) > 0.01
            np.testing.assert_allclose(stored[f"arr_{head}"], logits, atol=1e-4)


def test_training_on_jax_resumes_to_the_same_weights(on_jax: tuple[Path, dict]):
    folder, _ = on_jax
    assert_same_state(folder / "whole/state.npz", folder / "resumed/state.npz")


def test_a_checkpoint_trained_on_jax_loads_into_keras_2(on_jax: tuple[Path, dict]):
    folder, _ = on_jax
    stored = checkpoint.load(folder / "whole/checkpoint.npz")
    logits = stored.model(load_engine().keras).predict_on_batch(np.load(folder / "images.npy"))
    assert np.isfinite(logits).all()


def imports(path: Path) -> set[str]:
    """Returns the first part of every module name that a file imports, "tensorflow.keras" for that one."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [entry.name for entry in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] + [f"{node.module}.{entry.name}" for entry in node.names]
        if isinstance(node, ast.Attribute) and node.attr == "keras" and isinstance(node.value, ast.Name):
            names = ["tensorflow.keras"] if node.value.id in ("tf", "tensorflow") else []
        found |= {
            "tensorflow.keras" if name.startswith("tensorflow.keras") else name.split(".")[0]
            for name in names
        }
    return found


@pytest.mark.parametrize(
    ("modules", "home"),
    [
        ({"keras", "tf_keras", "tensorflow.keras"}, "network/engine.py"),
        ({"tensorflow_model_optimization"}, "quantization/fake_quantization.py"),
        ({"jax"}, "network/engine.py"),
    ],
)
def test_each_library_has_one_home(modules: set[str], home: str):
    files = [*ROOT.glob("model_build/**/*.py"), *ROOT.glob("converters/**/*.py")]
    assert len(files) > 30
    users = {path.relative_to(ROOT).as_posix() for path in files if imports(path) & modules}
    assert users == {f"model_build/{home}"}
