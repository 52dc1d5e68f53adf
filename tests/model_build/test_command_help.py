"""--help of the command lines: every command, and every flag with what it does."""

from __future__ import annotations

import argparse
import re

import pytest

import benchmarks.__main__ as benchmarks_main
import converters.__main__ as converters_main
from model_build import command_line
from tests.support.build import run


def _sub_commands(parser):
    return next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices


PARSERS = {
    "model_build": command_line.parser,
    "converters": converters_main.parser,
    "benchmarks": benchmarks_main.parser,
}
VERBS = {
    "model_build": "build audit crop shard train quantize convert golden evaluate verify report robustness release "
    "architectures face-detector experiment matrix released seeds ensemble crop-calibration baseline interpolate "
    "figures stock",
    "converters": "tflite tfjs onnx stock kernels answers conformance released sequence baseline decoding",
    "benchmarks": "artifacts peers off-data detector pace page processors recognizer training beyond-memory refresh "
    "tables",
}
HELPS = [(program, name) for program, parser in PARSERS.items() for name in (None, *_sub_commands(parser()))]


@pytest.mark.parametrize("program, name", HELPS)
def test_help_names_and_explains_every_flag(program, name, capsys):
    parser = PARSERS[program]()
    chosen = parser if name is None else _sub_commands(parser)[name]
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["--help"] if name is None else [name, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert not re.search(r"default:?\s*(None|\[\]|\(\)|\{\}|)\)", text)  # says nothing
    for action in chosen._actions:
        assert action.help or name is None
        for word in action.option_strings or [action.metavar or action.dest]:
            assert word in text
    if name is None:
        assert sorted(_sub_commands(parser)) == sorted(VERBS[program].split())


@pytest.mark.parametrize("program", ["model_build", "converters"])
def test_help_by_command_exits_0(program, tmp_path):
    ended = run(program, "--help", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"python -m {program}" in ended.stdout
