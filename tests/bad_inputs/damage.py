"""Damages of files: of their bytes, of JSON and .npz from inside, and of the places that they stand at.

Each damage is drawn by a seeded `random.Random`. Those of files take the bytes of a whole one and return others.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Damage = Callable[[bytes, random.Random], bytes]
Place = Callable[[Path], None]

DEEP = 200_000
HUGE = "9" * 6000
NOT_JSON = {
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "1e999": "1e999",
    "an integer of 6000 digits": HUGE,
    "an integer of 20 digits": "9" * 20,
    "deep": "[" * DEEP + "]" * DEEP,
    "null": "null",
    "true": "true",
    "a list": "[]",
    "an object": "{}",
    "a text": '"text"',
    "an empty text": '""',
    "a lone surrogate": '"\\udcff"',
    "-1": "-1",
    "0.5": "0.5",
    "twice the same key": '{"a": 1, "a": 2}',
}
_MARK = "\ue000here\ue000"


def truncated(content: bytes, chance: random.Random) -> bytes:
    """Returns the beginning of a file, at least one byte of it."""
    return content[: chance.randrange(1, max(2, len(content)))]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Returns a file with one to eight of its bits changed."""
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 9)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwritten(content: bytes, chance: random.Random) -> bytes:
    """Returns a file of which up to a thousand bytes on end are others."""
    length = chance.randrange(1, 1000)
    start = chance.randrange(max(1, len(content) - length))
    return content[:start] + chance.randbytes(min(length, len(content))) + content[start + length :]


def doubled(content: bytes, chance: random.Random) -> bytes:
    """Returns a file twice, one after the other."""
    return content + content


def noise(content: bytes, chance: random.Random) -> bytes:
    """Returns up to 5000 random bytes."""
    return chance.randbytes(chance.randrange(1, 5000))


def zeros(content: bytes, chance: random.Random) -> bytes:
    """Returns as many zeros as the file has bytes."""
    return bytes(len(content))


def text(content: bytes, chance: random.Random) -> bytes:
    """Returns a sentence."""
    return b"This is no such file.\n"


def not_utf8(content: bytes, chance: random.Random) -> bytes:
    """Returns a file with a byte somewhere that begins no character of UTF-8."""
    place = chance.randrange(len(content))
    return content[:place] + b"\xff\xfe" + content[place:]


def utf16(content: bytes, chance: random.Random) -> bytes:
    """Returns a text as some editors of Windows write it."""
    return content.decode("utf-8", "replace").encode("utf-16")


def long_line(content: bytes, chance: random.Random) -> bytes:
    """Returns a file with 300,000 more characters in one of its lines."""
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    lines[place] += b"x" * 300_000
    return b"\n".join(lines)


def json_value(content: bytes, chance: random.Random) -> bytes:
    """Returns JSON in which one value has become something else."""
    value = json.loads(content)
    if not value:
        return json_whole(content, chance)
    holder, key = chance.choice(_places(value))
    holder[key] = _MARK
    return json.dumps(value).replace(json.dumps(_MARK), NOT_JSON[chance.choice(sorted(NOT_JSON))]).encode()


def json_whole(content: bytes, chance: random.Random) -> bytes:
    """Returns JSON that is something else altogether."""
    return NOT_JSON[chance.choice(sorted(NOT_JSON))].encode()


def json_without(content: bytes, chance: random.Random) -> bytes:
    """Returns JSON that lacks an entry."""
    value = json.loads(content)
    if not value:
        return b""
    holder, key = chance.choice(_places(value))
    del holder[key]
    return json.dumps(value).encode()


