"""Turns the list of commands into bad inputs, each drawn by a seed."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bad_inputs.case import Case
from tests.bad_inputs.commands import RUNTIME, Command, In, Out
from tests.bad_inputs.damage import NOT_TEXT, PATHS, PLACES, Damage, around, copied_tree, damages_of
from tests.bad_inputs.flags import NUMBERS, WORDS, Flag

OFTEN = (
    "manifest.json",
    "golden.json",
    "config.json",
    "evaluation.json",
    "checkpoint.npz",
    "model.json",
    "kernels.json",
)
ALWAYS_THERE = ("face.png", "portrait.jpg", "checkpoint.npz")  # what lines name beside their inputs
MEBI = 1 << 20


def cases_of(command: Command, flags: Sequence[Flag], material: Path, seed: str) -> Iterator[Case]:
    """Yields every bad input of a command. flags: of its parser; material: whole inputs; seed: of the damages."""
    line = _Line(command, material)
    yield from _usage(line)
    if command.flags:
        yield from _flags(line, flags, seed)
    for entry in command.words:
        if isinstance(entry, In):
            yield from _places(line, entry)
            yield from _contents(line, entry, seed)
        elif isinstance(entry, Out):
            yield from _outputs(line, entry)
    yield from _surroundings(line)


class _Line:
    """A command's line that works, and the same with something else in a place."""

    def __init__(self, command: Command, material: Path) -> None:
        self.command, self._material = command, material

    def words(self, instead: Mapping[Any, str] | None = None) -> tuple[str, ...]:
        """Returns the words; instead: other paths of some inputs and outputs."""
        made = [self.command.verb] if self.command.verb else []
        flags = {entry.flag for entry in self.command.words if isinstance(entry, In | Out)} - {""}
        for entry in self.command.words:
            if isinstance(entry, str):
                made += [] if entry in flags else [entry]
                continue
            path = (instead or {}).get(entry, entry.name)
            # A path that begins with a dash, or with nothing, is the flag's all the same.
            made += [f"{entry.flag}={path}"] if entry.flag else [path]
        return tuple(made)

    def prepare(self, folder: Path, without: In | Out | None = None) -> None:
        """Makes the inputs but one."""
        around(folder)
        names = {entry.name for entry in self.command.words if isinstance(entry, In) and entry is not without}
        for name in [*sorted(names), *ALWAYS_THERE]:
            place = folder / name
            taken = without is not None and isinstance(without, In) and without.name == name
            if not taken and not place.exists() and not place.is_symlink():
                place.parent.mkdir(parents=True, exist_ok=True)
                copied_tree(self._material / name, place)

    def copy(self, entry: In, folder: Path) -> Path:
        """Makes one input and returns its path."""
        place = folder / entry.name
        if place.exists():
            return place
        place.parent.mkdir(parents=True, exist_ok=True)
        copied_tree(self._material / entry.name, place)
        return place

    def files(self, entry: In) -> list[str]:
        """Returns the files of an input, relative to it; [""] of one that is a file itself."""
        source = self._material / entry.name
        if source.is_file():
            return [""]
        found = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
        return [name for name in found if not name.endswith((".png", ".md", "LICENSE"))] or found

    def case(self, kind: str, what: str, words: Sequence[str], **more: Any) -> Case:
        """Returns a case of this command."""
        more.setdefault("prepare", self.prepare)
        if self.command.name == "web":
            more.setdefault("seconds", 30.0)
        return Case(self.command.name, self.command.module, tuple(words), kind, what, **more)


def _usage(line: _Line) -> Iterator[Case]:
    words = line.words()
    yield line.case("usage", "an unknown flag", [*words, "--nonsense"])
    yield line.case("usage", "an unknown flag of 5000 characters", [*words, "--" + "n" * 5000])
    yield line.case("usage", "an unknown flag that is no text", [*words, f"--{NOT_TEXT}"])
    yield line.case("usage", "a flag without its value", [*words, "--models"])
    if line.command.module != RUNTIME:
        yield line.case("usage", "words that belong nowhere", [*words, "one", "two", "three", "four"])
    if line.command.verb:
        yield line.case("usage", "a command misspelt", [line.command.verb + "x", *words[1:]])
        if line.command.module != "web":  # which serves the page then
            yield line.case("usage", "no command", [])


def _flags(line: _Line, flags: Sequence[Flag], seed: str) -> Iterator[Case]:
    words = line.words()
    for flag in flags:
        chance = random.Random(f"{seed} {line.command.name} {flag.name}")
        if not flag.takes:
            if flag.name != "--help":
                yield line.case("flag", f"{flag.name}=yes", [*words, f"{flag.name}=yes"], said=(flag.name,))
            continue
        if flag.number:
            values = NUMBERS if line.command.flags else ()
        elif flag.path:
            values = (
                ()
                if any(
                    isinstance(entry, In | Out) and entry.flag == flag.name for entry in line.command.words
                )
                else WORDS[:5]
            )
        else:
            values = (*chance.sample(WORDS, 4), "nan")
        if not line.command.runs and not flag.number:
            values = () if flag.path else values[:2]  # what is a path would be taken, and the work begin
        if len(flags) > 30 and not flag.number:
            values = values[:3]
        for value in values:
            shown = value if len(value) < 30 else f"{value[0]} {len(value)} times"
            yield line.case("flag", f"{flag.name}={shown}", [*words, f"{flag.name}={value}"])


