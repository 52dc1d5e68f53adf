"""Which column of a table is what: by `--columns`, or guessed from its header.

`pixels` holds the grey levels, `label` the class, `split` the part (FER2013's Usage); other columns are left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from face_emotion.errors import InputError

PUBLISHED = ("emotion", "pixels", "Usage")  # FER2013's own
PIXELS, LABEL, SPLIT = "pixels", "label", "split"
ROLES = (PIXELS, LABEL, SPLIT)
GUESSES: dict[str, tuple[str, ...]] = {
    PIXELS: ("pixels", "pixel", "pixel_values", "image", "images", "img"),
    LABEL: ("emotion", "emotions", "label", "labels", "class", "expression", "target"),
    SPLIT: ("usage", "split", "subset", "partition", "set"),
}
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_QUOTE = b'"'
_BLANK = b' \t\r\n"'


@dataclass(frozen=True)
class Columns:
    """A table's columns.

    names: of all of them; place: where each role's column stands, split may be missing; separator: between fields.
    """

    names: tuple[str, ...]
    place: Mapping[str, int]
    separator: str

    @property
    def published(self) -> bool:
        """Whether these are FER2013's own columns, in any order."""
        return sorted(self.names) == sorted(PUBLISHED) and self.separator == ","

    @property
    def split_name(self) -> str:
        """What the column of the split is called."""
        return self.names[self.place[SPLIT]] if SPLIT in self.place else ""

    def described(self) -> list[str]:
        """Returns in words what was taken for what."""
        taken = ", ".join(f"{role}={self.names[place]}" for role, place in self.place.items())
        others = [
            name or "(no name)" for place, name in enumerate(self.names) if place not in self.place.values()
        ]
        words = [f"columns: {taken}"]
        if others:
            words.append(f"not read: {', '.join(others)[:100]}")
        if self.separator != ",":
            words.append(f"separator: {_SEPARATORS[self.separator]}")
        return words

    def fields(self, line: bytes) -> list[bytes]:
        """Returns a row's fields, without quotes and blanks around them; raises ValueError for another number."""
        separator = self.separator.encode()
        found = [field.strip(_BLANK) for field in line.split(separator)]
        if len(found) != len(self.names) and _QUOTE in line:  # a separator between quotes
            found = _quoted(line, self.separator)
        if len(found) != len(self.names):
            raise ValueError(f"{len(found)} columns where {len(self.names)} are expected")
        return found


def parse_columns(flag: str) -> dict[str, str]:
    """Returns the column that --columns names for each role; raises InputError naming what cannot be used."""
    chosen: dict[str, str] = {}
    for entry in flag.split(",") if flag else ():
        role, equals, name = (part.strip() for part in entry.partition("="))
        if role not in ROLES or not equals or not name:
            raise InputError(
                f"--columns {flag}: {entry.strip()!r} where pixels=NAME, label=NAME and split=NAME are expected"
            )
        if role in chosen:
            raise InputError(f"--columns {flag}: {role} is there twice")
        chosen[role] = name
    return chosen


def find_columns(name: str, header: bytes, chosen: Mapping[str, str], split_wanted: bool = True) -> Columns:
    """Finds the columns of a table by its first line.

    name: of the table, for errors; chosen: by `parse_columns`; split_wanted: False if splits are drawn whatever the
    table says. Raises InputError, naming --columns, where a column is missing or two could be meant.
    """
    text = header.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r\n")
    separator = max(_SEPARATORS, key=text.count)
    names = tuple(word.strip().strip('"').strip() for word in text.split(separator))
    place: dict[str, int] = {}
    for role in ROLES if split_wanted else (PIXELS, LABEL):
        found = _places(name, names, role, chosen.get(role))
        if found is None and role != SPLIT:
            raise InputError(
                f"{name}: the header is {text.strip()[:60]!r}, where no column of {role}s stands; "
                f"name it: --columns {role}=NAME"
                if role != PIXELS
                else f"{name}: the header is {text.strip()[:60]!r}, where no column of pixels stands; "
                "name it: --columns pixels=NAME"
            )
        if found is not None:
            place[role] = found
    if len(set(place.values())) < len(place):
        raise InputError(f"{name}: one column is named for two things; give --columns another")
    return Columns(names, place, separator)


def _places(name: str, names: tuple[str, ...], role: str, chosen: str | None) -> int | None:
    folded = [column.casefold() for column in names]
    if chosen is not None:
        exact = [place for place, column in enumerate(names) if column == chosen]
        found = exact or [place for place, column in enumerate(folded) if column == chosen.casefold()]
        if not found:
            raise InputError(f"--columns {role}={chosen}: {name} has {', '.join(names)[:100]!r} only")
    else:
        found = [place for place, column in enumerate(folded) if column in GUESSES[role]]
    if len(found) > 1:
        meant = " or ".join(names[place] for place in found)
        raise InputError(
            f"{name}: {meant} may be the {role} column; say which: --columns {role}={names[found[0]]}"
        )
    return found[0] if found else None


def _quoted(line: bytes, separator: str) -> list[bytes]:
    try:
        rows = list(
            csv.reader([line.decode("utf-8", "surrogateescape")], delimiter=separator, skipinitialspace=True)
        )
    except csv.Error as error:
        raise ValueError(f"not a row of a table ({error})") from None
    return [field.encode("utf-8", "surrogateescape").strip(_BLANK) for field in rows[0]] if rows else []
