"""Every artifact of a build on every held-out set of images: figures, intervals, agreement.

    python -m model_build evaluate build/small --data fer2013.tar.gz --votes fer2013new.csv

Writes evaluation.json into the folder, or evaluation.NAME.json where the folder was built from another data set.
Figures are fractions 0..1, one crop an image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from converters.kernels import reference_classifier
from converters.manifest import read_contract
from face_emotion.arrays import Bytes, Flags, Floats, Integers
from face_emotion.classifier import TfliteClassifier
from face_emotion.consistency import WHEN_SURE
from face_emotion.contract import LABELS_HEAD, VOTES_HEAD
from face_emotion.errors import InputError
from model_build.data.dataset import SELECTION, TEST, TRAINING, Dataset
from model_build.data.stored import Images, taken
from model_build.data.votes import ferplus_rule, majority
from model_build.evaluation import metrics
from model_build.evaluation.artifacts import ARTIFACTS, QUANTIZED, Classifier, open_artifact, open_artifacts
from model_build.evaluation.coverage import coverage_figures
from model_build.evaluation.evaluation_file import NAME, file_for, pack_bits, write_evaluation
from model_build.progress import progress_bar
from model_build.training.calibration import fit_temperature
from model_build.training.selection import selection_rows

Sets = dict[str, tuple[Integers, Integers]]
WITHOUT_LEAKED = "without leaked"
OWN_RULE = "FER+ own rule"
HEADLINE_ORDER = ("int8", "int8_ptq", "tfjs", "qat", "float32", "float16", "float")
FLIPPED = ("float", "int8")
COMPARED = (("float", "qat"), ("int8", "int8_ptq"))
CONFIDENT_ERRORS = 48
KERNEL_STRIDE = 7  # the reference kernels are twenty times slower
CHUNK, MANY = 512, 20_000


def evaluation_sets(dataset: Dataset) -> Sets:
    """Returns the held-out sets by name: (indices into the data set's rows, labels), both int64 [n].

    Each split but the training one, whole and "… without leaked" (images not pixel-identical to a training
    image); with FER+ votes also "… FER+ majority" and "… FER+ own rule" (rules: model_build.data.votes), whose
    labels are the crowd's. Where several data sets are mixed, also those of each: "…, NAME" and "…, NAME without
    leaked", where leaked are images of any set's training split. Only sets with rows.
    """
    sets: Sets = {}
    leaked = dataset.leaked()
    for split in (SELECTION, TEST):
        name, rows = dataset.split_names[split], np.flatnonzero(dataset.split == split)
        sets[name] = rows, dataset.labels[rows]
        kept = rows[~leaked[rows]]
        sets[f"{name} {WITHOUT_LEAKED}"] = kept, dataset.labels[kept]
        if dataset.votes is not None:
            for title, rule in (("FER+ majority", majority), (OWN_RULE, ferplus_rule)):
                crowd = rule(dataset.votes[rows])
                sets[f"{name} {title}"] = rows[crowd >= 0], crowd[crowd >= 0]
        for own, chosen in _of_sources(dataset, rows):
            sets[source_set(name, own)] = chosen, dataset.labels[chosen]
            left = chosen[~leaked[chosen]]
            sets[f"{source_set(name, own)} {WITHOUT_LEAKED}"] = left, dataset.labels[left]
    return {name: chosen for name, chosen in sets.items() if len(chosen[0])}


def source_set(split_name: str, source: str) -> str:
    """Returns what one data set's images of a split are called, where several are mixed."""
    return f"{split_name}, {source}"


def _of_sources(dataset: Dataset, rows: Integers) -> Iterator[tuple[str, Integers]]:
    """Yields the name of each of the data sets that are mixed, and which of `rows` are its."""
    if dataset.source is not None:
        for place, name in enumerate(dataset.sources):
            yield name, rows[dataset.source[rows] == place]


def headline_set(dataset: Dataset, heads: Sequence[str]) -> str | None:
    """The votes head answers the crowd's question, so alone its headline is FER+'s own rule on the test split."""
    return f"{dataset.split_names[2]} {OWN_RULE}" if tuple(heads) == (VOTES_HEAD,) else None


def held_out(dataset: Dataset) -> Integers:
    """Returns the indices of the rows outside the training split, ascending: what predictions cover."""
    return np.flatnonzero(dataset.split != TRAINING)


def evaluate_predictions(
    predictions: Mapping[str, Floats],
    dataset: Dataset,
    sets: Sets | None = None,
    headline_set: str | None = None,
) -> dict[str, Any]:
    """Scores predictions on every set and compares the artifacts with each other.

    predictions: artifact name -> probabilities [M,K] over `held_out(dataset)`. Returns "artifacts" {name:
    {set: metrics.score}}, "agreement" {name: {other: share of the M rows with the same answer}},
    "when_sure" (metrics.agreement_when_sure), "temperature" {name: T that would fit the images that chose epochs best,
    1 where calibrated}, "comparisons"
    [{"a", "b", "sets": {set: metrics.mcnemar}}] of float with QAT, QAT with PTQ, and "right" {name: {set: which rows
    of the set are right, as pack_bits}}, from which `report A B` pairs two builds without the data set.
    Raises InputError for probabilities of another shape or with impossible values.
    """
    sets = evaluation_sets(dataset) if sets is None else sets
    rows = held_out(dataset)
    for name, values in predictions.items():
        if values.shape != (len(rows), len(dataset.class_names)):
            raise InputError(
                f"{name}: answers of shape {list(values.shape)} where the data set has {len(rows)} held-out "
                f"images and {len(dataset.class_names)} classes"
            )
    return {
        "artifacts": {name: _scores(name, values, dataset, sets) for name, values in predictions.items()},
        "agreement": {
            name: {other: metrics.agreement(predictions[name], predictions[other]) for other in predictions}
            for name in predictions
        },
        WHEN_SURE: metrics.agreement_when_sure(predictions),
        "temperature": _temperatures(predictions, dataset, headline_set),
        "comparisons": [
            {"a": a, "b": b, "sets": _compared(predictions[a], predictions[b], dataset, sets)}
            for a, b in COMPARED
            if a in predictions and b in predictions
        ],
        "right": {
            name: {set_name: pack_bits(right) for set_name, right in _right(values, dataset, sets).items()}
            for name, values in predictions.items()
        },
    }


def evaluate_build(
    folder: str | Path,
    dataset: Dataset,
    models: Mapping[str, Classifier] | None = None,
) -> dict[str, Any]:
    """Evaluates every artifact in a build or models folder and writes FOLDER/evaluation.json (see `file_for`).

    models: further classifiers by artifact name, which replace what stands in the folder under that name
    ("float" and "qat" are the checkpoints). Artifacts give the default answer, the blend of the heads.
    Returns what was written: "dataset", "protocol", what `evaluate_predictions` returns, "heads" {head: {set:
    metrics.score}} of each head's own answers by the headline's artifact, if that stands in the folder and has
    several, "flip"
    (figures of the mean over an image and its mirror image: an extra, never the headline), "kernel_spread"
    (XNNPACK against the reference kernels, every seventh held-out image), "certainty" {set: coverage.coverage_figures}
    of the headline's artifact and "confident_errors" (rows of the
    headline's set that its artifact gets most confidently wrong). Figures have six significant digits.
    Raises InputError if there is nothing to evaluate or an artifact is damaged.
    """
    folder, models = Path(folder), dict(models or {})
    sets = evaluation_sets(dataset)
    if not sets:
        raise InputError(f"{dataset.name}: no image outside the {dataset.split_names[TRAINING]} split")
    order = [*ARTIFACTS, *models]
    opened = open_artifacts(folder, without=models) | models
    classifiers = {name: opened[name] for name in sorted(opened, key=order.index)}
    if not classifiers:
        raise InputError(f"{folder}: no artifact to evaluate; run build first")
    images = taken(dataset.images, held_out(dataset))
    predictions = predict(classifiers, images, "evaluate")
    flipped = {name: classifiers[name] for name in FLIPPED if name in classifiers}
    mirrored = predict(flipped, images, "mirror images", mirror=True)
    heads = read_contract(folder).heads
    reported = headline_set(dataset, heads)
    protocol = _protocol(dataset, sets, predictions, reported)
    result = evaluate_predictions(predictions, dataset, sets, reported)
    flip = {name: (predictions[name] + mirrored[name]) / 2 for name in mirrored}
    artifact = protocol["headline"]["artifact"]
    report = {
        "dataset": _described(dataset),
        "protocol": protocol,
        **result,
        "heads": {} if artifact in models else _heads(folder, artifact, heads, dataset, sets),
        "flip": {name: _brief(_scores(name, values, dataset, sets)) for name, values in flip.items()},
        "kernel_spread": _kernel_spread(folder, classifiers, images[::KERNEL_STRIDE]),
        "certainty": _certainty(predictions[artifact], dataset, sets, read_contract(folder).unsure_below),
        "confident_errors": confident_errors(
            predictions[artifact], dataset, *sets[protocol["headline"]["set"]]
        ),
    }
    return write_evaluation(folder, report, file_for(folder, NAME, dataset.name, dataset.digest))


def _heads(
    folder: Path, artifact: str, heads: Sequence[str], dataset: Dataset, sets: Sets
) -> dict[str, dict[str, Any]]:
    """Each head's own answers, scored; nothing where there is only one, whose answers are the artifact's."""
    if len(heads) < 2:
        return {}
    opened = {head: open_artifact(folder, artifact, head) for head in heads}
    answers = predict(opened, taken(dataset.images, held_out(dataset)), "heads")
    return {head: _scores(head, values, dataset, sets) for head, values in answers.items()}


def _certainty(values: Floats, dataset: Dataset, sets: Sets, threshold: float) -> dict[str, Any]:
    """How often answers are certain, and right, at the contract's threshold, on every set."""
    found = {}
    for name, (chosen, labels) in sets.items():
        own = _of_set(values, dataset, chosen)
        found[name] = coverage_figures(own.max(axis=1), own.argmax(axis=1) == labels, threshold)
    return found


def predict(
    classifiers: Mapping[str, Classifier], images: Images, what: str, mirror: bool = False
) -> dict[str, Floats]:
    """Returns each classifier's float32 [N,K] for uint8 images [N,48,48]; draws a progress bar `what`.

    mirror: for their mirror images. Stored images are read a chunk at a time.
    """
    predictions = {}
    # The TF.js runtime starts a process for each call, so it gets many images at once.
    chunks = {name: MANY if name == "tfjs" else CHUNK for name in classifiers}
    with progress_bar(what, len(classifiers) * len(images)) as advance:
        for index, (name, classifier) in enumerate(classifiers.items()):
            parts = []
            starts = range(0, len(images), chunks[name])
            for start, stop in pairwise([*starts, len(images)]):
                chunk = images[start:stop]
                if mirror:
                    chunk = np.ascontiguousarray(chunk[:, :, ::-1])
                parts.append(np.asarray(classifier.probabilities(chunk), np.float32))
                advance(index * len(images) + stop)
            predictions[name] = np.concatenate(parts)
    return predictions


def confident_errors(
    probabilities: Floats,
    dataset: Dataset,
    rows: Integers,
    labels: Integers,
    count: int = CONFIDENT_ERRORS,
) -> list[dict[str, Any]]:
    """Returns a set's rows with the highest probability on a wrong answer, the worst first.

    probabilities: [M,K] over `held_out(dataset)`. rows, labels: int64 [n], one of `evaluation_sets`. Entries:
    row (index into the data set), label, answer (class indices), probability (of the answer).
    """
    chosen = _of_set(probabilities, dataset, rows)
    answers, top = chosen.argmax(axis=1), chosen.max(axis=1)
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(-top[wrong], kind="stable")][:count]
    return [
        {
            "row": int(rows[position]),
            "label": int(labels[position]),
            "answer": int(answers[position]),
            "probability": float(top[position]),
        }
        for position in worst
    ]


