"""Our released networks beside others: scores, paired tests and clock, and what the table says of them."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import benchmarks.__main__ as benchmarks_main
from benchmarks.peers import measure as measure_module
from benchmarks.peers.measure import measure, released, write_peers
from benchmarks.peers.models import LiteRtNetwork, OpenPeer
from benchmarks.peers.networks import LABELS, PEERS
from benchmarks.peers.table import markdown, plot, sentences
from converters.manifest import read_contract
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import FER2013_LABELS, Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.evaluation import metrics
from model_build.synthetic.faces import draw_faces
from tests.support.paths import ROOT
from tests.support.tflite import write_tflite

MODELS = ROOT / "models"
RELEASED = MODELS / "small"
OURS = ["small/int8", "small/int8/labels", "small/int8/votes", "small/tfjs"]
REVERSED = tuple(reversed(LABELS))


def drawn(counts=(7, 21, 35)) -> Dataset:
    """Returns drawn faces in FER2013's classes: seven for training, 21 and 35 held out."""
    parts = [draw_faces(count, (4, split)) for split, count in enumerate(counts)]
    return Dataset(
        images=np.concatenate([images for images, _ in parts]),
        labels=np.concatenate([labels for _, labels in parts]),
        split=np.repeat(np.uint8([TRAINING, SELECTION, TEST]), counts),
        class_names=FER2013_LABELS,
        name="drawn",
    )


def _peer(name: str, answer: int | None, timed: Path) -> OpenPeer:
    """Returns a peer that answers one class always, or the labels of `drawn()` (None), in reversed order.

    timed: the .tflite file that is put before the clock.
    """
    data = drawn()
    known = {image.tobytes(): label for image, label in zip(data.images, data.labels, strict=True)}

    def answers(rows):
        chosen = [known[row.tobytes()] if answer is None else answer for row in rows]
        return np.eye(7)[[6 - label for label in chosen]]

    peer = replace(PEERS[0], name=name, title=f"`{name}`", prepare=lambda images: images, labels=REVERSED)
    order = tuple(REVERSED.index(label) for label in LABELS)
    return OpenPeer(peer, 1234, answers, order, timed)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """What is measured of models/small, of a peer that knows all and of one that knows nothing."""
    with pytest.MonkeyPatch.context() as patched:

        class Silent(LiteRtNetwork):
            def run(self, rows):
                return super().run(np.zeros((1, 48, 48, 1), np.float32))

        patched.setattr(measure_module, "LiteRtNetwork", Silent)
        timed = write_tflite(tmp_path_factory.mktemp("peers") / "peer.tflite", quantized=False)
        peers = [_peer("constant", 3, timed), _peer("oracle", None, timed)]
        return measure(drawn(), [RELEASED], peers, {"constant": 10, "oracle": 20}, rounds=2)


def test_every_network_is_scored_and_timed(result):
    assert list(result["networks"]) == [*OURS, "constant", "oracle"]
    assert result["networks"]["oracle"]["sets"]["test"]["accuracy"] == 1.0
    share = float((drawn().labels[-35:] == 3).mean())
    assert result["networks"]["constant"]["sets"]["test"]["accuracy"] == pytest.approx(share)
    for entry in result["networks"].values():
        assert 0 < entry["median_ms"] <= entry["p90_ms"]
        assert set(entry["sets"]) == {
            "validation", "validation without leaked", "test", "test without leaked",
        }  # fmt: skip
    assert result["networks"]["small/int8"]["runtime"] == "LiteRT, XNNPACK"
    assert result["networks"]["small/tfjs"]["runtime"] == "TF.js, WebAssembly"
    parameters = read_json(RELEASED / "manifest.json")["network"]["parameters"]
    assert result["networks"]["small/int8"]["parameters"] == parameters


def right_ones(head: str) -> np.ndarray:
    """Which of the 35 test faces the released int8 file gets right when it answers for a head."""
    data = drawn()
    classifier = TfliteClassifier(RELEASED / "int8.tflite", read_contract(RELEASED), head)
    return classifier.probabilities(data.images[-35:]).argmax(axis=1) == data.labels[-35:]


@pytest.mark.parametrize(
    ("name", "head"), [("small/int8", "both"), ("small/int8/labels", "labels"), ("small/int8/votes", "votes")]
)
def test_every_head_has_a_row_of_its_own_answers_and_of_its_files_cost(result, name, head):
    entry, whole = result["networks"][name], result["networks"]["small/int8"]
    assert (entry["head"], entry["ours"], entry["source"]) == (
        head, True, {"folder": "models/small", "artifact": "int8"},
    )  # fmt: skip
    assert entry["sets"]["test"]["accuracy"] == pytest.approx(right_ones(head).mean())
    for cost in ("bytes", "parameters", "median_ms", "p90_ms", "runtime"):
        assert entry[cost] == whole[cost]
    said = "" if head == "both" else f", {head} head"
    assert entry["title"] == f"this kit, `models/small/int8.tflite`{said}"


def test_ours_are_paired_with_the_best_peer_of_each_set(result):
    assert list(result["comparisons"]) == OURS
    for name, head in zip(OURS, ("both", "labels", "votes"), strict=False):
        found = result["comparisons"][name]["test"]
        assert found == {"peer": "oracle"} | metrics.mcnemar(right_ones(head), np.ones(35, bool))


