"""The data sets that a command line names: `--data A --data B`, each with its name in figures and its own form.

    --data fer2013.tar.gz --data mine=pictures/faces --votes fer2013new.csv --split mine:70/15/15

A set is called after its file or folder, or NAME in NAME=PATH. A flag of its form goes with every set that it fits,
and with one alone as NAME:VALUE; votes go with the set whose rows they are.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from face_emotion.arguments import file_path, is_path
from face_emotion.errors import InputError
from model_build.data.dataset import Dataset
from model_build.data.form import Form, add_form, form_of
from model_build.data.loading import (
    DEFAULT_CACHE,
    FOLDER,
    OF_FOLDERS,
    OF_TABLES,
    SHARDS,
    SYNTHETIC,
    TABLE,
    VotesMisfit,
    kind_of,
    load,
    read,
    say,
)
from model_build.data.mixing import Classes, mix, parse_classes, shared_with_others
from model_build.data.stored import Keep

_NAME = re.compile(r"[^\s=:/\\,]([^=:/\\,\n]{0,38}[^\s=:/\\,])?")
DATA_HELP = (
    "fer2013.csv, fer2013.tar.gz, icml_face_data.csv or a table like them, a folder of class folders, AffectNet or "
    "RAF-DB, or one of shards (model_build shard); several times: all in one training, each with figures of its own, "
    "NAME=PATH to name one (default: its file's name)"
)


@dataclass(frozen=True)
class Source:
    """One data set of a command line: its name in figures, where it is, its form; named: whether by NAME=PATH."""

    name: str
    path: str
    form: Form
    named: bool = False


def add_sources(
    verb: argparse.ArgumentParser,
    group: argparse._ActionsContainer,
    required: bool = False,
    drawn: bool = True,
) -> None:
    """Adds --data, --votes and --classes to a group, and a group of flags for the form of the data.

    required: of --data; drawn: whether faces are drawn where it is not given.
    """
    default = "; default: drawn synthetic faces, which need no download" if drawn and not required else ""
    group.add_argument(
        "--data", action="append", metavar="[NAME=]PATH", required=required, help=DATA_HELP + default
    )
    group.add_argument(
        "--votes", type=file_path, metavar="CSV", help="FER+'s fer2013new.csv: ten crowd votes an image"
    )
    group.add_argument(
        "--classes",
        nargs="+",
        action="extend",
        default=[],
        metavar="LABEL=NAME",
        help="where classes have other names than those that are trained; =NAME leaves one out, LABEL= trains one that "
        "a data set lacks",
    )
    add_form(verb.add_argument_group("form of the data"))


def sources_of(arguments: argparse.Namespace) -> tuple[Source, ...]:
    """Returns the data sets that parsed flags name; raises InputError naming the flag that cannot be used."""
    named = [_named(word) for word in arguments.data or [SYNTHETIC]]
    names = [name for name, _, _ in named]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"--data: two data sets are called {name}; name one: --data NAME=PATH")
    if len(named) == 1:
        name, path, given = named[0]
        return (Source(name, path, form_of(arguments, name, names), given),)
    _check_fits(arguments, names, {kind_of(path) for _, path, _ in named})
    return tuple(
        Source(name, path, form_of(arguments, name, names, _unfit(path)), given)
        for name, path, given in named
    )


def load_from_flags(arguments: argparse.Namespace) -> Dataset:
    """Loads what the flags of `add_sources` name; raises InputError as `loading.load` and `mixing.mix` do."""
    return load_sources(sources_of(arguments), arguments.votes, parse_classes(arguments.classes))


def load_sources(
    sources: tuple[Source, ...],
    votes: Path | None,
    classes: Classes,
    cache: Path | None = DEFAULT_CACHE,
    note: Callable[[str], None] = say,
    keep: Keep | None = None,
) -> Dataset:
    """Loads one data set, or several as one; note: takes one line for each thing that was taken for another.

    keep: takes the images as they are read, for sets that do not fit into memory; nothing is cached then.
    Raises InputError for whatever cannot be read, and for votes that fit none of the sets.
    """

    def loaded(source: Source, votes: Path | None) -> Dataset:
        if keep is None:
            return load(source.path, votes, cache, note=note, form=source.form)
        return read(source.path, votes, note=note, form=source.form, keep=keep)[0]

    if len(sources) == 1:
        (only,) = sources
        dataset = loaded(only, votes)
        return mix([(only.name, dataset)], classes) if only.named or classes.given else dataset
    parts = []
    misfits = []
    for source in sources:
        try:
            dataset = loaded(source, votes)
        except VotesMisfit as error:
            misfits.append(f"{source.name}: {error}")
            dataset = loaded(source, None)
        parts.append((source.name, dataset))
    if len(misfits) == len(sources):
        raise InputError(f"--votes {votes}: fits none of the data sets ({'; '.join(misfits)})")
    mixed = mix(parts, classes)
    note(
        f"{mixed.name}: {' + '.join(f'{len(mixed.of_source(place)):,}' for place in range(len(parts)))} faces"
    )
    for name, count in shared_with_others(mixed).items():
        note(
            f"{name}: {count:,} of its held-out faces also stand in another set's training part; no choice is made on "
            "them, and figures “without leaked” leave them out"
        )
    return mixed


def origins_of(dataset: Dataset) -> tuple[str, ...]:
    """Returns what the readers call the data sets that a data set is made of."""
    return dataset.origins or (dataset.name,)


def _named(word: str) -> tuple[str, str, bool]:
    """Returns name, path, and whether the name was given, of NAME=PATH or PATH."""
    if not word.strip():
        raise InputError(f"--data {word!r}: name a file or folder")
    name, equals, path = word.partition("=")
    if equals and path and _NAME.fullmatch(name) and is_path(word) and not Path(word).exists():
        return name, _checked_path(path), True
    if word == SYNTHETIC:
        return word, word, False
    _checked_path(word)
    file = Path(word).resolve().name
    name = file if Path(word).is_dir() else file.split(".")[0] or file
    if not _NAME.fullmatch(name):
        name = re.sub(r"[\s=:/\\,]+", " ", name).strip()[:40].strip() or "data"
    return name, word, False


def _checked_path(word: str) -> str:
    try:
        return str(file_path(word)) if Path(word).name else word
    except argparse.ArgumentTypeError as error:
        raise InputError(f"--data {error}") from None


def _unfit(path: str) -> tuple[str, ...]:
    """Returns the fields of Form that say nothing of a source."""
    kind = kind_of(path)
    if kind in (SYNTHETIC, SHARDS):
        return tuple(field.name for field in dataclasses.fields(Form))
    return OF_TABLES if kind == FOLDER else OF_FOLDERS


def _check_fits(arguments: argparse.Namespace, names: list[str], kinds: set[str]) -> None:
    """Raises InputError for a flag of the form that fits none of the sets: it would be left out in silence."""
    form = form_of(arguments, names=names)
    if kinds <= {SYNTHETIC, SHARDS} and (flag := form.given()):
        given = "drawn faces have a form of their" if kinds == {SYNTHETIC} else "shards have a form of their"
        raise InputError(f"{flag}: {given} own; leave it out")
    for kind, fields in ((FOLDER, OF_FOLDERS), (TABLE, OF_TABLES)):
        if kind not in kinds and (flag := form.given(*fields)):
            raise InputError(f"{flag}: none of the data sets is a {kind}; leave it out")