def _scores(name: str, values: Floats, dataset: Dataset, sets: Sets) -> dict[str, Any]:
    try:
        return {
            set_name: metrics.score(_of_set(values, dataset, chosen), labels, dataset.class_names)
            for set_name, (chosen, labels) in sets.items()
        }
    except ValueError as error:
        raise InputError(f"{name}: {error}; convert the model again") from None


def _of_set(values: Floats, dataset: Dataset, chosen: Integers) -> Floats:
    return values[np.searchsorted(held_out(dataset), chosen)]


def _brief(scores: dict[str, Any]) -> dict[str, Any]:
    kept = ("images", "accuracy", "interval", "macro_f1", "negative_log_likelihood")
    return {name: {key: score[key] for key in kept} for name, score in scores.items()}


def _by_own_rule(headline_set: str | None) -> bool:
    return headline_set is not None and headline_set.endswith(OWN_RULE)


def _temperatures(
    predictions: Mapping[str, Floats], dataset: Dataset, headline_set: str | None
) -> dict[str, float]:
    rows, labels = selection_rows(dataset, VOTES_HEAD if _by_own_rule(headline_set) else LABELS_HEAD)
    if not len(rows):
        return {}
    return {
        name: fit_temperature(
            np.log(np.maximum(_of_set(values, dataset, rows), metrics.PROBABILITY_FLOOR)), labels
        )
        for name, values in predictions.items()
    }


