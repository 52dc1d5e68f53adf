"""What a model file says of itself, read without running it: the class names that its makers put into it.

    carried_by(Path("models/small/int8.tflite").read_bytes())  # Carried(labels=("angry", …), heads=("labels", …))

A .tflite file has them as associated files of its TFLite Metadata, in a zip archive behind the network; a checkpoint in
its header; a TF.js model under "userDefinedMetadata". Files of format 1, and those of other makers, may say nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from face_emotion.contract import HEADS
from face_emotion.strict_json import parse_json

LABELS_FILE, LOGITS_FILE = "labels.txt", "logits.txt"
MOST_BYTES = 64 * 1024  # of a list of names: 50 names for two heads take far less
HEADER, MOST_OF_HEADER = "__checkpoint__.npy", 16 * 1024 * 1024  # of a checkpoint; four bytes a character
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, UnicodeDecodeError, OSError, EOFError)


@dataclass(frozen=True)
class Carried:
    """labels, heads: as the file names them, in the order of its outputs; None where it says nothing."""

    labels: tuple[str, ...] | None = None
    heads: tuple[str, ...] | None = None


def carried_by(content: bytes) -> Carried:
    """Returns what a .tflite file's content says; ValueError, in one line, for an archive that is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            labels, logits = (_lines(archive, name) for name in (LABELS_FILE, LOGITS_FILE))
    except zipfile.BadZipFile:
        return Carried()  # no archive behind it
    except (*_DAMAGE, RuntimeError) as error:
        raise ValueError(f"its associated files are damaged ({error})") from None
    return Carried(labels, None if logits is None or labels is None else _heads(logits, labels))


def carried_by_checkpoint(path: Path) -> tuple[Carried, dict[str, Any]]:
    """Returns what a checkpoint's header says, and the details of its training; ValueError if it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            header = parse_json(_text(archive.read(_limited(archive, HEADER, MOST_OF_HEADER))))
        labels, heads, details = header["labels"], header["heads"], header["details"]
        if not (isinstance(labels, list) and isinstance(heads, list) and isinstance(details, dict)):
            raise ValueError("its header is another one")
    except (*_DAMAGE, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ValueError(f"not a checkpoint of this kit, or damaged ({error})") from None
    return Carried(tuple(labels), tuple(heads)), details


def _lines(archive: zipfile.ZipFile, name: str) -> tuple[str, ...] | None:
    if name not in archive.namelist():
        return None
    text = archive.read(_limited(archive, name, MOST_BYTES)).decode("utf-8")
    return tuple(text.removesuffix("\n").split("\n"))


def _limited(archive: zipfile.ZipFile, name: str, most: int) -> str:
    if archive.getinfo(name).file_size > most:
        raise zlib.error(f"{name} is longer than {most} bytes")
    return name


def _text(array: bytes) -> str:
    """Returns the text of an .npy file that holds one: read without NumPy, which the page's server does not need."""
    start = 10 + int.from_bytes(array[8:10], "little")
    if array[:8] != b"\x93NUMPY\x01\x00" or b"'descr': '<U" not in array[:start]:
        raise ValueError(f"{HEADER} is no text")
    return array[start:].decode("utf-32-le").rstrip("\0")


def _heads(logits: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the heads whose lines are "head label" for each label, in order."""
    for heads in (HEADS[:1], HEADS[1:], HEADS):
        if logits == tuple(f"{head} {label}" for head in heads for label in labels):
            return heads
    raise ValueError(f"its {LOGITS_FILE} does not go with its {LABELS_FILE}")
