"""FER+ votes: file, soft targets and the two majority rules."""

from __future__ import annotations

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.votes import VOTES_HEADER, ferplus_rule, majority, read_votes, vote_targets
from tests.support.data import tiny_rows, tiny_votes, write_votes

ANGRY, DISGUST, FEAR, HAPPY, SAD, SURPRISE, NEUTRAL = range(7)


def row(**counts: int) -> np.ndarray:
    """Returns votes uint8 [1, 10] with these columns."""
    return np.array([[counts.get(name, 0) for name in VOTES_HEADER[2:]]], np.uint8)


COLUMN_AND_LABEL = [
    ("neutral", NEUTRAL), ("happiness", HAPPY), ("surprise", SURPRISE), ("sadness", SAD),
    ("anger", ANGRY), ("disgust", DISGUST), ("fear", FEAR),
]  # fmt: skip


@pytest.mark.parametrize(("column", "label"), COLUMN_AND_LABEL)
def test_each_column_is_its_label(column, label):
    votes = row(**{column: 10})
    assert vote_targets(votes).argmax() == label
    assert majority(votes).tolist() == ferplus_rule(votes).tolist() == [label]
    assert len(FER2013_LABELS) == 7


def test_targets_are_shares_of_all_ten_columns():
    targets = vote_targets(np.concatenate([row(anger=2, neutral=3, contempt=5), row(NF=10), row()]))
    assert targets.dtype == np.float32
    assert np.allclose(targets, [[0.2, 0, 0, 0, 0, 0, 0.3], [0] * 7, [0] * 7])


@pytest.mark.parametrize(
    ("votes", "by_majority", "by_ferplus"),
    [
        (row(anger=4, neutral=3, fear=3), ANGRY, -1),  # 4 of 10 are no half
        (row(anger=4, neutral=2, fear=1, sadness=1, disgust=1, surprise=1), ANGRY, ANGRY),  # 4 of 6 kept
        (row(anger=5, neutral=5), -1, -1),
        (row(anger=5, neutral=3, fear=2), ANGRY, -1),  # half is not more than half
        (row(contempt=8, anger=2), -1, -1),
        (row(unknown=10), -1, -1),
        (row(NF=10), -1, -1),
        (row(anger=4, contempt=4, fear=2), -1, -1),
        (row(), -1, -1),
        (row(happiness=250, sadness=200), HAPPY, HAPPY),
    ],
)
def test_the_two_rules(votes, by_majority, by_ferplus):
    assert majority(votes).tolist() == [by_majority]
    assert ferplus_rule(votes).tolist() == [by_ferplus]
    assert majority(votes).dtype == ferplus_rule(votes).dtype == np.int64


def test_votes_of_another_shape_are_refused():
    for rule in (majority, ferplus_rule, vote_targets):
        with pytest.raises(ValueError, match="where"):
            rule(np.zeros((3, 7), np.uint8))


def test_a_votes_file_comes_back_as_written(tiny_votes_csv):
    votes, usages = read_votes(tiny_votes_csv)
    assert votes.dtype == np.uint8
    assert np.array_equal(votes, tiny_votes())
    assert usages == tiny_rows()[2]


def test_a_row_without_image_name_is_a_row(tmp_path):
    path = write_votes(tmp_path / "v.csv", ["Training"] * 2, tiny_votes(2))
    path.write_text(path.read_text().replace("fer0000001.png", ""))
    assert len(read_votes(path)[0]) == 2


HEADER = ",".join(VOTES_HEADER)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("\n", "the header is ''"),
        ("Usage,neutral\n", "the header is 'Usage,neutral' where fer2013new.csv has"),
        (HEADER.replace("sadness,anger", "anger,sadness") + "\nx", "the header is"),
        (HEADER + "\n", "no rows below the header"),
        (HEADER + "\nTraining,a.png" + ",1" * 9, "row 1: 11 columns where 12"),
        (HEADER + "\nTraining,a.png" + ",1" * 10 + "\nTraining,b.png,-1" + ",1" * 9, "row 2: a vote of '-1'"),
        (HEADER + "\nTraining,a.png,256" + ",1" * 9, "row 1: a vote of '256'"),
        (HEADER + "\nTraining,a.png,1.5" + ",1" * 9, "row 1: a vote of '1.5'"),
        (HEADER + "\nTraining,a.png," + ",1" * 9, "row 1: a vote of ''"),
    ],
)
def test_a_wrong_votes_file_is_refused(tmp_path, text, reason):
    path = tmp_path / "fer2013new.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"fer2013new\.csv") as caught:
        read_votes(path)
    assert reason in str(caught.value)


def test_a_binary_votes_file_is_refused(tmp_path):
    (tmp_path / "v.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InputError, match="not a text file"):
        read_votes(tmp_path / "v.csv")


def test_the_real_votes_give_the_published_counts(fer2013):
    test = fer2013.part(2)
    crowd = majority(test.votes)
    assert np.bincount(crowd[crowd >= 0]).tolist() == [316, 22, 92, 909, 424, 421, 1166]
    assert (ferplus_rule(test.votes) >= 0).sum() == 3137
    assert round(100 * (crowd == test.labels).sum() / 3350, 1) == 65.6
