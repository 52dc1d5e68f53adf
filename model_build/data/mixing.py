"""Several data sets as one Dataset: classes of one name mean the same, every row knows which set it comes from.

    --classes angry=anger,=contempt,disgust=      of all sets that have such a class

LABEL=NAME: what a set calls NAME is trained as LABEL; =NAME: its pictures are left out; LABEL=: trained although a set
has no picture of it. `model_build.data.sources` calls it for `--data A --data B`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.dataset import FOLDER_SPLITS, TRAINING, Dataset
from model_build.data.labels import SAME_AS, class_order
from model_build.data.stored import joined

MOST = 255  # sets: a row's is a byte


@dataclass(frozen=True)
class Classes:
    """What --classes says. label_of: by a set's own class name, None: left out; spare: that a set may lack."""

    label_of: Mapping[str, str | None]
    spare: frozenset[str]

    @property
    def given(self) -> bool:
        """Whether anything was said."""
        return bool(self.label_of or self.spare)


def parse_classes(flags: Sequence[str]) -> Classes:
    """Returns what --classes says; raises InputError for an entry that is no LABEL=NAME, =NAME or LABEL=."""
    label_of: dict[str, str | None] = {}
    spare = set()
    for entry in (part.strip() for group in flags for part in group.split(",") if part.strip()):
        label, equals, name = (part.strip() for part in entry.partition("="))
        if not equals or not (label or name) or name in label_of:
            raise InputError(
                f"--classes {entry}: LABEL=NAME, =NAME to leave one out or LABEL= for one that a set lacks is "
                "expected, each NAME once"
            )
        if name:
            label_of[name] = label or None
        else:
            spare.add(label)
    return Classes(label_of, frozenset(spare))


def mix(parts: Sequence[tuple[str, Dataset]], classes: Classes) -> Dataset:
    """Returns the rows of all data sets, one set after another, under the class names that they share.

    parts: (name in figures, data set), at least one. A set without votes gets rows of no votes where another has some:
    they ask the votes head for nothing. Raises InputError for classes that do not fit each other, naming set and class.
    """
    if len(parts) > MOST:
        raise InputError(f"--data: {len(parts)} data sets where {MOST} at most can be mixed")
    names = [name for name, _ in parts]
    labels = [_labels_of(dataset, classes) for _, dataset in parts]
    _check_used(parts, labels, classes)
    _check_shared(names, labels, classes)
    class_names, class_of = class_order({label for own in labels for label in own if label})
    voted = any(dataset.votes is not None for _, dataset in parts)
    renamed = any(
        dataset.votes is not None and tuple(own) != dataset.class_names
        for (_, dataset), own in zip(parts, labels, strict=True)
    )
    if voted and (renamed or class_names != FER2013_LABELS):
        raise InputError(
            "--votes: FER+ votes answer for FER2013's seven classes under their own names; "
            f"{', '.join(class_names)[:120]} are trained: leave --votes out"
        )
    kept = [
        _kept(dataset, own, class_of, class_names) for (_, dataset), own in zip(parts, labels, strict=True)
    ]
    _check_splits(names, kept)
    split_names = {dataset.split_names for dataset in kept}
    label, split = (
        np.concatenate([getattr(dataset, key) for dataset in kept]) for key in ("labels", "split")
    )
    votes = [np.zeros((len(d), 10), np.uint8) if d.votes is None else d.votes for d in kept] if voted else []
    counts = [len(dataset) for dataset in kept]
    return Dataset(
        images=joined([dataset.images for dataset in kept]),
        labels=label,
        split=split,
        class_names=class_names,
        split_names=split_names.pop() if len(split_names) == 1 else FOLDER_SPLITS,
        votes=np.concatenate(votes) if votes else None,
        name=" + ".join(names),
        source=np.repeat(np.arange(len(kept), dtype=np.uint8), counts) if len(kept) > 1 else None,
        sources=tuple(names),
        origins=tuple(dataset.name for _, dataset in parts),
    )


