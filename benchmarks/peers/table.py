"""What is shown of PEERS.json: docs/RESULTS.md's table, its sentences, and a plot of accuracy against bytes.

python -m benchmarks peers … prints the Markdown; tests/test_figures.py compares docs/RESULTS.md with it
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from face_emotion.contract import VOTES_HEAD
from face_emotion.files import atomic_path
from model_build.evaluation.evaluate import WITHOUT_LEAKED
from model_build.reporting.texts import p_text

MAJORITY, OWN_RULE = "FER+ majority", "FER+ own rule"


def markdown(result: dict[str, Any]) -> str:
    """Returns the table of all networks, ours first and then the best peer on the headline's set first.

    result: what peers_benchmark.write_peers returns. Bold is the figure that a network of ours was trained for.
    """
    headline = result["headline_set"]
    names = _order(result)
    sets = [f"{headline} {kind}" for kind in (WITHOUT_LEAKED, MAJORITY, OWN_RULE)]
    sets = [name for name in sets if name in result["networks"][names[0]]["sets"]]
    first = result["networks"][names[0]]["sets"]
    columns = ["bytes", "parameters", f"{headline}, {first[headline]['images']:,} images", "macro F1"]
    columns += [f"{name.removeprefix(headline).strip()}, {first[name]['images']:,}" for name in sets]
    columns += ["ms LiteRT", "ms TF.js"]
    lines = [f"| network | {' | '.join(columns)} |", f"| --- |{' ---: |' * len(columns)}"]
    lines += [_row(result, name, sets) for name in names]
    return "\n".join(lines) + "\n"


def sentences(result: dict[str, Any]) -> list[str]:
    """Returns one line for each of our .tflite files and its heads: how far from the best peer on its own set, and
    p."""
    found = []
    for name, by_set in result["comparisons"].items():
        entry, own = result["networks"][name], _own_set(result, name)
        if entry["source"]["artifact"] != "int8":
            continue
        test = by_set[own]
        peer = result["networks"][test["peer"]]
        accuracies = [part["sets"][own]["accuracy"] for part in (entry, peer)]
        points = 100 * (accuracies[0] - accuracies[1])
        ours = f"`{entry['source']['folder']}`" + ("" if _whole(name) else f", {entry['head']} head,")
        found.append(
            f"{ours} is {abs(points):.1f} points {'above' if points >= 0 else 'below'} the "
            f"best peer on {own} ({peer['title']}): {test['only_a']} images only ours gets "
            f"right, {test['only_b']} only the peer (McNemar, {p_text(test['p_value'])})."
        )
    return found


def plot(result: dict[str, Any], path: Path) -> None:
    """Draws accuracy with its 95 % interval against bytes (logarithmic) into a PNG file.

    Networks of ours that answer another question than the headline's set asks are left out, and the heads of those that
    have a default answer: one file is one point.
    """
    from matplotlib.figure import Figure

    headline = result["headline_set"]
    figure = Figure(figsize=(8.4, 4.2), layout="constrained")
    axes = figure.subplots()
    for name in _order(result):
        if _own_set(result, name) != headline or not _whole(name):
            continue
        entry = result["networks"][name]
        score = entry["sets"][headline]
        value, (low, high) = 100 * score["accuracy"], score["interval"]
        axes.errorbar(
            entry["bytes"] / 1000,
            value,
            yerr=[[value - 100 * low], [100 * high - value]],
            fmt="o" if entry["ours"] else "s",
            color="#1f66c1" if entry["ours"] else "#8a8f98",
            capsize=3,
        )
        label = entry["title"].replace("`", "").split(" (")[0]
        litert = entry["runtime"].startswith("LiteRT")
        if entry["ours"]:  # a model's two forms stand close together: one label above them
            label = entry["source"]["folder"] if litert else ""
            place: dict[str, Any] = {
                "xy": (entry["bytes"] / 1000, 100 * high),
                "ha": "center",
                "xytext": (0, 5),
            }
        else:  # to the right, TF.js models to the left
            place = {"xy": (entry["bytes"] / 1000, value), "ha": "left" if litert else "right"}
            place |= {"xytext": (6 if litert else -6, -12)}
        axes.annotate(label, **place, textcoords="offset points", fontsize="small")
    axes.set(xscale="log", xlabel="kB of weights (ours: the whole file or folder)", ylabel=f"% of {headline}")
    axes.grid(alpha=0.3)
    axes.margins(x=0.25, y=0.1)
    with atomic_path(path) as partial:
        figure.savefig(partial, format="png", dpi=120)


def _order(result: dict[str, Any]) -> list[str]:
    networks, headline = result["networks"], result["headline_set"]
    ours = [name for name, entry in networks.items() if entry["ours"]]
    peers = [name for name, entry in networks.items() if not entry["ours"]]
    return ours + sorted(peers, key=lambda name: -networks[name]["sets"][headline]["accuracy"])


def _whole(name: str) -> bool:
    """Whether a network is named without a head: a peer, or a default answer of ours."""
    return name.count("/") < 2


def _own_set(result: dict[str, Any], name: str) -> str:
    """Returns the set that a network is judged by: the votes head answers the crowd's question, so FER+'s own rule."""
    headline = result["headline_set"]
    crowd = f"{headline} {OWN_RULE}"
    entry = result["networks"][name]
    return crowd if entry.get("head") == VOTES_HEAD and crowd in entry["sets"] else headline


def _row(result: dict[str, Any], name: str, sets: list[str]) -> str:
    entry, headline = result["networks"][name], result["headline_set"]
    bold = "**" if entry["ours"] else ""
    title = f"{bold}{entry['title']}{bold}"
    if not entry["ours"]:
        title += f" {entry['source']['version']}"
    own = _own_set(result, name) if entry["ours"] else None
    litert = entry["runtime"].startswith("LiteRT")
    time = f"{entry['median_ms']:.2f}"
    cells = [
        f"{entry['bytes']:,}",
        f"{entry['parameters']:,}",
        _accuracy(entry["sets"][headline], bold=own == headline, interval=True),
        f"{entry['sets'][headline]['macro_f1']:.3f}",
        *(_accuracy(entry["sets"][of], bold=own == of, interval=own == of) for of in sets),
        time if litert else "–",
        "–" if litert else time,
    ]
    return f"| {title} | {' | '.join(cells)} |"


def _accuracy(score: dict[str, Any], bold: bool, interval: bool) -> str:
    text = f"{100 * score['accuracy']:.2f} %"
    text = f"**{text}**" if bold else text
    low, high = (100 * end for end in score["interval"])
    return f"{text} ({low:.1f}–{high:.1f})" if interval else text