def _compared(a: Floats, b: Floats, dataset: Dataset, sets: Sets) -> dict[str, metrics.PairedTest]:
    right_a, right_b = (_right(values, dataset, sets) for values in (a, b))
    return {name: metrics.mcnemar(right_a[name], right_b[name]) for name in sets}


def _right(values: Floats, dataset: Dataset, sets: Sets) -> dict[str, Flags]:
    """Returns for each set which of its rows the probabilities [M,K] over `held_out(dataset)` get right."""
    return {
        name: _of_set(values, dataset, chosen).argmax(axis=1) == labels
        for name, (chosen, labels) in sets.items()
    }


def _kernel_spread(folder: Path, opened: Mapping[str, Classifier], images: Bytes) -> dict[str, Any]:
    spread = {}
    for name in QUANTIZED:
        classifier = opened.get(name)
        if isinstance(classifier, TfliteClassifier) and classifier.output_type == np.uint8:
            place = folder / ARTIFACTS[name][0]
            reference = reference_classifier(place, read_contract(folder))
            if reference is None:
                continue
            usual, plain = classifier.raw(images), reference.raw(images)
            agreement = metrics.agreement(classifier.answers(usual), reference.answers(plain))
            spread[name] = {"label_agreement": agreement} | metrics.step_spread(usual, plain)
    return spread


