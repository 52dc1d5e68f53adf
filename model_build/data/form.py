"""What a user says of the form that a data set has, for the readers to follow: the flags beside --data.

Each flag may be given several times: NAME:VALUE is for the data set of that name alone, VALUE for all that it fits.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from face_emotion.arguments import SEEDS, whole
from face_emotion.errors import InputError
from model_build.data.columns import parse_columns
from model_build.data.labels import parse_labels
from model_build.data.people import AUTO, check_people
from model_build.data.splits import SEED, parse_split
from model_build.limits import one_of, within

FOLDERS, AFFECTNET, RAF_DB = "folders", "affectnet", "raf-db"
LAYOUTS = (AUTO, AFFECTNET, RAF_DB, FOLDERS)


@dataclass(frozen=True)
class Form:
    """The flags as they were given, each checked; "" or auto: to be guessed where that is safe.

    Raises InputError naming the flag that cannot be used.
    """

    columns: str = ""
    split: str = ""
    labels: str = ""
    layout: str = AUTO
    people: str = AUTO
    split_seed: int = SEED
    skip_broken: bool = False

    def __post_init__(self) -> None:
        parse_columns(self.columns)
        parse_split(self.split)
        parse_labels(self.labels)
        one_of("layout", self.layout, LAYOUTS)
        check_people(self.people)
        within("split_seed", self.split_seed, 0, SEEDS)

    def given(self, *names: str) -> str:
        """Returns the first flag of these (all, if none is named) that was given, as it was typed, or ""."""
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name != "skip_broken" and value != field.default and (not names or field.name in names):
                return f"--{field.name.replace('_', '-')} {value}"
        return ""

    def files(self) -> list[Path]:
        """Returns the files that the flags name."""
        return [Path(self.labels)] if self.labels and Path(self.labels).is_file() else []


def add_form(group: argparse._ActionsContainer) -> None:
    """Adds a flag for each field of Form."""
    group.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="PAIRS",
        help="of a table: pixels=NAME,label=NAME,split=NAME (default: guessed)",
    )
    group.add_argument(
        "--split",
        action="append",
        default=[],
        metavar="A/B/C",
        help="draw training, validation and test anew in these percentages, by class (default: as the data set has"
        " them, or 80/10/10)",
    )
    group.add_argument(
        "--labels",
        action="append",
        default=[],
        metavar="NAMES",
        help="what labels mean: a file with a name, or number and name, a line; NAME,NAME,… in order;"
        " LABEL=VALUE,… (=VALUE leaves one out); fer2013, ferplus, affectnet or raf-db",
    )
    group.add_argument(
        "--layout",
        action="append",
        default=[],
        metavar="LAYOUT",
        help="of a folder: affectnet, raf-db, folders or auto (default auto)",
    )
    group.add_argument(
        "--people",
        action="append",
        default=[],
        metavar="HOW",
        help="who is kept in one split: auto (files PERSON_NUMBER), none, or a regular expression with one group"
        " (default auto)",
    )
    group.add_argument(
        "--split-seed",
        action="append",
        default=[],
        metavar="INT",
        help=f"of splits that are drawn (default {SEED})",
    )
    add_skip_broken(group)


def add_skip_broken(group: argparse._ActionsContainer) -> None:
    """Adds --skip-broken, by which what cannot be read is left out, and told."""
    group.add_argument(
        "--skip-broken",
        action="store_true",
        help="leave pictures or rows that cannot be used out, and say which (default: they are an error)",
    )


def form_of(
    arguments: argparse.Namespace, name: str = "", names: Collection[str] = (), but: Collection[str] = ()
) -> Form:
    """Returns the Form of one data set out of parsed flags; raises InputError naming the flag that cannot be used.

    name: of the data set; names: of all, which may stand before a value (NAME:VALUE). but: fields of which a value for
    all sets is left out, because it does not fit this one.
    """
    said: dict[str, Any] = {}
    for field in dataclasses.fields(Form):
        if field.name == "skip_broken":
            said[field.name] = arguments.skip_broken
            continue
        for_all = for_one = None
        for value in getattr(arguments, field.name):
            owner, colon, rest = value.partition(":")
            if colon and owner in names:
                for_one = rest if owner == name else for_one
            elif field.name not in but:
                for_all = value
        value = for_all if for_one is None else for_one
        if value is not None:
            said[field.name] = _seed(value) if field.name == "split_seed" else value
    return Form(**said)


def _seed(value: str) -> int:
    try:
        return whole(0, SEEDS)(value)
    except argparse.ArgumentTypeError as error:
        raise InputError(f"--split-seed {error}") from None
