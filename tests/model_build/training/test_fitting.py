"""The loop that float training and fine-tuning share, with a scripted model: best epoch, epoch 0, what it writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from face_emotion.errors import InputError
from model_build.training.fitting import Job, fit
from model_build.training.selection import Judgement
from tests.support.training import UNCHANGED


def rows(folder: Path) -> list[dict]:
    """Returns history.json."""
    return json.loads((folder / "history.json").read_text())


class Scripted:
    """Stands in for a model: each training step adds 1 to its only weight."""

    def __init__(self) -> None:
        self.weight = np.zeros(1, np.float32)
        self.optimizer = SimpleNamespace(variables=[], learning_rate=0.1)

    def get_weights(self) -> list[np.ndarray]:
        return [self.weight.copy()]

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.weight = weights[0].copy()

    def reset_metrics(self) -> None:
        pass

    def train_on_batch(self, batch: np.ndarray, targets: np.ndarray) -> float:
        self.weight += 1
        return 1.0


def scripted_fit(folder: Path, accuracies: dict[float, float], start_at_zero: bool = False, **options):
    """Fits for 4 epochs of 4 steps; `accuracies` says 1 - log loss for a value of the weight."""

    class Scores:
        def judge(self, model: Scripted) -> Judgement:
            loss = 1 - accuracies[float(model.weight[0])]
            return Judgement(0.5, loss - 0.1, loss + 0.1)  # their mean chooses, not the accuracy

    job = Job(
        name="test",
        engine=SimpleNamespace(
            name="none", compile_augmentation=lambda function: function, reseed=lambda model, seed: None
        ),
        model=Scripted(),
        judge=Scripted(),
        images=np.zeros((8, 48, 48), np.uint8),
        targets=[np.zeros((8, 2), np.float32)],
        selection=Scores(),
        augment=UNCHANGED,
        epochs=4,
        batch_size=2,
        ema=0.0,
        seed=0,
        description={},
        **options,
    )
    return fit(job, folder, start_at_zero)


def test_the_first_of_the_best_epochs_is_kept(tmp_path: Path):
    best, history = scripted_fit(tmp_path, {4: 0.3, 8: 0.7, 12: 0.7, 16: 0.5})
    assert (best.epoch, best.judgement.score) == (2, pytest.approx(1 - 0.7))
    assert best.weights[0].tolist() == [8]  # a copy, not what later epochs made of it
    assert [row["selection_log_loss"] + 0.1 for row in history] == pytest.approx([0.7, 0.3, 0.3, 0.5])
    assert [row["selection_spoilt_log_loss"] - 0.1 for row in history] == pytest.approx([0.7, 0.3, 0.3, 0.5])
    assert [row["kept"] for row in history] == [True, True, False, False]


def test_the_last_epoch_is_kept_where_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    best, history = scripted_fit(tmp_path, {4: 0.3, 8: 0.7, 12: 0.7, 16: 0.5}, keep_last=True)
    assert (best.epoch, best.judgement.score) == (4, pytest.approx(1 - 0.5))
    assert best.weights[0].tolist() == [16]
    assert history[-1]["kept"]
    assert capsys.readouterr().out.count("the last is kept") == 4


@pytest.mark.parametrize(("untouched", "epoch"), [(0.8, 0), (0.7, 0), (0.6, 2)])
def test_epoch_0_competes_where_it_may(tmp_path: Path, untouched: float, epoch: int):
    best, history = scripted_fit(
        tmp_path, {0: untouched, 4: 0.3, 8: 0.7, 12: 0.7, 16: 0.5}, start_at_zero=True
    )
    assert best.epoch == epoch
    assert best.weights[0].tolist() == [4 * epoch]
    assert len(history) == 4


def test_nothing_is_missing_after_an_interruption_at_any_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    accuracies = {4: 0.3, 8: 0.7, 12: 0.7, 16: 0.5}
    for name in ("write_json", "state.save"):
        calls = []

        def interrupt(*arguments, calls=calls):
            calls.append(arguments)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(f"model_build.training.fitting.{name}", interrupt)
            scripted_fit(tmp_path / name, accuracies)
        assert len(calls) == 1
        scripted_fit(tmp_path / name, accuracies)
        assert [row["epoch"] for row in rows(tmp_path / name)] == [1, 2, 3, 4]


def test_a_state_of_another_engine_is_not_used(tmp_path: Path):
    scripted_fit(tmp_path, {4: 0.3, 8: 0.7, 12: 0.7, 16: 0.5})
    path, away = tmp_path / "state.npz", tmp_path / "away.npz"
    shutil.move(path, away)
    with np.load(away) as stored:
        arrays = dict(stored)
    header = json.loads(str(arrays["__state__"]))
    assert header["facts"]["engine"] == "none"
    header["facts"] |= {"engine": "another", "best": [0.5, 0.1]}
    np.savez(path, **(arrays | {"__state__": np.array(json.dumps(header))}))
    best, _ = scripted_fit(tmp_path, {4: 0.1, 8: 0.2, 12: 0.3, 16: 0.4})
    assert (best.epoch, best.judgement.score) == (4, pytest.approx(1 - 0.4))


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path):
    (tmp_path / "float").write_text("")
    with pytest.raises(InputError, match="a file stands where a folder should be"):
        scripted_fit(tmp_path / "float", {})


def test_progress_is_counted_by_full_batches():
    assert Job.steps.fget(SimpleNamespace(images=np.zeros(50), batch_size=16)) == 3
