"""Reader of tables of pixels: FER2013 as it is published (fer2013.csv, Kaggle's fer2013.tar.gz, icml_face_data.csv),
and its likes with other columns, separators, labels and sizes.

The file is streamed row by row and never extracted: memory holds one row, and the images (83 MB for FER2013) where
they are kept there.
`model_build.data.loading.load` calls it; `python -m model_build audit --data PATH` shows what it reads.
Rows are numbered from 1, the first row below the header.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from face_emotion.arrays import Bytes, Integers
from face_emotion.contract import FER2013_LABELS, Contract, check_labels
from face_emotion.errors import InputError
from face_emotion.files import require_file
from model_build.data.columns import LABEL, PIXELS, SPLIT, Columns, find_columns, parse_columns
from model_build.data.dataset import FOLDER_SPLITS
from model_build.data.form import Form
from model_build.data.labels import Naming, class_order, is_number, meaning, numbers, parse_labels, renamed
from model_build.data.pictures import face_of
from model_build.data.pixel_text import parse_pixels_exact, parse_pixels_fast, shown
from model_build.data.splits import USAGES, WORDS, parse_split
from model_build.data.stored import Images, Keep, in_memory
from model_build.data.table_file import opened
from model_build.progress import progress_bar

SIDE = Contract().input_size
_HEADER_LIMIT = 4096
_ROW_LIMIT = 1 << 20
_ROWS_PER_PROGRESS = 256
_USAGE_OF = {usage.casefold(): place for place, usage in enumerate(USAGES)}
_LONGEST_NAME = 100

BadRow = tuple[int, str]


@dataclass(frozen=True)
class Rows:
    """What one table holds.

    images: uint8 [N, 48, 48], in memory or stored; labels: int64 [N], index into class_names; split: uint8 [N], index
    into split_names, or None where the table does not say. kept: int64 [N], each row's position (from 0) in the file;
    total: rows in the file, bad ones too. bad: (row number from 1, reason) of the rows left out; md5: of the csv's
    bytes, 32 hexadecimal digits; published: the columns are FER2013's own; notes: in words, what was taken for what.
    """

    images: Images
    labels: Integers
    split: Bytes | None
    class_names: tuple[str, ...]
    split_names: tuple[str, str, str]
    kept: Integers
    total: int
    bad: tuple[BadRow, ...]
    md5: str
    name: str
    published: bool
    notes: tuple[str, ...]


def read_table(
    path: str | Path, keep_going: bool = False, form: Form | None = None, keep: Keep = in_memory
) -> Rows:
    """Reads a table of pixels from a csv file or a .tar.gz that holds one.

    With `keep_going` bad rows are collected in Rows.bad; without it the first one raises InputError. form: what the
    user says of it. keep: takes the images as they are read and returns what Rows.images is. Raises InputError naming
    file and row for whatever else cannot be read, and the flag that helps.
    """
    path, form = require_file(path, "data file"), form or Form()
    with (
        progress_bar(f"reading {path.name}", path.stat().st_size) as advance,
        path.open("rb") as raw,
        opened(path, raw) as (name, stream),
    ):
        return _read_rows(name, stream, keep_going, lambda: advance(raw.tell()), form, keep)


def _read_rows(
    name: str, stream: IO[bytes], keep_going: bool, tick: Callable[[], None], form: Form, keep: Keep
) -> Rows:
    digest = hashlib.md5(usedforsecurity=False)
    header = stream.readline(_HEADER_LIMIT)
    digest.update(header)
    columns = find_columns(name, header, parse_columns(form.columns), parse_split(form.split) is None)
    parser = _RowParser(columns, parse_labels(form.labels))
    labels: list[str] = []
    split: list[int] = []
    kept: list[int] = []
    bad: list[BadRow] = []
    left_out: Counter[str] = Counter()
    number = 0

    def images() -> Iterator[Bytes]:
        nonlocal number
        while line := stream.readline(_ROW_LIMIT):
            digest.update(line)
            if not line.strip():
                continue
            number += 1
            if number % _ROWS_PER_PROGRESS == 0:
                tick()
            if len(line) == _ROW_LIMIT:
                raise InputError(f"{name} row {number}: longer than {_ROW_LIMIT:,} bytes; not a FER2013 row")
            try:
                label, part, image, value = parser.parse(line)
            except ValueError as error:
                if not keep_going:
                    raise InputError(f"{name} row {number}: {error}") from None
                bad.append((number, str(error)))
                continue
            if label is None:
                left_out[value] += 1
                continue
            labels.append(label)
            split.append(part)
            kept.append(number - 1)
            yield image

    found = keep(images())
    if not labels:
        if bad:
            raise InputError(f"{name}: none of {number:,} rows is good; row {bad[0][0]}: {bad[0][1]}")
        if left_out:
            raise InputError(f"{name}: --labels {form.labels} leaves every row out")
        raise InputError(f"{name}: no rows below the header")
    class_names, class_of = parser.classes(name, labels)
    return Rows(
        images=found,
        labels=np.array([class_names.index(class_of[label]) for label in labels], np.int64),
        split=np.array(split, np.uint8) if SPLIT in columns.place else None,
        class_names=class_names,
        split_names=parser.split_names,
        kept=np.array(kept, np.int64),
        total=number,
        bad=tuple(bad),
        md5=digest.hexdigest(),
        name=name,
        published=columns.published and parser.published and class_names == FER2013_LABELS,
        notes=tuple(_notes(columns, parser, form.labels, class_of, left_out)),
    )


@dataclass
class _RowParser:
    """Parses rows after the example of the first: labels are numbers or names, pictures have one size.

    given: by --labels; side: of the pictures, None before the first; by_number: whether labels are numbers;
    usages: whether the split column has FER2013's words, None while both are possible.
    """

    columns: Columns
    given: Naming | None
    side: int | None = None
    by_number: bool | None = None
    usages: bool | None = None

    def parse(self, line: bytes) -> tuple[str | None, int, Bytes, str]:
        """Returns label (None: left out), split, uint8 [48,48] and the label as it stands; raises ValueError."""
        fields, place = self.columns.fields(line), self.columns.place
        label, value = self._label(fields[place[LABEL]])
        part = self._part(fields[place[SPLIT]]) if SPLIT in place else 0
        return label, part, self._image(fields[place[PIXELS]]), value

    def classes(self, name: str, labels: list[str]) -> tuple[tuple[str, ...], dict[str, str]]:
        """Returns the class names in order, and the class of each label; raises InputError for unusable names."""
        names: set[str] = set(labels)
        if self.given is not None and self.given.closed:
            names |= self.given.named
        elif self.by_number:  # FER2013's all, so that one without a row is noticed
            known = numbers("fer2013")
            names |= {label for value in known.label_of if (label := meaning(value, self.given, known))}
        try:
            check_labels(tuple(sorted(names)))
        except InputError as error:
            raise InputError(f"{name}: {error}; --labels says what labels mean") from None
        return class_order(names)

    @property
    def published(self) -> bool:
        """Whether sizes, labels and splits are written as FER2013 writes them."""
        return self.side == SIDE and bool(self.by_number) and self.usages is not False

    @property
    def split_names(self) -> tuple[str, str, str]:
        """USAGES where the split column has FER2013's words."""
        return FOLDER_SPLITS if self.usages is False or SPLIT not in self.columns.place else USAGES

    def _label(self, text: bytes) -> tuple[str | None, str]:
        value = text.decode("utf-8", "replace")
        if not value or len(value) > _LONGEST_NAME or not value.isprintable():
            raise ValueError(f"a label of {shown(text)} where a name or number is expected")
        if self.by_number is None:
            self.by_number = _is_numeric(value)
        if self.by_number is False and _is_numeric(value):
            raise ValueError(f"a label of {shown(text)} where the rows above have names")
        return meaning(value, self.given, numbers("fer2013") if self.by_number else None), value

    def _part(self, text: bytes) -> int:
        word = text.decode("utf-8", "replace").casefold()
        usage, other = _USAGE_OF.get(word), WORDS.get(word)
        if usage is None and other is None:
            raise ValueError(
                f"a {self.columns.split_name} of {shown(text)} where {', '.join(USAGES)} are known, "
                "or train, validation, test; --split 80/10/10 draws them anew"
            )
        if word != "training":  # which belongs to both
            usages = other is None
            if self.usages not in (None, usages):
                expected = USAGES if self.usages else FOLDER_SPLITS
                raise ValueError(
                    f"a {self.columns.split_name} of {shown(text)} where {', '.join(expected)} are expected, as above"
                )
            self.usages = usages
        return usage if usage is not None else WORDS[word]

    def _image(self, text: bytes) -> Bytes:
        count = SIDE * SIDE if self.side is None else self.side * self.side
        values = parse_pixels_fast(text, count)
        if values is None:
            values = parse_pixels_exact(text, None if self.side is None else count)
        if self.side is None:
            self.side = round(len(values) ** 0.5)
        return face_of(values.reshape(self.side, self.side))


def _is_numeric(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return is_number(value)
    return value[-1].isdigit()  # "nan" is a name


def _notes(
    columns: Columns, parser: _RowParser, labels: str, class_of: dict[str, str], left_out: Counter[str]
) -> list[str]:
    words = [] if columns.published else columns.described()
    if parser.side not in (None, SIDE):
        words.append(f"pictures {parser.side}×{parser.side} averaged to {SIDE}×{SIDE}")
    if parser.given is not None:
        words.append(f"labels by --labels {labels}")
    elif parser.by_number and not columns.published:
        words.append(f"labels 0 to {len(FER2013_LABELS) - 1} as FER2013's: {', '.join(FER2013_LABELS)}")
    elif said := renamed(class_of):
        words.append(said)
    if left_out:
        words.append(
            "left out: " + ", ".join(f"{value} ({count:,})" for value, count in sorted(left_out.items()))
        )
    return words
