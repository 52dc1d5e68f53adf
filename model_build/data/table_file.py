"""The file that holds a table: a csv, a .tar.gz with one in it, or a folder of either; suffixes are no proof.

Nothing is extracted: what is read is a stream.
"""

from __future__ import annotations

import contextlib
import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from face_emotion.errors import InputError

ARCHIVE_SUFFIXES = (".tar.gz", ".tgz")
TABLE_SUFFIXES = (".csv", ".tsv")
_GZIP = b"\x1f\x8b"
_BEGINNING = 4096


def is_table(path: Path) -> bool:
    """Whether a file is read as a table: by its suffix, or by what it begins with where that says nothing."""
    if not path.is_file():
        return path.name.lower().endswith((*TABLE_SUFFIXES, *ARCHIVE_SUFFIXES)) and not path.is_dir()
    if path.name.lower().endswith((*TABLE_SUFFIXES, *ARCHIVE_SUFFIXES)):
        return True
    if path.suffix and path.suffix.lower() not in (".txt", ".data"):
        return False
    with path.open("rb") as stream:
        beginning = stream.read(_BEGINNING)
    first = beginning.split(b"\n", 1)[0]
    return beginning.startswith(_GZIP) or (
        any(mark in first for mark in (b",", b";", b"\t")) and b"\0" not in beginning
    )


def table_in(folder: Path) -> Path | None:
    """Returns the only table of a folder that holds files and no folders, or None where it holds no table.

    Raises InputError where it holds several: one of them has to be named.
    """
    entries = [e for e in folder.iterdir() if not e.name.startswith(".") and e.name != "__MACOSX"]
    if any(entry.is_dir() for entry in entries):
        return None
    tables = sorted(entry.name for entry in entries if is_table(entry))
    if len(tables) > 1:
        tables = [name for name in tables if name.lower().endswith((*TABLE_SUFFIXES, *ARCHIVE_SUFFIXES))]
    if len(tables) > 1:
        raise InputError(
            f"{folder.name}: holds {', '.join(tables)[:200]}; name the one to read: --data {folder.name}/{tables[0]}"
        )
    return folder / tables[0] if tables else None


@contextlib.contextmanager
def opened(path: Path, raw: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yields name and stream of the table in an open file; raises InputError naming the file for a damaged archive."""
    packed = raw.read(2) == _GZIP
    raw.seek(0)
    packed = packed or path.name.lower().endswith(ARCHIVE_SUFFIXES)
    with _named_errors(path):
        if not packed:
            yield path.name, raw
            return
        with _csv_in_archive(path, raw) as found:
            yield found


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
