"""The flags of every command, read out of its own parser, and values that are bad for most of them."""

from __future__ import annotations

import argparse
import json
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NUMBERS = (
    "-1",
    "-99999999999999999999",
    "99999999999999999999",
    "4294967296",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "1,5",
    "0x10",
    "9" * 5000,
    "½",
)
WORDS = ("", " ", "word", "\udcff\udcfe", "x" * 5000, "a\nb", "..", "/", "/dev/null/x", "=", "~", "*")


@dataclass(frozen=True)
class Flag:
    """name: such as --seed; takes: whether it takes a value; number: whether that is one; path: whether it is one."""

    name: str
    takes: bool
    number: bool
    path: bool


def flags_of(module: str, root: Path, environment: dict[str, str]) -> dict[str, list[Flag]]:
    """Returns the flags of each sub-command of a module ("": of itself), by running it up to its parser."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad_inputs.flags", module],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return {verb: [Flag(*entry) for entry in flags] for verb, flags in found.items()}


def _described(parser: argparse.ArgumentParser) -> dict[str, list[list[Any]]]:
    found = {"": [_flag(action) for action in parser._actions if action.option_strings]}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, below in action.choices.items():
                found[verb] = [_flag(entry) for entry in below._actions if entry.option_strings]
    return found


def _flag(action: argparse.Action) -> list[Any]:
    kind = getattr(action.type, "__name__", "")
    path = action.type is Path or kind == "file_path"
    number = action.type is not None and not path and kind != "str"
    return [action.option_strings[-1], action.nargs != 0, number, path]


def _show(parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
    print(json.dumps(_described(parser)))
    sys.exit()


if __name__ == "__main__":
    argparse.ArgumentParser.parse_args = _show  # type: ignore[assignment]
    module = sys.argv[1]
    sys.argv = [module, "serve"]  # a word that `python -m web` does not replace
    runpy.run_module(module, run_name="__main__", alter_sys=True)