def test_a_network_with_one_head_has_no_rows_of_heads(tmp_path, monkeypatch):
    contract = Contract(heads=("votes",))
    monkeypatch.setattr(measure_module, "read_contract", lambda folder: contract)
    assert measure_module._forms(tmp_path) == [("int8", "both"), ("tfjs", "both")]
    stated = {"contract": contract.to_dict(), "network": {"parameters": 5}}
    monkeypatch.setattr(measure_module, "read_manifest", lambda folder: stated)
    assert measure_module._ours(tmp_path, "int8", "both")["head"] == "votes"


def test_the_table_puts_ours_first_and_the_best_peer_next(result):
    lines = markdown(result).splitlines()
    assert [re.search(r"models/small/[^*]+|constant|oracle", line).group() for line in lines[2:]] == [
        "models/small/int8.tflite`", "models/small/int8.tflite`, labels head",
        "models/small/int8.tflite`, votes head", "models/small/tfjs`", "oracle", "constant",
    ]  # fmt: skip
    assert len({line.count("|") for line in lines}) == 1
    assert "100.00 % (90.1–100.0)" in lines[6] and "| 1,234 |" in lines[6]
    found = sentences(result)
    assert [sentence.partition(" is ")[0] for sentence in found] == [
        "`models/small`", "`models/small`, labels head,", "`models/small`, votes head,",
    ]  # fmt: skip
    assert all("points below the best peer on test (`oracle`)" in sentence for sentence in found)


def test_what_answers_as_the_crowd_is_judged_by_the_crowds_rule(result, tmp_path):
    votes = copy.deepcopy(result)
    for number, entry in enumerate(votes["networks"].values()):
        entry["sets"]["test FER+ own rule"] = entry["sets"]["test"] | {"accuracy": 0.8 + number / 100}
    for by_set in votes["comparisons"].values():
        by_set["test FER+ own rule"] = by_set["test"]
    default, labels, crowd = sentences(votes)
    assert all("best peer on test (" in sentence for sentence in (default, labels))
    assert "best peer on test FER+ own rule (" in crowd
    lines = markdown(votes).splitlines()
    assert "FER+ own rule, 35" in lines[0]
    assert "| 80.00 % |" in lines[2] and "| 81.00 % |" in lines[3]  # not what these were trained for
    assert "| **82.00 %** (" in lines[4] and lines[4].count("**") == 4
    votes["networks"]["small/int8"]["head"] = "votes"  # of a network that has no other head
    assert "best peer on test FER+ own rule (" in sentences(votes)[0]
    plot(votes, tmp_path / "votes.png")
    plot(result, tmp_path / "labels.png")
    assert (tmp_path / "votes.png").read_bytes() != (tmp_path / "labels.png").read_bytes()


def test_one_file_is_one_point_of_the_plot(result, tmp_path):
    without = copy.deepcopy(result)
    for name in ("small/int8/labels", "small/int8/votes"):
        del without["networks"][name]
    plot(result, tmp_path / "all.png")
    plot(without, tmp_path / "without.png")
    assert (tmp_path / "all.png").read_bytes() == (tmp_path / "without.png").read_bytes()


def test_the_plot_is_a_picture(result, tmp_path):
    plot(result, tmp_path / "assets" / "peers.png")
    assert (tmp_path / "assets" / "peers.png").read_bytes().startswith(b"\x89PNG")


def test_released_models_are_found_and_the_detector_is_none_of_them(tmp_path):
    assert RELEASED in released(MODELS, FER2013_LABELS)
    assert MODELS / "face_detector" not in released(MODELS, FER2013_LABELS)
    with pytest.raises(InputError, match="no released model that answers cat, dog"):
        released(MODELS, ("cat", "dog"))
    with pytest.raises(InputError, match="no released model"):
        released(tmp_path, FER2013_LABELS)


def test_what_is_measured_is_written_with_the_command_that_repeats_it(monkeypatch, tmp_path):
    monkeypatch.setattr(measure_module, "PEERS", PEERS[:1])
    package = tmp_path / "package"
    (package / "models").mkdir(parents=True)
    (package / "models/emotion.bin").write_bytes(b"12345")
    monkeypatch.setattr(measure_module, "fetch", lambda peer, cache: package)
    monkeypatch.setattr(measure_module, "open_peer", lambda *_: "opened")
    monkeypatch.setattr(measure_module, "released", lambda *_: [])
    monkeypatch.setattr(
        measure_module, "measure", lambda data, ours, peers, sizes, rounds: {"sizes": sizes, "x": 1 / 3}
    )
    result = write_peers(drawn(), tmp_path, "the command")
    assert result == {"command": "the command", "sizes": {"human": 5}, "x": 0.333333}
    assert read_json(tmp_path / "PEERS.json") == result


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: --data"),
        (["models/small", "--data", "synthetic"], "unrecognized arguments: models/small"),
    ],
)
def test_flags_that_do_not_go_together_are_one_line(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        benchmarks_main.main(["peers", *arguments])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_the_command_prints_the_table_and_draws_the_plot(monkeypatch, result, tmp_path, capsys):
    def written(dataset, models, command, rounds):
        write_json(models / "PEERS.json", result)
        assert command.startswith("python -m benchmarks")
        return result

    monkeypatch.setattr(measure_module, "write_peers", written)
    arguments = ["peers", "--data", "synthetic", "--models", str(tmp_path)]
    assert benchmarks_main.main([*arguments, "--plot", str(tmp_path / "peers.png")]) == 0
    assert markdown(result) in capsys.readouterr().out
    assert (tmp_path / "peers.png").is_file()
