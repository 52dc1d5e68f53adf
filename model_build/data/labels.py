"""What the values of a data set's labels mean, and in which order the classes stand.

`--labels` is one of these:

    fer2013, ferplus, affectnet, raf-db       the numbers of that data set
    names.txt                                 a name a line (from number 0 on), or lines of number and name
    angry,happy,sad                           the same in one word
    happy=joy,=contempt                       LABEL=VALUE renames a value; =VALUE leaves its pictures out
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError

CONTEMPT = "contempt"
ORDERS: dict[str, Mapping[int, str]] = {
    "fer2013": dict(enumerate(FER2013_LABELS)),
    "ferplus": dict(
        enumerate(("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", CONTEMPT)),
    ),
    "affectnet": dict(
        enumerate(("neutral", "happy", "sad", "surprise", "fear", "disgust", "angry", CONTEMPT)),
    ),
    "raf-db": dict(enumerate(("surprise", "fear", "disgust", "happy", "sad", "angry", "neutral"), start=1)),
}
# Other data sets' words for FER2013's seven classes and FER+'s eighth.
SAME_AS = {
    "anger": "angry", "disgusted": "disgust", "fearful": "fear", "happiness": "happy",
    "sadness": "sad", "surprised": "surprise",
}  # fmt: skip
_NUMBERED = re.compile(r"(\d{1,4})[\s:]+(\S.*)")
_LONGEST_FILE = 1 << 16


@dataclass(frozen=True)
class Naming:
    """What values of a data set mean.

    label_of: by value in small letters, None: its pictures are left out. closed: other values are refused, not taken
    as they are. shown: the values that are expected, or the flag, in words.
    """

    label_of: Mapping[str, str | None]
    closed: bool
    shown: str

    @property
    def named(self) -> set[str]:
        """The labels that it names."""
        return {label for label in self.label_of.values() if label}


def meaning(value: str, given: Naming | None, base: Naming | None = None) -> str | None:
    """Returns the label that a value means, None where its pictures are left out.

    given: by --labels; base: of the data set's own numbers. An open `given` may rename what `base` calls a value.
    Raises ValueError for a value that has no label.
    """
    if given is not None and (plain(value) in given.label_of or given.closed):
        return _looked_up(value, given)
    name = value if base is None else _looked_up(value, base)
    if given is not None and name is not None:
        return given.label_of.get(plain(name), name)
    return name


def _looked_up(value: str, naming: Naming) -> str | None:
    key = plain(value)
    if key not in naming.label_of:
        raise ValueError(
            f"a label of {value[:20]!r} where {naming.shown} is expected; --labels says what others mean"
        )
    return naming.label_of[key]


def plain(value: str) -> str:
    """Returns a value as it is looked up: small letters, a number without leading zeros."""
    word = value.strip().casefold()
    return str(int(word)) if word.isascii() and word.isdigit() and len(word) < 9 else word


def is_number(value: str) -> bool:
    """Whether a value is a whole number from 0 on."""
    return value.isascii() and value.isdigit()


def numbers(order: str) -> Naming:
    """Returns the naming of a published data set's numbers (ORDERS)."""
    names = ORDERS[order]
    return Naming(
        {str(number): name for number, name in names.items()}, True, f"{min(names)} to {max(names)}"
    )


def parse_labels(flag: str) -> Naming | None:
    """Returns what --labels says, or None for ""; raises InputError naming what cannot be used."""
    if not flag:
        return None
    if flag.casefold() in ORDERS:
        return numbers(flag.casefold())
    shown, entries = f"--labels {flag}", [entry.strip() for entry in flag.split(",")]
    if "=" not in flag and (len(entries) == 1 or Path(flag).is_file()):
        shown, entries = f"--labels {flag}", _lines(flag)
    pairs = [entry for entry in entries if "=" in entry]
    if pairs:
        if len(pairs) != len(entries):
            raise InputError(f"{shown}: names and LABEL=VALUE; give either all the one or all the other")
        return Naming(_renamed(shown, pairs), False, shown)
    numbered = [_NUMBERED.fullmatch(entry) for entry in entries]
    if any(numbered):
        if not all(numbered):
            wrong = entries[numbered.index(None)]
            raise InputError(f"{shown}: {wrong[:40]!r} has no number; give all names a number or none")
        label_of: dict[str, str | None] = {}
        for match in numbered:
            number, name = str(int(match[1])), match[2].strip()  # type: ignore[index]
            if number in label_of:
                raise InputError(f"{shown}: number {number} is there twice")
            label_of[number] = name
        return Naming(label_of, True, f"one of --labels ({', '.join(label_of)[:60]})")
    for entry in entries:
        if not entry or is_number(entry):
            raise InputError(f"{shown}: a name is expected where {entry!r} stands")
        if entries.count(entry) > 1:
            raise InputError(f"{shown}: {entry!r} is there twice")
    by_number: dict[str, str | None] = {str(number): name for number, name in enumerate(entries)}
    expected = f"one of --labels (0 to {len(entries) - 1}, {', '.join(entries)[:60]})"
    return Naming(by_number | {plain(name): name for name in entries}, True, expected)


def class_order(labels: Collection[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Returns the class names in order, and the class of each label.

    FER2013's seven names in any case, or other data sets' words for them, are FER2013's classes in the contract's
    order, `contempt` behind them where it is there too; all others are sorted.
    """
    class_of = {label: SAME_AS.get(label.casefold(), label.casefold()) for label in labels}
    found = set(class_of.values())
    if len(found) == len(class_of) and found in (set(FER2013_LABELS), {*FER2013_LABELS, CONTEMPT}):
        return (*FER2013_LABELS, *sorted(found - set(FER2013_LABELS))), class_of
    return tuple(sorted(labels)), {label: label for label in labels}


def renamed(class_of: Mapping[str, str]) -> str:
    """Returns in words which labels have another name as classes, or ""."""
    changed = [
        f"{name}={label}" for label, name in sorted(class_of.items()) if name.casefold() != label.casefold()
    ]
    return f"labels: {', '.join(changed)}" if changed else ""


def _lines(flag: str) -> list[str]:
    path = Path(flag)
    if not path.is_file():
        raise InputError(
            f"--labels {flag}: no such file; a file of names, NAME,NAME,… in order, LABEL=VALUE,… "
            f"or one of {', '.join(ORDERS)} is expected"
        )
    try:
        with path.open("rb") as stream:
            text = stream.read(_LONGEST_FILE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"--labels {flag}: not a text file; a name a line is expected") from None
    except OSError as error:
        raise InputError(f"--labels {flag}: cannot be read ({error.strerror or error})") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise InputError(f"--labels {flag}: the file is empty; a name a line is expected")
    return lines


def _renamed(shown: str, pairs: list[str]) -> dict[str, str | None]:
    label_of: dict[str, str | None] = {}
    for pair in pairs:
        label, _, value = (part.strip() for part in pair.partition("="))
        if not value or plain(value) in label_of:
            raise InputError(
                f"{shown}: {pair!r} where LABEL=VALUE, or =VALUE to leave one out, is expected once"
            )
        label_of[plain(value)] = label or None
    return label_of
