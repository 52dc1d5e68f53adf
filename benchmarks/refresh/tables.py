"""`python -m benchmarks tables`: writes into docs/ what it says of models/PEERS.json and models/SEEDS.json.

The table and the sentences of docs/RESULTS.md, and the sentence about several seeds in docs/TRAINING.md; the text
around them stays. tests/test_figures.py compares all of them, and the sentences that are written by hand.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from benchmarks.peers import table
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_text
from model_build.experiments import seeds

WIDTH = 120
_TABLE = r"(?m)^\| network \| bytes .*\n(?:\|.*\n)+"
_SENTENCES = r"(?m)(?:^`models/\w+`(?:, \w+ head,)? is .* best peer .*\n)+"
_SEEDS = r"(?m)^\d+ seeds of `[^`]+` \([^)]*\)(?:.|\n)*? %\)\."


def write_tables(root: Path) -> list[Path]:
    """Writes the figures anew and returns the files that changed; raises InputError where a text is not found once."""
    peers, spread = (read_json(root / "models" / name) for name in ("PEERS.json", "SEEDS.json"))
    lines = "".join(f"{line}\n" for line in table.sentences(peers))
    said = textwrap.fill(seeds.sentence(spread), WIDTH, break_on_hyphens=False, break_long_words=False)
    wanted = {
        "RESULTS.md": ((_TABLE, table.markdown(peers)), (_SENTENCES, lines)),
        "TRAINING.md": ((_SEEDS, said),),
    }
    changed = []
    for name, parts in wanted.items():
        path = root / "docs" / name
        before = text = path.read_text(encoding="utf-8")
        for pattern, content in parts:
            text = _replaced(path, text, pattern, content)
        if text != before:
            write_text(path, text)
            changed.append(path)
    return changed


def _replaced(path: Path, text: str, pattern: str, content: str) -> str:
    found = list(re.finditer(pattern, text))
    if len(found) != 1:
        raise InputError(f"{path}: {len(found)} places for {content[:40].strip()} … where one is expected")
    if " ".join(found[0].group().split()) == " ".join(content.split()):
        return text  # the same words, broken into lines by hand
    return text[: found[0].start()] + content + text[found[0].end() :]
