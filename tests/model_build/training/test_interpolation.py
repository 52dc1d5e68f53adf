"""Between the ends of a fine-tuning: weights, the point that is chosen, and the command."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import model_build.__main__ as build_main
from face_emotion.errors import InputError
from face_emotion.files import read_json, sha256_of
from model_build.network import checkpoint
from model_build.network.engine import load_engine
from model_build.training.interpolation import interpolate, interpolated
from model_build.training.selection import jury_of


@pytest.fixture(scope="module")
def ends(trained_float, tmp_path_factory):
    """A trained checkpoint, and one with other weights of the same shapes."""
    folder = tmp_path_factory.mktemp("ends")
    start = checkpoint.load(trained_float.folder / "checkpoint.npz")
    random = np.random.default_rng(3)
    moved = {
        name: (value * random.uniform(0.5, 1.5, value.shape)).astype(np.float32)
        for name, value in start.weights.items()
    }
    paths = folder / "start.npz", folder / "end.npz"
    checkpoint.save(paths[0], start)
    checkpoint.save(paths[1], replace(start, weights=moved))
    return paths


def test_every_weight_lies_between(ends):
    start, end = (checkpoint.load(path) for path in ends)
    quarter = interpolated(start, end, 0.25)
    for name, value in quarter.weights.items():
        np.testing.assert_allclose(value, 0.75 * start.weights[name] + 0.25 * end.weights[name], rtol=1e-5)
    for share, same in ((0.0, start), (1.0, end)):
        found = interpolated(start, end, share).weights
        assert all(np.array_equal(found[name], value) for name, value in same.weights.items())


def test_two_networks_that_are_not_alike_are_refused(ends, tmp_path):
    start, end = (checkpoint.load(path) for path in ends)
    for other in (replace(end, heads=("labels",)), replace(end, weights=dict(list(end.weights.items())[1:]))):
        with pytest.raises(InputError, match="two checkpoints of one architecture"):
            interpolated(start, other, 0.5)


def test_the_best_point_is_written_and_can_be_trained_on(ends, trained_float, tmp_path):
    engine, said = load_engine(), []
    points = interpolate(ends, trained_float.plan.dataset, engine, tmp_path / "between", say=said.append)
    assert [point.share for point in points] == [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]
    assert len(said) == 9
    best = min(points, key=lambda point: point.judgement.score)
    stored = checkpoint.load(tmp_path / "between/float/checkpoint.npz")
    assert stored.details["share"] == best.share
    assert (stored.details["start"], stored.details["end"]) == tuple(map(sha256_of, ends))
    judged = jury_of(trained_float.plan.dataset, stored.heads, stored.normalization).judge(
        stored.model(engine.keras)
    )
    assert judged.score == pytest.approx(best.judgement.score, abs=1e-6)
    written = read_json(tmp_path / "between/interpolation.json")
    assert written["chosen"] == best.share and len(written["points"]) == 9
    assert min(written["points"], key=lambda point: point["score"])["share"] == best.share


def test_the_place_may_be_given(ends, trained_float, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("model_build.data.sources.load_from_flags", lambda _: trained_float.plan.dataset)
    words = ["interpolate", "--data", "synthetic", *map(str, ends), "--out", str(tmp_path / "given")]
    assert build_main.main([*words, "--share", "0.3"]) == 0
    assert "0.300  accuracy" in capsys.readouterr().out
    stored = checkpoint.load(tmp_path / "given/float/checkpoint.npz")
    assert stored.details["share"] == 0.3
    start, end = (checkpoint.load(path) for path in ends)
    for name, value in stored.weights.items():
        np.testing.assert_allclose(value, 0.7 * start.weights[name] + 0.3 * end.weights[name], rtol=1e-5)
    written = read_json(tmp_path / "given/interpolation.json")
    assert written["chosen"] == 0.3 and len(written["points"]) == 1
    for wrong in ("1.2", "-0.1", "nan", "half", ""):
        with pytest.raises(SystemExit) as stopped:
            build_main.main([*words, f"--share={wrong}"])
        error = capsys.readouterr().err
        assert stopped.value.code == 2 and "--share" in error and "a number from 0 to 1 is expected" in error


def test_another_place_is_not_written_over_in_silence(ends, trained_float, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("model_build.data.sources.load_from_flags", lambda _: trained_float.plan.dataset)
    words = ["interpolate", "--data", "synthetic", *map(str, ends), "--out", str(tmp_path / "place")]
    path = tmp_path / "place/float/checkpoint.npz"
    assert build_main.main([*words, "--share", "0.25"]) == 0
    before = sha256_of(path)
    for other in (["--share", "0.5"], []):
        assert build_main.main([*words, *other]) == 2
        error = capsys.readouterr().err
        assert "is there already, and 0.25 of the way; give another --out, or --replace" in error
        assert sha256_of(path) == before
    assert build_main.main([*words, "--share", "0.25"]) == 0 and sha256_of(path) == before
    assert build_main.main([*words, "--replace"]) == 0
    assert build_main.main([*words, "--share", "0.25"]) == 2
    assert ", the best place; give another --out" in capsys.readouterr().err
    assert build_main.main([*words, "--share", "0.5", "--replace"]) == 0
    assert checkpoint.load(path).details["share"] == 0.5


def test_the_command_writes_nothing_for_files_it_cannot_use(ends, tmp_path, capsys):
    words = ["interpolate", "--data", "synthetic", "--out", str(tmp_path / "x")]
    (tmp_path / "text.npz").write_text("no checkpoint")
    for end, message in (("none.npz", "no such checkpoint"), ("text.npz", "not a checkpoint of this kit")):
        assert build_main.main([*words, str(ends[0]), str(tmp_path / end)]) == 2
        error = capsys.readouterr().err
        assert end in error and message in error and error.count("\n") == 1
    assert not (tmp_path / "x/float").exists()