def _places(line: _Line, entry: In) -> Iterator[Case]:
    for what, make in PLACES.items():
        if what == "a pipe" and not entry.pipe:
            continue

        def prepare(folder: Path, make: Any = make) -> None:
            line.prepare(folder, without=entry)
            place = folder / entry.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                make(place)

        # A list that is a line of text names a file of that name, which the message is about.
        named = line.command.runs and not (entry.flag == "--files-from" and what == "a line of text")
        said = _names(entry) if named else ()
        yield line.case("place", f"{entry.name}: {what}", line.words(), prepare=prepare, said=said)
    for what, path in PATHS.items():
        yield line.case("path", f"{entry.name}: {what}", line.words({entry: path}))


def _names(entry: In | Out) -> tuple[str, ...]:
    return (entry.name, *([entry.flag] if entry.flag else []))


def _contents(line: _Line, entry: In, seed: str) -> Iterator[Case]:
    files = line.files(entry)
    for number in range(entry.wrongly):
        chance = random.Random(f"{seed} {line.command.name} {entry.name} {number}")
        often = [name for name in files if Path(name).name in OFTEN]
        name = chance.choice(often if often and chance.random() < 0.6 else files)
        damages = damages_of(name or entry.name)
        damage = damages[number % len(damages)] if files == [""] else chance.choice(damages)
        honest = bool(name) and chance.random() < 0.5  # the manifest states the damaged file's sha256
        gone = bool(name) and chance.random() < 0.08
        said = "gone" if gone else damage.__name__.replace("_", " ")
        what = f"{'/'.join(filter(None, [entry.name, name]))}: {said} ({number})"
        prepare = _Damaged(line, entry, name, None if gone else damage, honest, f"{seed} {what}")
        yield line.case("content", what, line.words(), prepare=prepare)


class _Damaged:
    """Makes a case's files, one of them damaged."""

    def __init__(
        self, line: _Line, entry: In, name: str, damage: Damage | None, honest: bool, seed: str
    ) -> None:
        self._line, self._entry, self._name = line, entry, name
        self._damage, self._honest, self._seed = damage, honest, seed

    def __call__(self, folder: Path) -> None:
        self._line.prepare(folder, without=self._entry)
        place = self._line.copy(self._entry, folder)
        file = place / self._name if self._name else place
        content = file.read_bytes()
        file.unlink()
        if self._damage is None:
            return
        damaged = self._damage(content, random.Random(self._seed))
        file.write_bytes(damaged)
        if self._honest and file.name != "manifest.json":
            _stated(file, content, damaged)


def _stated(file: Path, before: bytes, after: bytes) -> None:
    """Has the manifest of the folder that a file is in state what it is now."""
    for folder in (file.parent, file.parent.parent):
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            continue
        value = json.loads(manifest.read_bytes())
        digest = hashlib.sha256(before).hexdigest()
        text = json.dumps(value).replace(digest, hashlib.sha256(after).hexdigest())
        text = text.replace(f'"bytes": {len(before)}', f'"bytes": {len(after)}')
        manifest.unlink()
        manifest.write_text(text)
        return


def _outputs(line: _Line, entry: Out) -> Iterator[Case]:
    if not line.command.runs and not entry.folder:
        return
    what = {
        "a file where a folder should be, or the other way": lambda place: (
            place.write_text("mine") if entry.folder else place.mkdir()
        ),
        "a link to itself": PLACES["a link to itself"],
        "a link to nothing": PLACES["a link to nothing"],
        "a folder that is not empty": lambda place: (place / "mine").mkdir(parents=True),
    }
    if not line.command.runs:  # of the others the work would begin
        del what["a folder that is not empty"], what["a link to nothing"]
    for said, make in what.items():

        def prepare(folder: Path, make: Any = make) -> None:
            line.prepare(folder)
            make(folder / entry.name)

        yield line.case("output", f"{entry.name}: {said}", line.words(), prepare=prepare)
    nowhere = {"below a device": "/dev/null/out", "in /proc": "/proc/nothing/out"}
    for said, path in (PATHS | nowhere if line.command.runs else nowhere).items():
        yield line.case("output", f"{entry.name}: {said}", line.words({entry: path}))


def _surroundings(line: _Line) -> Iterator[Case]:
    """The folder, the streams and the limits that a command runs in."""
    words = line.words()
    runs = line.command.runs
    if not runs:
        words = (*words, "--nonsense")
    below = f"{NOT_TEXT} folder"

    def inside(folder: Path) -> None:
        (folder / below).mkdir()
        line.prepare(folder / below)

    yield line.case("around", "a working folder whose name is no text", words, prepare=inside, below=below)
    if not runs:
        return
    yield line.case("around", "a full disk for stdout", words, stdout="/dev/full")
    yield line.case("around", "no stdout", words, stdout="closed")
    yield line.case("around", "a reader that has gone", words, stdout="gone")
    yield line.case("around", "files of 1000 bytes at most", words, limits={"RLIMIT_FSIZE": 1000})
    yield line.case(
        "around",
        "LANG=C",
        words,
        environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        fresh=True,
    )
    yield line.case("around", "12 open files at most", words, limits={"RLIMIT_NOFILE": 12})


MEMORY = (100, 200, 300, 400, 500, 600, 700, 800, 1000, 1200, 1500, 1800, 2200, 2600, 3000, 4000)


def memory_cases(command: Command, material: Path) -> Iterator[Case]:
    """Yields a command with too little memory, in steps up to enough of it."""
    line = _Line(command, material)
    for mebibytes in MEMORY:
        limits = {"RLIMIT_AS": mebibytes * MEBI}
        yield line.case("memory", f"{mebibytes} MiB of addresses", line.words(), limits=limits, fresh=True)


MOMENTS = (0.0, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 10.0, 15.0)  # seconds


def interrupted_cases(command: Command, material: Path) -> Iterator[Case]:
    """Yields a command that is interrupted at one moment after another."""
    line = _Line(command, material)
    for moment in MOMENTS:
        yield line.case("interrupt", f"Ctrl-C after {moment:g} s", line.words(), interrupt=moment)
