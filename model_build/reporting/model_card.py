"""MODEL_CARD.md: what a model is, how it was made and measured, what it is for and what it is not for.

python -m model_build report build/small          writes report.html and MODEL_CARD.md
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from face_emotion.files import write_text
from model_build.evaluation.artifacts import CALIBRATED
from model_build.evaluation.finished_build import FinishedBuild, artifact_rows, read_build
from model_build.evaluation.robustness import worst_damage
from model_build.reporting import texts
from model_build.reporting.certainty import certainty_rows
from model_build.reporting.heads import head_rows, head_sets, head_title
from model_build.reporting.page import TEMPLATES
from model_build.reporting.source_rows import source_rows

NAME = "MODEL_CARD.md"


def write_model_card(folder: str | Path) -> Path:
    """Writes FOLDER/MODEL_CARD.md from evaluation.json, config.json and the artifacts; returns its path.

    Raises InputError if evaluation.json is missing or a file is damaged.
    """
    build = read_build(folder)
    path = build.folder / NAME
    write_text(path, render(build))
    return path


def render(build: FinishedBuild) -> str:
    """Returns the card's Markdown. What only holds for FER2013 or for drawn faces is said of them alone."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # Markdown, not HTML; names that a user chose pass through `cell`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": texts.percent, "interval": texts.interval_text, "cell": cell}
    environment.filters |= {"points": texts.points, "points_interval": texts.points_interval}
    text = environment.get_template("model_card.md.j2").render(_values(build))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def cell(name: str) -> str:
    """Returns a name with what Markdown and its tables would take for markup escaped."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", name)


def _values(build: FinishedBuild) -> dict[str, Any]:
    sets = texts.shown_sets(build)
    return {
        "build": build,
        "data": build.evaluation["dataset"],
        "score": build.headline,
        "scores": build.evaluation["artifacts"],
        "sets": sets,
        "leaked": any(name.endswith("without leaked") for name in sets),
        "crowd": any("FER+" in name for name in sets),
        "rows": artifact_rows(build),
        "title": build.title,
        "calibrated": CALIBRATED,
        "source_rows": source_rows(build),
        "head_sets": head_sets(build),
        "head_rows": head_rows(build),
        "head_title": head_title,
        "set_name": lambda name: texts.shown_name(build, name),
        "protocol": texts.protocol_sentence(build),
        "seeds": texts.seeds(build.config),
        "certainty": certainty_rows(build),
        "worst": worst_damage(build.robustness),
        "temperature": build.evaluation["temperature"].get(build.artifact),
        "command": build.config.get("command"),
    }
