"""The contract: written and read back without loss, and refused with the entry's name."""

from __future__ import annotations

import dataclasses
import json

import pytest

from face_emotion.contract import FER2013_LABELS, Contract, Crop, Smoothing, check_labels
from face_emotion.errors import InputError


def _plain() -> dict:
    return Contract().to_dict()


def test_round_trip_through_json():
    contract = Contract(
        labels=("ja", "nein", "vielleicht"),
        luma=(0.2, 0.7, 0.1),
        crop=Crop(box_width=0.7, box_center=(0.4, 0.6), max_samples=4),
        smoothing=Smoothing(time_constant=0.1, switch_margin=0.2, reset_after=3.0),
    )
    assert Contract.from_dict(json.loads(json.dumps(contract.to_dict()))) == contract
    assert Contract.from_dict(json.loads(json.dumps(_plain()))) == Contract()


def test_to_dict_holds_only_what_json_knows():
    plain = _plain()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["labels"] == list(FER2013_LABELS)
    assert plain["crop"]["box_center"] == [0.5, 0.58]


def test_reading_leaves_the_argument_alone():
    plain = _plain()
    Contract.from_dict(plain)
    assert plain == _plain()


def test_defaults_are_those_of_the_design():
    contract = Contract()
    assert contract.labels == ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    assert contract.input_size == 48
    assert contract.luma == (0.299, 0.587, 0.114)
    crop, smoothing = contract.crop, contract.smoothing
    assert (crop.box_width, crop.box_center, crop.max_samples) == (0.83, (0.50, 0.58), 16)
    assert (smoothing.time_constant, smoothing.switch_margin, smoothing.reset_after) == (0.35, 0.10, 1.0)


@pytest.mark.parametrize("value", [None, 3, "contract", ["labels"]])
def test_something_else_than_an_object_is_refused(value):
    with pytest.raises(InputError, match=r"^contract: an object"):
        Contract.from_dict(value)
    for part in ("crop", "smoothing"):
        with pytest.raises(InputError, match=rf"^contract\.{part}: an object"):
            Contract.from_dict(_plain() | {part: value})


@pytest.mark.parametrize("name", [entry.name for entry in dataclasses.fields(Contract)])
def test_a_missing_entry_is_named(name):
    plain = _plain()
    del plain[name]
    with pytest.raises(InputError, match=rf"^contract\.{name}: missing$"):
        Contract.from_dict(plain)


@pytest.mark.parametrize(
    "part, name",
    [
        (part, entry.name)
        for part, kind in (("crop", Crop), ("smoothing", Smoothing))
        for entry in dataclasses.fields(kind)
    ],
)
def test_a_missing_entry_of_a_part_is_named(part, name):
    plain = _plain()
    del plain[part][name]
    with pytest.raises(InputError, match=rf"^contract\.{part}\.{name}: missing$"):
        Contract.from_dict(plain)


@pytest.mark.parametrize("part", [(), ("crop",), ("smoothing",)])
def test_an_unknown_entry_is_named(part):
    plain = _plain()
    inner = plain
    for name in part:
        inner = inner[name]
    inner["colour"] = 1
    with pytest.raises(InputError, match=rf"^{'.'.join(('contract', *part, 'colour'))}: unknown entry$"):
        Contract.from_dict(plain)


@pytest.mark.parametrize("size", [0, 47, 64, None, "48"])
def test_another_input_size_is_refused(size):
    with pytest.raises(InputError, match=r"^contract\.input_size"):
        Contract.from_dict(_plain() | {"input_size": size})


@pytest.mark.parametrize(
    "labels, named",
    [
        ((), "0 classes"),
        (("one",), "1 classes"),
        (tuple(f"class {index}" for index in range(51)), "51 classes"),
        (("happy", ""), "''"),
        (("happy", "   "), "'   '"),
        (("happy", "two\nlines"), r"two\\nlines"),
        (("happy", "bell\a"), "bell"),
        (("happy", 3), "3"),
        (("happy", "sad", "Happy"), "'happy' and 'Happy'"),
        (("straße", "STRASSE"), "differ only in case"),
        (("happy", "happy"), "happy"),
    ],
)
def test_unusable_labels_are_refused(labels, named):
    with pytest.raises(InputError, match=named):
        check_labels(labels)
    with pytest.raises(InputError, match=named):
        Contract.from_dict(_plain() | {"labels": list(labels)})


def test_other_alphabets_and_fifty_classes_are_fine():
    check_labels(("радость", "печаль", "怒り"))
    check_labels(tuple(f"class {index}" for index in range(50)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("labels",), "happysad"),
        (("input_size",), 64),
        (("input_size",), 48.0),
        (("luma",), [0.3, 0.6]),
        (("luma",), [0.3, 0.6, "0.1"]),
        (("crop", "box_width"), 0),
        (("crop", "box_center"), 0.5),
        (("crop", "max_samples"), 2.5),
        (("crop", "max_samples"), True),
        (("smoothing", "time_constant"), -1),
        (("smoothing", "switch_margin"), 1.5),
        (("smoothing", "reset_after"), float("nan")),
        (("blend",), [0]),
        (("blend",), [101]),
        (("sharpness",), [0]),
        (("normalization", "tail_permille"), 500),
        (("normalization", "low"), 242),  # as bright as high
        (("normalization", "smallest_range"), 0),
        (("unsure_below",), 1.01),
    ],
)
def test_numbers_outside_their_range_are_refused(path: tuple[str, ...], value: object) -> None:
    stored = Contract().to_dict()
    entry = stored
    for key in path[:-1]:
        entry = entry[key]
    entry[path[-1]] = value
    with pytest.raises(InputError, match=path[-1]):
        Contract.from_dict(stored)