def json_more(content: bytes, chance: random.Random) -> bytes:
    """Returns JSON that has an entry more, or one twice."""
    value = json.loads(content)
    if not value:
        return json.dumps({"unheard of": None} if isinstance(value, dict) else [None]).encode()
    holder, key = chance.choice(_places(value))
    if isinstance(holder, dict):
        holder["unheard of"] = chance.choice([None, 1, "text", [], {}])
    else:
        holder.append(holder[key])
    return json.dumps(value).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Returns holder and key of every value, those near the top more often: a file has few of them."""
    found: list[tuple[Any, Any]] = []
    waiting = [(value, 0)]
    while waiting and len(found) < 3000:
        holder, depth = waiting.pop(0)
        entries = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
        for key, below in entries:
            found += [(holder, key)] * max(1, 12 >> (2 * depth))
            if isinstance(below, (dict, list)):
                waiting.append((below, depth + 1))
    return found


def npz_array(content: bytes, chance: random.Random) -> bytes:
    """Returns an .npz one of whose arrays is text, an object, null, empty, of another shape or type, or infinite."""
    arrays = _arrays(content)
    name = chance.choice(sorted(arrays))
    value = arrays[name]
    arrays[name] = chance.choice(
        [
            np.array("text"),
            np.array(None, dtype=object),
            np.array([{"a": 1}], dtype=object),
            np.zeros(0, np.float32),
            np.array(np.nan),
            np.array(True),
            np.array(10**30 + 1.0),
            np.array(b"\xff\xfe"),
            value.reshape(-1)[:-1] if value.size > 1 else np.zeros((3, 3)),
            value[None],
            np.full(value.shape, np.inf) if value.dtype.kind == "f" else np.array("{}"),
            np.full(value.shape, "x"),
            np.array("2026-01-01", "datetime64[D]"),
            np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]),
        ]
    )
    return _packed(arrays)


def npz_header(content: bytes, chance: random.Random) -> bytes:
    """Returns an .npz whose array of JSON (the one that is text) is damaged as a JSON file would be."""
    arrays = _arrays(content)
    names = [name for name, value in arrays.items() if value.dtype.kind == "U"]
    if not names:
        return npz_array(content, chance)
    name = chance.choice(sorted(names))
    damage = chance.choice(
        [json_value, json_value, json_value, json_whole, json_without, json_without, truncated]
    )
    arrays[name] = np.array(damage(str(arrays[name]).encode(), chance).decode("utf-8", "replace"))
    return _packed(arrays)


def npz_member(content: bytes, chance: random.Random) -> bytes:
    """Returns an .npz without one of its arrays, or with a member that is none, or whose header lies."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(members))
    wrong = chance.choice(["gone", "text", "empty", "huge", "cut", "header"])
    if wrong == "gone":
        del members[name]
    else:
        whole = members[name]
        members[name] = {
            "text": b"text",
            "empty": b"",
            "huge": _claiming("(99999999, 99999999)"),
            "cut": whole[: len(whole) // 2],
            "header": _claiming("(" * 5000),
        }[wrong]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member, value in members.items():
            archive.writestr(member, value)
    return made.getvalue()


def _claiming(shape: str) -> bytes:
    """Returns an .npy of a few bytes whose header states that shape."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(16)


def npy_array(content: bytes, chance: random.Random) -> bytes:
    """Returns an .npy that is text, an object, of another type or of another shape than the one that it was."""
    made = io.BytesIO()
    values: list[Any] = [
        np.array("text"),
        np.array(None, dtype=object),
        np.zeros((2, 48, 47), np.uint8),
        np.zeros((2, 48, 48), np.float32),
        np.zeros((0, 48, 48), np.uint8),
        np.array(3),
    ]
    np.save(made, chance.choice(values), allow_pickle=True)
    return chance.choice([made.getvalue(), _claiming("(99999999, 48, 48)"), _claiming("(" * 5000)])


def _arrays(content: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _packed(arrays: dict[str, Any]) -> bytes:
    made = io.BytesIO()
    np.savez(made, **arrays)
    return made.getvalue()


def table_cell(content: bytes, chance: random.Random) -> bytes:
    """Returns a table one of whose cells is something else."""
    lines = content.split(b"\n")
    row = chance.randrange(len(lines) - 1)
    cells = lines[row].split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(
        [
            b"",
            b"-1",
            b"9" * 30,
            b"9" * 6000,
            b"nan",
            b"1e400",
            b"text",
            b"\xff\xfe",
            b'"',
            b"\0",
            b"256 " * 2304,
            b"7",
        ]
    )
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def table_row(content: bytes, chance: random.Random) -> bytes:
    """Returns a table with a row less, one twice, one cut off, or one without separators."""
    lines = content.split(b"\n")
    row = chance.randrange(len(lines) - 1)
    change = chance.choice(["gone", "cut", "blank", "separators", "no rows"])
    if change == "no rows":
        return lines[0] + b"\n"
    lines[row : row + 1] = {
        "gone": [],
        "cut": [lines[row][: len(lines[row]) // 2]],
        "blank": [b"", lines[row]],
        "separators": [lines[row].replace(b",", b";")],
    }[change]
    return b"\n".join(lines)


BYTES: tuple[Damage, ...] = (truncated, flipped, overwritten, doubled, noise, zeros, text)
TEXT: tuple[Damage, ...] = (truncated, not_utf8, utf16, long_line, noise, zeros, text)
BY_SUFFIX: dict[str, tuple[Damage, ...]] = {
    ".json": (
        *(json_value, json_value, json_value, json_without, json_without, json_whole, json_whole, json_more),
        *(truncated, not_utf8, utf16, noise, text),
    ),
    ".npz": (
        npz_array,
        npz_array,
        npz_header,
        npz_header,
        npz_header,
        npz_member,
        npz_member,
        truncated,
        flipped,
        text,
    ),
    ".npy": (npy_array, npy_array, npy_array, truncated, text, noise),
    ".csv": (table_cell, table_cell, table_cell, table_row, table_row, *TEXT),
    ".txt": TEXT,
}


def damages_of(name: str) -> tuple[Damage, ...]:
    """Returns the damages that fit a file of that name."""
    return BY_SUFFIX.get(Path(name).suffix, BYTES)


# What may stand where a file or folder is expected, each made at a path at which nothing is.
LONG = "n" * 300
NOT_TEXT = "na\udcffme"


def _linked_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def _looping(path: Path) -> None:
    other = path.with_name("other")
    path.symlink_to(other.name)
    other.symlink_to(path.name)


def _folder_of_itself(path: Path) -> None:
    path.mkdir()
    (path / "again").symlink_to(path, target_is_directory=True)


PLACES: dict[str, Place] = {
    "missing": lambda path: None,
    "an empty file": lambda path: path.touch(),
    "an empty folder": lambda path: path.mkdir(),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": _linked_to_itself,
    "links in a circle": _looping,
    "a folder with a link to itself": _folder_of_itself,
    "a line of text": lambda path: path.write_text("This is no such file.\n") and None,
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/full"),
}
# Paths in place of one that can be used.
PATHS = {
    "a name of 300 characters": LONG,
    "a path of 6000 characters": "/".join(["n" * 200] * 30),
    "below a file": "file.txt/below",
    "no text, and missing": NOT_TEXT,
    "below links in a circle": "circle/below",
    "empty": "",
    "blank": " ",
    "a line feed": "a\nb",
}


def around(folder: Path) -> None:
    """Makes what PATHS lead through."""
    (folder / "file.txt").write_text("text\n")
    (folder / "circle").symlink_to("circle")


def copied_tree(source: Path, target: Path) -> None:
    """Copies a file or folder by hard links: a damage takes the place of a file, it never writes into one."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link)
    else:
        os.link(source, target)
