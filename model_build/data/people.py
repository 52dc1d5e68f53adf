"""Who a picture shows, told by its file's name: PERSON_NUMBER.jpg, or as `--people` says.

Splits keep a person's pictures together with it, intervals are taken over people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from face_emotion.arrays import Integers
from face_emotion.errors import InputError

AUTO, NONE = "auto", "none"
FEWEST = 10  # below it, what stands before the number is a word such as "Training" or "img", no person
_NUMBERED = re.compile(r".+_\d+")


def person_of(stem: str) -> str:
    """Returns the person that a file's name without suffix tells: all up to the last underscore."""
    return stem.rpartition("_")[0] or stem


def check_people(flag: str) -> None:
    """Raises InputError unless --people is auto, none or a regular expression with one group."""
    if flag in (AUTO, NONE):
        return
    try:
        groups = re.compile(flag).groups
    except re.error as error:
        raise InputError(f"--people {flag}: not a regular expression ({error})") from None
    if groups != 1:
        raise InputError(
            f"--people {flag}: auto, none or a regular expression with one group, the person, is expected; "
            "such as (S[0-9]+)_"
        )


def people_of(stems: Sequence[str], labels: Integers, flag: str) -> list[str] | None:
    """Returns who each picture shows, or None where names do not tell.

    stems: N file names without suffix; labels: int64 [N]; flag: --people. With "auto" names tell people where all
    are PERSON_NUMBER, ten people or more, and most of them are seen in two classes or more: img_001.jpg is nobody.
    Raises InputError for a name that a regular expression does not match.
    """
    if flag == NONE:
        return None
    if flag != AUTO:
        pattern = re.compile(flag)
        found = [pattern.search(stem) for stem in stems]
        for stem, match in zip(stems, found, strict=True):
            if match is None or not match[1]:
                raise InputError(f"--people {flag}: names no person in {stem!r}")
        return [match[1] for match in found if match]
    if not all(_NUMBERED.fullmatch(stem) for stem in stems):
        return None
    people = [person_of(stem) for stem in stems]
    seen = defaultdict(set)
    for person, label in zip(people, labels.tolist(), strict=True):
        seen[person].add(label)
    several = sum(len(classes) > 1 for classes in seen.values())
    return people if len(seen) >= FEWEST and 2 * several > len(seen) else None