def shared_with_others(dataset: Dataset) -> dict[str, int]:
    """Returns by set how many of its pictures outside TRAINING stand, pixel by pixel, in another set's TRAINING.

    Only sets with any; they are among `dataset.leaked()`.
    """
    if dataset.source is None:
        return {}
    training = dataset.split == TRAINING
    counts = {}
    for place, name in enumerate(dataset.sources):
        own = dataset.source == place
        elsewhere = np.isin(dataset.keys[own & ~training], dataset.keys[~own & training])
        counts[name] = int(elsewhere.sum())
    return {name: count for name, count in counts.items() if count}


def _labels_of(dataset: Dataset, classes: Classes) -> list[str | None]:
    """Returns what each class of a set is trained as, None: its pictures are left out."""
    return [classes.label_of.get(name, name) for name in dataset.class_names]


def _check_used(
    parts: Sequence[tuple[str, Dataset]], labels: Sequence[list[str | None]], classes: Classes
) -> None:
    known = {name for _, dataset in parts for name in dataset.class_names}
    unknown = sorted(set(classes.label_of) - known)
    unknown += sorted(classes.spare - {label for own in labels for label in own if label})
    if unknown:
        raise InputError(
            f"--classes: no data set has a class {unknown[0]!r} ({_listed(parts)}); spell it as it stands there"
        )


def _listed(parts: Sequence[tuple[str, Dataset]]) -> str:
    return "; ".join(f"{name}: {', '.join(dataset.class_names)[:120]}" for name, dataset in parts)


def _check_shared(names: Sequence[str], labels: Sequence[list[str | None]], classes: Classes) -> None:
    """Raises InputError unless every set has every class, but those that may be lacking."""
    own = [{label for label in found if label} for found in labels]
    union = set().union(*own)
    if not union:
        raise InputError("--classes: every class is left out")
    if len(own) > 1 and not set.intersection(*own):
        listed = "; ".join(
            f"{name}: {', '.join(sorted(found))[:120]}" for name, found in zip(names, own, strict=True)
        )
        raise InputError(
            f"--data: no class that all data sets have ({listed}); --classes LABEL=NAME says which are the same"
        )
    for label in sorted(union - classes.spare):
        lacking = [name for name, found in zip(names, own, strict=True) if label not in found]
        if lacking:
            having = next(name for name, found in zip(names, own, strict=True) if label in found)
            place = names.index(lacking[0])
            hint = _hint(label, own[place] - own[names.index(having)])
            raise InputError(
                f"--data: {lacking[0]} has no class {label!r}, which {having} has; --classes {hint}"
                f"={label} leaves it out, {label}= trains it all the same"
            )


def _hint(label: str, others: set[str]) -> str:
    """Returns how a class may be mapped. others: classes of the set that lacks it, and not of the one that has it."""
    if SAME_AS.get(label.casefold()) in others:
        return f"{SAME_AS[label.casefold()]}={label} if they are the same, "
    for other in sorted(others, key=lambda name: (SAME_AS.get(name.casefold()) != label, name)):
        return f"{label}={other} if they are the same, "
    return ""


def _kept(
    dataset: Dataset,
    labels: Sequence[str | None],
    class_of: Mapping[str, str],
    class_names: tuple[str, ...],
) -> Dataset:
    """Returns a set's rows that are not left out, with their labels among `class_names`."""
    place = np.array([class_names.index(class_of[label]) if label else -1 for label in labels], np.int64)
    new = place[dataset.labels]
    chosen = new >= 0
    return dataclasses.replace(dataset.rows(chosen), labels=new[chosen], class_names=class_names, digest="")


def _check_splits(names: Sequence[str], kept: Sequence[Dataset]) -> None:
    for name, dataset in zip(names, kept, strict=True):
        for part, title in enumerate(dataset.split_names):
            if not (dataset.split == part).any():
                raise InputError(f"--classes: leaves no picture in the {title} part of {name}")
