"""The committed list of mutants: python.toml, javascript.toml and kotlin.toml beside this file.

Each [[file]] names its area, its path and the tests that see its mutants; each of its mutants is a text that stands in
the file once (`old`), the wrong one in its place (`new`), and why that matters (`why`).
"""

from __future__ import annotations

import hashlib
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from face_emotion.errors import InputError

FOLDER = Path(__file__).parent
PYTHON, JAVASCRIPT, KOTLIN = LANGUAGES = ("python", "javascript", "kotlin")


@dataclass(frozen=True)
class Mutant:
    """One wrong change. path: of the file, from the repository's root; tests: as the language's runner takes them."""

    language: str
    area: str
    path: str
    old: str
    new: str
    why: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> str:
        """Returns the file's text with the change; raises InputError unless the old text stands in it once."""
        if (count := text.count(self.old)) != 1:
            raise InputError(
                f"{self.path}: {self.old!r} stands there {count} times; mend tests/mutants/{self.language}.toml"
            )
        return text.replace(self.old, self.new)

    def __str__(self) -> str:
        old, new = (" ".join(text.split()) or "nothing" for text in (self.old, self.new))
        return f"{self.path}: {old} → {new}"


def read_mutants(folder: Path = FOLDER) -> list[Mutant]:
    """Returns all mutants in the order of the lists; raises InputError for an entry that is not as above."""
    return [mutant for language in LANGUAGES for mutant in _of(language, folder / f"{language}.toml")]


def _of(language: str, path: Path) -> list[Mutant]:
    found = []
    try:
        for file in tomllib.loads(path.read_text(encoding="utf-8"))["file"]:
            for entry in file["mutants"]:
                tests = tuple(entry.get("tests", file["tests"]))
                texts = (entry["old"], entry["new"], entry["why"])
                found.append(Mutant(language, file["area"], file["path"], *texts, tests))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path}: unusable list of mutants ({error!r})") from None
    return found


def sampled(mutants: Sequence[Mutant], counts: Sequence[int], seed: str) -> list[Mutant]:
    """Returns so many mutants of each language (of LANGUAGES, in that order), the same for the same seed."""
    chosen = []
    for language, count in zip(LANGUAGES, counts, strict=True):
        own = [mutant for mutant in mutants if mutant.language == language]
        digest = hashlib.sha256(f"{seed} {language}".encode()).digest()
        chosen += random.Random(digest).sample(own, min(count, len(own)))
    return chosen
