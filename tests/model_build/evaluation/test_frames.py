"""The figures of builds as one table: rows, values, and the command that writes them."""

from __future__ import annotations

import pandas as pd

from model_build.__main__ import main
from model_build.evaluation.frames import figures_frame
from tests.support.paths import ROOT

SMALL = ROOT / "models" / "small"


def test_a_row_for_each_build_artifact_and_set():
    frame = figures_frame([SMALL, ROOT / "models" / "nano"])
    row = frame.set_index(["build", "artifact", "set"]).loc["small", "int8", "PublicTest without leaked"]
    assert row["images"] == 3309
    assert row["low"] < row["accuracy"] < row["high"]
    assert list(frame.columns) == [
        "build", "artifact", "set", "images", "accuracy", "low", "high", "macro_f1", "balanced_accuracy",
        "worst_recall", "negative_log_likelihood", "ece",
    ]  # fmt: skip
    assert set(frame["build"]) == {"small", "nano"}
    assert not frame.isna().any().any()


def test_the_command_writes_what_pandas_reads_back_and_prints_a_column_a_build(tmp_path, capsys):
    path = tmp_path / "figures.csv"
    assert main(["figures", str(SMALL), "--csv", str(path)]) == 0
    pd.testing.assert_frame_equal(pd.read_csv(path), figures_frame([SMALL]))
    assert capsys.readouterr().out == f"{path}: {len(figures_frame([SMALL]))} rows\n"
    assert main(["figures", str(SMALL), str(ROOT / "models" / "base")]) == 0
    out = capsys.readouterr().out
    assert "base" in out and "small" in out and "PublicTest without leaked" in out


def test_a_folder_that_is_not_there_is_named(capsys):
    assert main(["figures", "nowhere"]) == 2
    assert capsys.readouterr().err == "error: nowhere: no such build folder\n"
