"""Writes an APK whose stored files begin where Android wants them: .so at multiples of 16,384 bytes, others of 4.

    python -m mobile.android.ci.align unaligned.apk aligned.apk

Debian's zipalign 10 knows pages of 4,096 bytes only; devices with pages of 16,384 map a library straight from the APK
only if it begins at such a page. The padding is an extra field 0xd935 (APK Signature Scheme v2, "Android-specific
alignment extra field"), which tells apksigner to keep the alignment.
"""

from __future__ import annotations

import struct
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, InputError, run_command
from face_emotion.files import atomic_path, require_file

LIBRARY_ALIGNMENT = 16_384
STORED_ALIGNMENT = 4
EXTRA_FIELD = 0xD935
LOCAL_HEADER = 30  # bytes before name and extra field
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes from the same files, whenever they are packed


def alignment_of(name: str) -> int:
    """Returns of how many bytes the offset of a stored file has to be a multiple."""
    return LIBRARY_ALIGNMENT if name.endswith(".so") else STORED_ALIGNMENT


def padding_field(offset: int, name: str, alignment: int) -> bytes:
    """Returns the extra field that puts the data of a local header at `offset` on a multiple of `alignment`."""
    start = offset + LOCAL_HEADER + len(name.encode()) + 6  # the field's own header and the alignment in it
    padding = -start % alignment
    return struct.pack("<HHH", EXTRA_FIELD, 2 + padding, alignment) + bytes(padding)


def data_offset(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Returns where in the archive's file an entry's data begin."""
    stream = _stream_of(archive)
    stream.seek(entry.header_offset)
    name, extra = struct.unpack("<26xHH", stream.read(LOCAL_HEADER))
    return entry.header_offset + LOCAL_HEADER + int(name) + int(extra)


def _stream_of(archive: zipfile.ZipFile) -> IO[bytes]:
    if archive.fp is None:
        raise ValueError("the archive has been closed")
    return archive.fp


def write_aligned(path: Path, files: Iterable[tuple[str, bytes, bool]]) -> None:
    """Writes a zip of (name, content, whether to store it uncompressed); raises InputError for a name twice."""
    names = set()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, stored in files:
            if name in names:
                raise InputError(f"{name}: twice in one package")
            names.add(name)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            if stored:
                entry.extra = padding_field(_stream_of(archive).tell(), name, alignment_of(name))
            archive.writestr(entry, content)


def entries_of(path: Path) -> Iterable[tuple[str, bytes, bool]]:
    """Yields (name, content, whether it is stored) of a zip's files; raises InputError if it is none."""
    try:
        with zipfile.ZipFile(require_file(path)) as archive:
            for entry in archive.infolist():
                yield entry.filename, archive.read(entry), entry.compress_type == zipfile.ZIP_STORED
    except zipfile.BadZipFile as error:
        raise InputError(f"{path}: not a zip ({error})") from None


def align(source: Path, target: Path) -> None:
    """Copies an APK, aligned; raises InputError if it cannot be read."""
    with atomic_path(target) as partial:
        write_aligned(partial, entries_of(source))


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(prog="python -m mobile.android.ci.align", description=__doc__)
    parser.add_argument("source", type=file_path)
    parser.add_argument("target", type=file_path)
    options = parser.parse_args(arguments)
    return run_command(lambda: align(options.source, options.target))


if __name__ == "__main__":
    sys.exit(main())
