"""Two processes that train together take the steps that one process takes.

Where a network is smooth they agree to the rounding of sums. ReLU6 has kinks: on which side of one a unit falls is up
to the last bit, so that the float32 gradients of one process, computed in two orders, differ by about a hundredth
already (docs/SCALE.md). The rounding is therefore compared with softplus in ReLU6's place, and ReLU6 over five epochs.
"""

from __future__ import annotations

import numpy as np
import pytest

from model_build.training.crew import ALONE
from tests.support.hosts import SEEN, addresses, batches_of, listed, made, start, trained


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, np.ndarray]]:
    """What two processes brought in each of CASES."""
    folder, hosts = tmp_path_factory.mktemp("together"), addresses(2)
    workers = [start(["tests.support.hosts", hosts, str(rank), str(folder)]) for rank in range(2)]
    said = [worker.communicate(timeout=900)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    return {path.stem: dict(np.load(path)) for path in folder.glob("*.npz")}


def apart(one: dict[str, np.ndarray], two: dict[str, np.ndarray], kind: str) -> float:
    """Returns the largest difference in an array, over the largest value in it."""
    names = [name for name in one if name.startswith(kind)]
    assert len(names) > 10 and one.keys() == two.keys()
    return max(
        np.abs(one[name].astype(float) - two[name]).max() / max(np.abs(one[name]).max(), 1e-3)
        for name in names
    )


@pytest.mark.parametrize(("case", "tolerance"), [("sgd", 2e-4), ("muon", 2e-4), ("half", 0.15)])
def test_three_steps_of_a_smooth_network_are_the_same_to_rounding(
    together: dict, case: str, tolerance: float
):
    alone = trained(case)
    assert len(alone["losses"]) == 3 and alone["losses"][2] < 0.8 * alone["losses"][0]
    assert together[case]["losses"] == pytest.approx(alone["losses"], rel=tolerance / 20)
    assert apart(alone, together[case], "weights") < tolerance
    assert apart(alone, together[case], "optimizer") < tolerance


def test_five_epochs_have_the_same_curve(together: dict):
    alone, both = trained("epochs"), together["epochs"]
    assert both["losses"][0] == pytest.approx(alone["losses"][0], rel=1e-6)
    curves = [run["losses"].reshape(5, -1).mean(axis=1) for run in (alone, both)]
    assert curves[0][4] < 0.8 * curves[0][0]  # it learns
    assert curves[1] == pytest.approx(curves[0], rel=0.1)
    # 64 images. One process, seeds 3 to 8: 0.53 to 0.83 (2026-11-29), a spread of 0.3.
    assert both["accuracy"] == pytest.approx(alone["accuracy"], abs=0.3)
    assert alone["accuracy"] > 0.6


def test_each_step_of_a_long_training_is_the_one_that_one_process_takes_from_there(together: dict):
    job, both = made("epochs", ALONE), together["epochs"]
    kinds = [weight.name.split("/")[-1] for layer in job.model.layers for weight in layer.weights]
    assert kinds.count("moving_mean:0") == kinds.count("moving_variance:0") == 11
    for number, (batch, rows) in enumerate(batches_of(job)):
        if number not in SEEN:
            job.crew.step(job.model, batch, rows)  # draws its dropout mask too
            continue
        before, ours = listed(both, f"before/{number}"), listed(both, f"after/{number}")
        job.crew.put(job.model, before)
        loss = job.crew.step(job.model, batch, rows)
        assert both["losses"][number] == pytest.approx(loss, rel=1e-5)
        alone = job.crew.weights_of(job.model)
        for index, kind in enumerate(kinds):
            moved = np.linalg.norm(alone[index] - before[index])
            apart = np.linalg.norm(alone[index] - ours[index])
            if kind == "moving_mean:0":  # in standard deviations: a mean may stand still
                moved = np.linalg.norm(np.sqrt(alone[index + 1]))
                assert apart < 1e-5 * moved, (number, index)
            elif kind == "moving_variance:0":
                assert apart < 1e-3 * moved, (number, index)
            elif kind == "kernel:0":
                assert apart < 0.01 * moved, (number, index)


def test_both_processes_hold_the_same_and_average_it_as_one_does(together: dict):
    both = together["epochs"]
    assert all(np.array_equal(both[name], together["epochs-1"][name], equal_nan=True) for name in both)
    average = listed(both, "before/0")[: len(listed(both, "weights"))]
    for step in range(4, 131, 4):
        keep = min(0.9, (1 + step) / (10 + step)) ** 4
        pairs = zip(average, listed(both, f"update/{step}"), strict=False)
        average = [keep * mean + (1 - keep) * weight for mean, weight in pairs]
    for mean, found in zip(average, listed(both, "average"), strict=True):
        np.testing.assert_allclose(found, mean, rtol=1e-4, atol=1e-6)