def _protocol(
    dataset: Dataset, sets: Sets, predictions: Mapping[str, Any], headline_set: str | None
) -> dict[str, Any]:
    reported = headline_set or next(name for name in (*reversed(dataset.split_names), *sets) if name in sets)
    if reported not in sets:
        raise InputError(f"{reported!r}: no such set; this data set has {', '.join(sets)}")
    selected_on = f"{dataset.split_names[SELECTION]} {WITHOUT_LEAKED}"
    return {
        "fitted_on": dataset.split_names[TRAINING],
        "selected_on": selected_on,
        "calibrated_on": f"{selected_on}, {OWN_RULE}" if _by_own_rule(reported) else selected_on,
        "headline": {
            "artifact": next(name for name in (*HEADLINE_ORDER, *predictions) if name in predictions),
            "set": reported,
        },
        "crops": 1,
    }


def _described(dataset: Dataset) -> dict[str, Any]:
    """Returns {"name", "digest", "counts"} and of each data set of a mixture, or one that was named, its "sources":
    [{"name", "origin" (what its reader calls it), "images" by split}]."""
    about = {"name": dataset.name, "digest": dataset.digest, "counts": _counts(dataset)}
    if not dataset.sources:
        return about
    of = np.zeros(len(dataset), np.uint8) if dataset.source is None else dataset.source
    return about | {
        "sources": [
            {
                "name": name,
                "origin": origin,
                "images": {
                    title: int(((of == place) & (dataset.split == split)).sum())
                    for split, title in enumerate(dataset.split_names)
                },
            }
            for place, (name, origin) in enumerate(zip(dataset.sources, dataset.origins, strict=True))
        ]
    }


def _counts(dataset: Dataset) -> dict[str, dict[str, int]]:
    counts = {}
    for split, name in enumerate(dataset.split_names):
        numbers = np.bincount(dataset.labels[dataset.split == split], minlength=len(dataset.class_names))
        counts[name] = dict(zip(dataset.class_names, numbers.tolist(), strict=True))
    return counts
