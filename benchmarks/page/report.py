"""The benchmark's table, its goals, and its JSON."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.page import opening, speed
from benchmarks.page.peers import PEERS
from benchmarks.page.table import aligned
from face_emotion.files import read_json
from web.site import STATIC

VENDOR = STATIC / "vendor" / "VENDOR.json"
MOST_SHARE = 1 / 3  # of human's time for one classification
MOST_RECOGNIZE = 8.0  # ms
MOST_OPENING = {"cold": 1000.0, "service worker": 500.0}  # ms
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Measured:
    """What was measured: times of each work, openings of the page and of the smallest pages, bytes of a visit."""

    times: dict[str, speed.Times]
    openings: dict[str, list[opening.Opening]]
    smallest: dict[str, list[tuple[float, int]]]
    first_visit: int


def goals(measured: Measured) -> list[dict[str, Any]]:
    """Returns each goal as {"goal", "limit", "value", "met"}."""
    rows = []

    def add(goal: str, value: float, limit: float) -> None:
        rows.append({"goal": goal, "limit": round(limit, 3), "value": round(value, 3), "met": value <= limit})

    for kit in speed.KITS:
        add(
            f"{kit}: classification / human's",
            speed.ratio(measured.times["classify"], kit, "human"),
            MOST_SHARE,
        )
    for kit in speed.KITS:
        share = speed.ratio(measured.times["recognize"], kit, *speed.PEERS)
        add(f"{kit}: detection and classification / the quicker peer's", share, 1.0)
    for kit in speed.KITS:
        add(
            f"{kit}: detection and classification, ms",
            median(measured.times["recognize"][kit]),
            MOST_RECOGNIZE,
        )
    for kind, limit in MOST_OPENING.items():
        add(f"page, {kind}: ready, ms", median(one.ready for one in measured.openings[kind]), limit)
    for kind, limit in MOST_OPENING.items():
        add(
            f"page, {kind}: face of the camera, ms",
            median(one.face for one in measured.openings[kind]),
            limit,
        )
    add("page: bytes of the first visit", measured.first_visit, MOST_BYTES)
    return rows


def to_json(
    measured: Measured, command: str, browser_version: str, settings: dict[str, Any]
) -> dict[str, Any]:
    """Returns everything that was measured, with versions, machine and the command that measures it again."""
    return {
        "command": command,
        "versions": versions(browser_version),
        "machine": machine(),
        "settings": settings,
        "milliseconds": {
            work: {name: speed.summary(values) for name, values in times.items()}
            for work, times in measured.times.items()
        },
        "smallest_pages": {
            name: {"first_result_ms": round(median(ms for ms, _ in ones)), "bytes": ones[0][1]}
            for name, ones in measured.smallest.items()
        },
        "page": {
            kind: {
                "ready_ms": round(median(one.ready for one in ones)),
                "face_ms": round(median(one.face for one in ones)),
                "bytes": ones[0].sent,
            }
            for kind, ones in measured.openings.items()
        },
        "first_visit_bytes": measured.first_visit,
        "goals": goals(measured),
    }


def table(result: dict[str, Any]) -> str:
    """Returns what `to_json` gave as text for a terminal."""
    rows = [["", "classify, ms", "detect + classify, ms", "first result, ms", "bytes, compressed"]]
    for name, smallest in result["smallest_pages"].items():
        cells = [f"{result['milliseconds'][work][name]['median']:.2f}" for work in speed.WORKS]
        rows.append([name, *cells, str(smallest["first_result_ms"]), f"{smallest['bytes']:,}"])
    lines = ["Medians, subjects in turn in one page; first result of the smallest page, nothing kept:", ""]
    lines += [*aligned(rows), "", "The page itself, until ready and until a face of the camera is shown:", ""]
    rows = [["", "ready, ms", "face, ms", "bytes, compressed"]]
    for kind, page in result["page"].items():
        rows.append([kind, str(page["ready_ms"]), str(page["face_ms"]), f"{page['bytes']:,}"])
    lines += [*aligned(rows), "", "Goals:", ""]
    rows = [["", "value", "at most", ""]]
    for goal in result["goals"]:
        cells = [_short(goal["value"]), _short(goal["limit"]), "met" if goal["met"] else "missed"]
        rows.append([goal["goal"], *cells])
    return "\n".join(lines + aligned(rows))


def versions(browser_version: str) -> dict[str, str]:
    """Returns the version of the browser, of each vendored runtime and of each peer."""
    vendored = {
        entry["package"]: entry["version"]
        for name, value in read_json(VENDOR).items()
        if name != "command"
        for entry in value["packages"][:1]
    }
    return {"Chromium": browser_version} | vendored | {peer.package: peer.version for peer in PEERS}


def machine() -> dict[str, Any]:
    """Returns what the times depend on: processor, cores, system, and how busy it was."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": round(os.getloadavg()[0], 2),
    }


def _short(value: float) -> str:
    """A ratio or a few milliseconds to three digits, larger numbers whole."""
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
