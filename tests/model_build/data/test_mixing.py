"""Several data sets as one: classes by name, rows that know their set, votes of one set, pictures that two have."""

from __future__ import annotations

import numpy as np
import pytest

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.audit import audit
from model_build.data.audit_text import format_text
from model_build.data.dataset import TRAINING, Dataset
from model_build.data.mixing import mix, parse_classes, shared_with_others
from model_build.data.splits import USAGES
from model_build.evaluation.evaluate import evaluation_sets
from model_build.training.selection import selection_rows
from model_build.training.targets import heads_for, target_rows
from tests.support.data import counts_of

NOTHING = parse_classes([])
THREE = ("angry", "happy", "sad")


def noise(
    class_names=THREE, seed=0, votes=False, name="noise", names=("train", "validation", "test")
) -> Dataset:
    """Two random images of each class in each split; with votes, ten for "happiness" each."""
    classes = len(class_names)
    count = 6 * classes
    images = np.random.default_rng(seed).integers(0, 256, (count, 48, 48), dtype=np.uint8)
    counts = np.zeros((count, 10), np.uint8)
    counts[:, 1] = 10
    split = np.repeat(np.arange(3, dtype=np.uint8), 2 * classes)
    labels = np.arange(count) % classes
    return Dataset(images, labels, split, tuple(class_names), names, counts if votes else None, name)


def test_rows_stand_one_set_after_another_and_know_it():
    first, second = noise(), noise(seed=1, name="reader's")
    mixed = mix([("A", first), ("B", second)], NOTHING)
    assert (mixed.name, mixed.sources, mixed.origins) == ("A + B", ("A", "B"), ("noise", "reader's"))
    assert mixed.class_names == THREE
    assert counts_of(mixed) == [[4, 4, 4]] * 3
    assert mixed.source.tolist() == 18 * [0] + 18 * [1]
    np.testing.assert_array_equal(mixed.images, np.concatenate([first.images, second.images]))
    alone = mixed.of_source(1)
    assert (alone.name, alone.source, alone.digest) == ("B", None, second.digest)
    assert mix([("A", first), ("B", second)], NOTHING).digest == mixed.digest
    others = [mix([("B", second), ("A", first)], NOTHING), mix([("A", first), ("C", second)], NOTHING)]
    assert len({mixed.digest, *(other.digest for other in others)}) == 3


def test_a_digest_of_one_set_is_what_it_was():
    assert mix([("A", noise())], NOTHING).digest == noise().digest
    # As before data sets could be mixed: digests stand in the manifests of the released models.
    assert noise().digest == "4b6ed48f175c451b9c5dfca7beda47513ae40adc5200d2e5ebd545d4305fc4af"


def test_classes_are_mapped_left_out_and_trained_though_a_set_lacks_them():
    parts = [("A", noise()), ("B", noise(("anger", "contempt", "sad", "joy", "rage"), seed=1))]
    mixed = mix(parts, parse_classes(["angry=anger,angry=rage", "=contempt", "happy=joy"]))
    assert mixed.class_names == THREE
    assert counts_of(mixed.of_source(1)) == [[4, 2, 2]] * 3  # anger and rage together
    spare = mix([("A", noise()), ("B", noise(("angry", "sad"), seed=1))], parse_classes(["happy="]))
    assert counts_of(spare.of_source(1)) == [[2, 0, 2]] * 3
    assert counts_of(spare.of_source(0)) == [[2, 2, 2]] * 3


def test_fer2013s_classes_keep_the_contracts_order_and_contempt_stands_behind():
    parts = [("A", noise(sorted(FER2013_LABELS))), ("B", noise((*FER2013_LABELS, "contempt"), seed=1))]
    assert mix(parts, parse_classes(["contempt="])).class_names == (*FER2013_LABELS, "contempt")
    assert mix(parts, parse_classes(["=contempt"])).class_names == FER2013_LABELS


