"""Settings: limits named by flag, help texts, and the way from a command line to a settings object and back."""

from __future__ import annotations

import argparse
import dataclasses

import pytest

from benchmarks.__main__ import parser as benchmarks_parser
from face_emotion.errors import InputError
from model_build.command_line import parser as command_parser
from model_build.settings import (
    SETTINGS,
    AugmentSettings,
    QuantizeSettings,
    TrainSettings,
    add_flags,
    from_flags,
    shares,
    to_dict,
)

FIELDS = [(cls, field) for cls in SETTINGS for field in dataclasses.fields(cls)]
NAN = float("nan")


def parse(*words: str) -> argparse.Namespace:
    """Parses flags of all settings."""
    parser = argparse.ArgumentParser()
    for cls in SETTINGS:
        add_flags(parser, cls)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("cls", "name", "value"),
    [
        (TrainSettings, "epochs", -1),
        (TrainSettings, "epochs", -3),
        (TrainSettings, "batch_size", 0),
        (TrainSettings, "batch_size", -1),
        (TrainSettings, "learning_rate", 0.0),
        (TrainSettings, "learning_rate", -0.1),
        (TrainSettings, "learning_rate", NAN),
        (TrainSettings, "warmup", 1.0),
        (TrainSettings, "weight_decay", -1e-4),
        (TrainSettings, "ema", 1.0),
        (TrainSettings, "label_smoothing", 1.0),
        (TrainSettings, "class_weight", -0.5),
        (TrainSettings, "votes_weight", -1.0),
        (TrainSettings, "distill", 1.1),
        (TrainSettings, "teacher_mirror", 2),
        (TrainSettings, "temperature", 0.0),
        (TrainSettings, "seed", -1),
        (QuantizeSettings, "qat_epochs", -1),
        (QuantizeSettings, "qat_learning_rate", -0.1),
        (QuantizeSettings, "qat_calibration", 0),
        (QuantizeSettings, "qat_muon_rate", 0.0),
        (AugmentSettings, "gamma", 3.1),
        (AugmentSettings, "soften", 1.1),
        (AugmentSettings, "jpeg", -0.1),
    ],
)
def test_values_that_cannot_be_used_are_refused_by_their_flag(cls: type, name: str, value: float):
    flag = f"--{name.replace('_', '-')}"
    with pytest.raises(InputError, match=f"^{flag} {value}: must") as caught:
        from_flags(cls, parse(flag, str(value)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("cls", "field"), FIELDS, ids=[field.name for _, field in FIELDS])
def test_every_field_has_a_help_text_that_ends_with_its_default(cls: type, field: dataclasses.Field):
    parser = argparse.ArgumentParser()
    add_flags(parser, cls)
    (action,) = (entry for entry in parser._actions if entry.dest == field.name)
    assert len(field.metadata["help"]) > 10
    default = f" (default {field.default})" if field.default != "" else ""  # of none the text says so
    assert action.help == f"{field.metadata['help']}{default}"
    assert action.option_strings == [f"--{field.name.replace('_', '-')}"]


def test_no_name_stands_in_two_classes():
    names = [field.name for _, field in FIELDS]
    assert len(names) == len(set(names))  # to_dict merges them


def test_flags_round_trip():
    changed = {
        field.name: type(field.default)(field.default * 0.5 + 1)
        if field.type != "str"
        else {
            "targets": "labels",
            "precision": "bfloat16",
            "optimizer": "muon",
            "teacher_weights": "3,1",
            "normalization": "none",
            "keep": "last",
        }[field.name]
        for _, field in FIELDS
        if field.name not in ("warmup", "ema", "distill", "label_smoothing", "class_weight", "weight_decay")
        and field.name not in ("flip", "erase", "brightness", "gradient", "scale", "shift", "muon_rate")
        and field.name not in ("qat_muon_rate", "soften", "jpeg")
    }
    words = [
        word
        for name, value in changed.items()
        for word in (f"--{name.replace('_', '-')}", repr(value).strip("'"))
    ]
    arguments = parse(*words)
    merged = to_dict(*(from_flags(cls, arguments) for cls in SETTINGS))
    assert changed.items() <= merged.items()
    # And what config.json holds gives the same settings again.
    assert [from_flags(cls, parse(), **merged) for cls in SETTINGS] == [
        from_flags(cls, arguments) for cls in SETTINGS
    ]


def test_an_unknown_precision_is_refused():
    with pytest.raises(InputError, match="--keep first: use one of best, last"):
        TrainSettings(keep="first")
    with pytest.raises(InputError, match="--precision float16: use one of float32, bfloat16"):
        TrainSettings(precision="float16")


def test_an_unknown_normalization_is_refused():
    assert TrainSettings().normalization == "stretch"
    with pytest.raises(InputError, match="--normalization squeeze: use one of none, stretch"):
        TrainSettings(normalization="squeeze")


def test_a_flag_beats_a_default_and_a_default_beats_the_class():
    assert from_flags(TrainSettings, parse(), epochs=8, qat_epochs=1).epochs == 8
    assert from_flags(TrainSettings, parse("--epochs", "2"), epochs=8).epochs == 2
    assert from_flags(TrainSettings, parse()) == TrainSettings()


def test_zero_is_a_value_and_not_an_absent_flag():
    assert from_flags(TrainSettings, parse("--ema", "0"), ema=0.9).ema == 0


def test_text_where_a_number_is_expected_exits_with_2(capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit) as caught:
        parse("--epochs", "many")
    assert caught.value.code == 2
    assert "--epochs" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["build", "train", "quantize", "training"])
def test_commands_group_their_flags(verb: str, capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit):
        (benchmarks_parser if verb == "training" else command_parser)().parse_args([verb, "--help"])
    text = capsys.readouterr().out
    assert "Float training:" in text
    assert "Strength of each transform" in text
    assert ("Quantisation-aware fine-tuning:" in text) == (verb in ("build", "quantize"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ()), ("1", (1.0,)), ("0.5,0.3,0.2", (0.5, 0.3, 0.2)), ("1,0,3", (0.25, 0.0, 0.75))],
)
def test_teacher_weights_become_fractions(text: str, expected: tuple[float, ...]):
    assert shares(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["a,b", "0,0", "-1,2", "nan", "inf,1", "1,,2", ","])
def test_weights_that_are_none_are_refused(text: str):
    with pytest.raises(InputError, match=r"--teacher-weights .*: numbers from 0 on are expected"):
        TrainSettings(teacher_weights=text)
