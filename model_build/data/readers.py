"""Readers of FER2013 in its three published forms: fer2013.csv, Kaggle's fer2013.tar.gz, icml_face_data.csv.

The file is streamed row by row and never extracted: memory holds the images (83 MB for FER2013) and one row.
`model_build.data.loading.load` calls these readers; `python -m model_build audit --data PATH` shows what they read.
Rows are numbered from 1, the first row below the header.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from face_emotion.arrays import Bytes, Integers
from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import require_file
from model_build.progress import progress_bar

USAGES = ("Training", "PublicTest", "PrivateTest")
COLUMNS = ("emotion", "pixels", "Usage")
SIDE = 48
PIXELS = SIDE * SIDE
ARCHIVE_SUFFIXES = (".tar.gz", ".tgz")
_HEADER_LIMIT = 4096
_ROW_LIMIT = 1 << 20
_ROWS_PER_PROGRESS = 256

BadRow = tuple[int, str]


@dataclass(frozen=True)
class Rows:
    """What one csv file holds.

    images: uint8 [N, 48, 48]; labels: int64 [N], 0..6; split: uint8 [N], index into USAGES.
    kept: int64 [N], each row's position (from 0) in the file; total: rows in the file, bad ones too.
    bad: (row number from 1, reason) of the rows left out; md5: of the csv's bytes, 32 hexadecimal digits.
    """

    images: Bytes
    labels: Integers
    split: Bytes
    kept: Integers
    total: int
    bad: tuple[BadRow, ...]
    md5: str
    name: str


def read_fer2013(path: str | Path, keep_going: bool = False) -> Rows:
    """Reads FER2013 from a .csv, .tar.gz or .tgz file.

    With `keep_going` bad rows are collected in Rows.bad; without it the first one raises InputError.
    Raises InputError naming file and row for whatever else cannot be read.
    """
    path = require_file(path, "data file")
    with progress_bar(f"reading {path.name}", path.stat().st_size) as advance, path.open("rb") as raw:
        opened = _csv_in_archive if path.name.lower().endswith(ARCHIVE_SUFFIXES) else _plain_csv
        with _named_errors(path), opened(path, raw) as (name, stream):
            return _read_rows(name, stream, keep_going, lambda: advance(raw.tell()))


def _read_rows(name: str, stream: IO[bytes], keep_going: bool, tick: Callable[[], None]) -> Rows:
    digest = hashlib.md5(usedforsecurity=False)
    header = stream.readline(_HEADER_LIMIT)
    digest.update(header)
    order = _column_order(name, header)
    pixels, labels, split, kept, bad = bytearray(), [], [], [], []
    number = 0
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
            label, usage, values = _parse_row(line, order)
        except ValueError as error:
            if not keep_going:
                raise InputError(f"{name} row {number}: {error}") from None
            bad.append((number, str(error)))
            continue
        pixels += values.tobytes()
        labels.append(label)
        split.append(usage)
        kept.append(number - 1)
    if not labels:
        if bad:
            raise InputError(f"{name}: none of {number:,} rows is good; row {bad[0][0]}: {bad[0][1]}")
        raise InputError(f"{name}: no rows below the header")
    return Rows(
        images=np.frombuffer(pixels, np.uint8).reshape(-1, SIDE, SIDE),
        labels=np.array(labels, np.int64),
        split=np.array(split, np.uint8),
        kept=np.array(kept, np.int64),
        total=number,
        bad=tuple(bad),
        md5=digest.hexdigest(),
        name=name,
    )


def _column_order(name: str, header: bytes) -> tuple[int, int, int]:
    """Returns where emotion, pixels and Usage stand in a row."""
    text = header.removeprefix(b"\xef\xbb\xbf").decode("ascii", "replace")
    columns = [column.strip().strip('"').strip() for column in text.split(",")]
    if sorted(columns) != sorted(COLUMNS):
        raise InputError(
            f"{name}: the header is {text.strip()[:60]!r} where the columns {', '.join(COLUMNS)} are expected"
        )
    emotion, pixels, usage = (columns.index(column) for column in COLUMNS)
    return emotion, pixels, usage


def _parse_row(line: bytes, order: tuple[int, int, int]) -> tuple[int, int, Bytes]:
    """Returns label, index into USAGES and uint8 [2304]; raises ValueError with the reason."""
    fields = line.split(b",")
    if len(fields) != len(COLUMNS):
        raise ValueError(f"{len(fields)} columns where {len(COLUMNS)} are expected")
    emotion, pixels, usage = (fields[place].strip(b' \t\r\n"') for place in order)
    if not (len(emotion) == 1 and b"0" <= emotion < b"%d" % len(FER2013_LABELS)):
        raise ValueError(f"a label of {_shown(emotion)} where 0 to {len(FER2013_LABELS) - 1} is expected")
    known = usage.decode("ascii", "replace")
    if known not in USAGES:
        raise ValueError(f"a Usage of {_shown(usage)} where {', '.join(USAGES)} are known")
    values = parse_pixels_fast(pixels)
    return int(emotion), USAGES.index(known), parse_pixels_exact(pixels) if values is None else values


def parse_pixels_fast(field: bytes) -> Bytes | None:
    """Returns uint8 [2304] from digits and single-byte spaces, or None if anything at all looks unusual."""
    codes = np.frombuffer(b"   " + field + b" ", np.uint8)
    digits = codes - np.uint8(ord("0"))  # wraps below "0", so that one comparison finds the digits
    is_digit = digits < 10
    is_space = codes == ord(" ")
    if not (is_digit | is_space).all():
        return None
    last = np.flatnonzero(is_digit[:-1] & is_space[1:])
    if last.size != PIXELS:
        return None
    two, three, four = (is_digit[last - 1], is_digit[last - 2], is_digit[last - 3])
    if (two & three & four).any():
        return None
    digits = digits.astype(np.int16)
    values = digits[last] + two * (10 * digits[last - 1] + three * (100 * digits[last - 2]))
    return values.astype(np.uint8) if values.max() <= 255 else None


def parse_pixels_exact(field: bytes) -> Bytes:
    """Returns uint8 [2304]; raises ValueError saying which pixel is wrong and how, or how many there are."""
    tokens = field.split()
    for number, token in enumerate(tokens, start=1):
        if not token.isdigit() or len(token) > 9 or int(token) > 255:
            raise ValueError(f"pixel {number} is {_shown(token)} where a whole number 0 to 255 is expected")
    if len(tokens) != PIXELS:
        raise ValueError(f"{len(tokens)} pixels where {PIXELS} are expected")
    return np.array([int(token) for token in tokens], np.uint8)


def _shown(field: bytes) -> str:
    return repr(field[:20].decode("ascii", "replace"))


@contextlib.contextmanager
def _plain_csv(path: Path, raw: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    yield path.name, raw


@contextlib.contextmanager
def _csv_in_archive(path: Path, raw: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yields name and stream of the archive's csv file; on leaving, reads on to the archive's checksum."""
    with gzip.open(raw) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for member in archive:
            base = member.name.rsplit("/", 1)[-1]
            if member.isfile() and base.lower().endswith(".csv") and not base.startswith("."):
                stream = archive.extractfile(member)
                if stream is not None:  # as it is for whatever is no file
                    yield f"{path.name}: {base}", stream
                    break
        else:
            raise InputError(f"{path.name}: no .csv file in the archive; Kaggle's fer2013.tar.gz is expected")
        while unpacked.read(1 << 20):
            pass


@contextlib.contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """Turns what gzip and tarfile raise into an InputError that names the file."""
    try:
        yield
    except EOFError:
        raise InputError(f"{path.name}: the archive is truncated; get it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path.name}: not a sound .tar.gz archive ({error}); get it again") from None
    except tarfile.TarError as error:
        raise InputError(f"{path.name}: not a sound tar archive ({error}); get it again") from None
