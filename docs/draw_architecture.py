"""Draws docs/architecture.svg: the rooms of the kit and who imports whom, from the imports themselves.

    python docs/draw_architecture.py           # needs requirements-dev.txt (grimp comes with import-linter)

A room is a package, or a wing of model_build, whose single files make three rooms. It stands above all
that it imports; an arrow that follows from others is left out. tests/docs/test_architecture.py says when it is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from face_emotion.files import write_text  # noqa: E402

PICTURE = ROOT / "docs" / "architecture.svg"
PACKAGES = ("face_emotion", "converters", "model_build", "web", "benchmarks", "mobile")
GROUND_FLOOR, PIPELINE, COMMANDS = (
    "model_build/ ground floor",
    "model_build/ pipeline",
    "model_build/ commands",
)
FLOORS = {
    GROUND_FLOOR: (
        "settings",
        "limits",
        "progress",
        "arrays",
        "platform_check",
        "stages",
        "folder_lock",
        "origin",
    ),
    PIPELINE: ("build_plan", "describing", "pipeline", "release"),
    COMMANDS: ("__main__", "command_line", "commands", "experiment_commands", "host_commands"),
}
WIDTH, HEIGHT, GAP, ROW = 168, 44, 24, 104
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2430}.n{font-size:11px;fill:#5c6573}"
    "rect{fill:#eef3fa;stroke:#8aa4c8}.build rect{fill:#f7f0e3;stroke:#c9ab76}"
    "path{fill:none;stroke:#5c6573;stroke-width:1.1}"
)

Rooms = Mapping[str, frozenset[str]]


def room_of(module: str) -> str:
    """Returns the room that a module stands in: its package, or what it belongs to in model_build."""
    package, _, rest = module.partition(".")
    if package != "model_build":
        return package
    first = rest.split(".")[0]
    return next((floor for floor, files in FLOORS.items() if first in files), f"model_build/{first}")


def read_rooms() -> tuple[Rooms, dict[str, int]]:
    """Returns for each room those that it imports from, and how many Python files it holds."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports: dict[str, set[str]] = {}
    files: dict[str, int] = {}
    for module in sorted(graph.modules - {"model_build"}):  # its __init__ belongs to no wing
        own = room_of(module)
        imports.setdefault(own, set())
        files[own] = files.get(own, 0) + 1
        found = {room_of(other) for other in graph.find_modules_directly_imported_by(module)}
        imports[own] |= found - {own, room_of("model_build")}
    return {room: frozenset(others) for room, others in imports.items()}, files


def floors(rooms: Rooms) -> dict[str, int]:
    """Returns the floor of each room: 0 if it imports none, else one above the highest that it imports.

    Raises ValueError if rooms import each other in a circle.
    """
    found: dict[str, int] = {}
    while len(found) < len(rooms):
        ready = [room for room, others in rooms.items() if room not in found and others <= found.keys()]
        if not ready:
            raise ValueError(f"a circle among {', '.join(sorted(rooms.keys() - found.keys()))}")
        found |= {room: max((found[other] + 1 for other in rooms[room]), default=0) for room in ready}
    return found


def shown_arrows(rooms: Rooms) -> list[tuple[str, str]]:
    """Returns (importing, imported) without those that follow from others, sorted."""
    below: dict[str, frozenset[str]] = {}
    for room in sorted(rooms, key=floors(rooms).__getitem__):
        below[room] = rooms[room].union(*(below[other] for other in rooms[room]))
    return sorted(
        (room, other)
        for room, others in rooms.items()
        for other in others
        if not any(other in below[between] for between in others - {other})
    )


def draw(rooms: Rooms, files: Mapping[str, int]) -> str:
    """Returns the picture as SVG text."""
    levels = floors(rooms)
    rows = [
        sorted(room for room in rooms if levels[room] == level) for level in range(max(levels.values()) + 1)
    ]
    width = max(len(row) for row in rows) * (WIDTH + GAP) + GAP
    height = len(rows) * ROW
    places = {
        room: (
            (width - len(row) * (WIDTH + GAP) + GAP) / 2 + column * (WIDTH + GAP),
            height - (level + 1) * ROW + (ROW - HEIGHT) / 2,
        )
        for level, row in enumerate(rows)
        for column, room in enumerate(row)
    }
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>The rooms of the kit; an arrow points to what is imported</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" style="fill:#5c6573;stroke:none"/></marker></defs>',
        f'<rect width="{width}" height="{height}" style="fill:#fff;stroke:none"/>',
    ]
    for room, other in shown_arrows(rooms):
        (x, y), (to_x, to_y) = places[room], places[other]
        start, end = (x + WIDTH / 2, y + HEIGHT), (to_x + WIDTH / 2, to_y - 2)
        bend = (end[1] - start[1]) / 2
        parts.append(
            f'<path d="M{start[0]:g} {start[1]:g}C{start[0]:g} {start[1] + bend:g} {end[0]:g} {end[1] - bend:g} '
            f'{end[0]:g} {end[1]:g}" marker-end="url(#a)"/>'
        )
    for room, (x, y) in places.items():
        kind = ' class="build"' if room.startswith("model_build") else ""
        name, middle = escape(room.removeprefix("model_build/")), x + WIDTH / 2
        parts.append(
            f'<g{kind}><rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
            f'<text x="{middle:g}" y="{y + 19:g}" text-anchor="middle">{name}</text>'
            f'<text class="n" x="{middle:g}" y="{y + 35:g}" text-anchor="middle">{files[room]} files</text></g>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    write_text(PICTURE, draw(*read_rooms()))
    print(PICTURE.relative_to(ROOT))