@pytest.mark.parametrize(
    ("second", "classes", "said"),
    [
        (
            ("joy", "rage"),
            [],
            "--data: no class that all data sets have (A: angry, happy, sad; B: joy, rage); --classes LABEL=NAME says "
            "which are the same",
        ),
        (
            ("angry", "happy", "sorrow"),
            [],
            "--data: B has no class 'sad', which A has; --classes sad=sorrow if they are the same, =sad leaves it out, "
            "sad= trains it all the same",
        ),
        (
            ("anger", "happy", "sad"),
            [],
            "--data: A has no class 'anger', which B has; --classes angry=anger if they are the same, =anger leaves it "
            "out, anger= trains it all the same",
        ),
        (
            ("angry", "happy"),
            [],
            "--data: B has no class 'sad', which A has; --classes =sad leaves it out, sad= trains it all the same",
        ),
        (
            THREE,
            ["happy=joy"],
            "--classes: no data set has a class 'joy' (A: angry, happy, sad; B: angry, happy, sad); spell it as it "
            "stands there",
        ),
        (THREE, ["joy="], "--classes: no data set has a class 'joy'"),
        (THREE, ["=angry,=happy,=sad"], "--classes: every class is left out"),
        (THREE, ["=angry,=happy"], "2 to 50"),
    ],
)
def test_classes_that_do_not_fit_are_named_with_their_set(second, classes, said):
    with pytest.raises(InputError) as refused:
        mix([("A", noise()), ("B", noise(second, seed=1))], parse_classes(classes))
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("entry", ["joy", "=", "a=b,c=b"])
def test_an_entry_of_classes_that_says_nothing_is_refused(entry):
    with pytest.raises(
        InputError, match=r"--classes .*: LABEL=NAME, =NAME to leave one out or LABEL= for one"
    ):
        parse_classes([entry])


def test_a_set_without_votes_asks_the_votes_head_for_nothing():
    first = noise(FER2013_LABELS, votes=True, names=USAGES)
    mixed = mix([("fer", first), ("own", noise(FER2013_LABELS, seed=1))], NOTHING)
    assert mixed.split_names == ("train", "validation", "test")
    assert heads_for("auto", mixed) == ("labels", "votes")
    labels, votes = target_rows(mixed.part(TRAINING), ("labels", "votes"), 0.0, 0.0)
    assert labels.sum(axis=1).tolist() == 28 * [1.0]
    assert votes.sum(axis=1).tolist() == 14 * [1.0] + 14 * [0.0]
    assert selection_rows(mixed, "votes")[0].tolist() == list(range(14, 28))  # of the set with votes alone
    assert heads_for("auto", mixed.of_source(0)) == ("labels", "votes")
    assert heads_for("auto", mixed.of_source(1)) == ("labels",)
    found = audit(mixed)["ferplus"]
    assert found["images_without_votes"] == 0  # those of the other set are no faces that nobody took for one
    assert found["majority"]["test"]["images"] == 14


@pytest.mark.parametrize("classes", ["=neutral", "sad=fear,fear=sad", "glad=happy"])
def test_votes_need_fer2013s_classes(classes):
    parts = [("fer", noise(FER2013_LABELS, votes=True)), ("own", noise(FER2013_LABELS, seed=1))]
    with pytest.raises(
        InputError, match="--votes: FER\\+ votes answer for FER2013's seven classes under their own"
    ):
        mix(parts, parse_classes([classes]))


def test_a_picture_of_one_sets_test_part_in_anothers_training_part_is_found_and_left_out():
    first, second = noise(), noise(seed=1)
    second.images[12], second.images[13] = first.images[0], first.images[1]  # test, training
    second.images[6] = first.images[2]  # validation, training
    first.images[15] = second.images[14]  # test, test: no leak
    second.images[17] = second.images[3]  # within one set: a leak, but not another set's
    mixed = mix([("A", first), ("B", second)], NOTHING)
    assert shared_with_others(mixed) == {"B": 3}
    assert np.flatnonzero(mixed.leaked()).tolist() == [24, 30, 31, 35]
    assert {name: len(rows) for name, (rows, _) in evaluation_sets(mixed).items()} == {
        "validation": 12,
        "validation without leaked": 11,
        "validation, A": 6,
        "validation, A without leaked": 6,
        "validation, B": 6,
        "validation, B without leaked": 5,
        "test": 12,
        "test without leaked": 9,
        "test, A": 6,
        "test, A without leaked": 6,
        "test, B": 6,
        "test, B without leaked": 3,
    }
    assert 24 not in selection_rows(mixed, "labels")[0]
    found = audit(mixed)
    assert found["sources"] == [
        {
            "name": "A",
            "images": {"train": 6, "validation": 6, "test": 6},
            "also_in_others": {"train": 3, "validation": 0, "test": 1},
        },
        {
            "name": "B",
            "images": {"train": 6, "validation": 6, "test": 6},
            "also_in_others": {"train": 0, "validation": 1, "test": 3},
        },
    ]
    text = format_text(found)
    assert "│ A        │ 6 (3) │      6 (0) │ 6 (1) │" in text
    assert "│ B        │ 6 (0) │      6 (1) │ 6 (3) │" in text


def test_one_set_has_nothing_of_others():
    assert shared_with_others(noise()) == {}
    assert audit(noise())["sources"] == []
