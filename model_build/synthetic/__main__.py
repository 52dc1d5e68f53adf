"""Draws synthetic faces to look at, or measures the speed.

python -m model_build.synthetic --out assets/synthetic_faces.png    # a contact sheet to look at
python -m model_build.synthetic --benchmark                         # faces per second on one core
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from face_emotion.arguments import SEEDS, file_path, whole
from face_emotion.errors import CommandParser, run_command
from model_build.platform_check import told_of_packages

with told_of_packages():
    from model_build.synthetic.contact_sheet import write_contact_sheet
    from model_build.synthetic.faces import draw_faces


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(
        prog="python -m model_build.synthetic",
        description="Draws synthetic faces to look at, or measures the speed.",
    )
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument(
        "--out", metavar="FILE.png", type=file_path, help="write a contact sheet: a row an expression"
    )
    task.add_argument("--benchmark", action="store_true", help="print how many faces a second one core draws")
    parser.add_argument(
        "--people", type=whole(1, 1000), default=10, metavar="N", help="columns of the sheet (default 10)"
    )
    parser.add_argument(
        "--size", type=whole(16, 1024), metavar="PIXELS", help="side of a face (default 96; benchmark 48)"
    )
    parser.add_argument(
        "--seed", type=whole(0, SEEDS), default=0, metavar="N", help="another seed, other faces (default 0)"
    )
    options = parser.parse_args(arguments)
    if options.benchmark:
        size = options.size or 48
        print(f"{faces_per_second(size, options.seed):,.0f} faces/s at {size}x{size}")
        return 0
    write_contact_sheet(options.out, options.people, options.size or 96, options.seed)
    print(options.out)
    return 0


def faces_per_second(size: int = 48, seed: int = 0, rounds: int = 5) -> float:
    """Draws 448 faces several times and returns the faces per second of processor time, best round."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        draw_faces(448, seed, size)
        times.append(time.process_time() - start)
    return 448 / min(times)


if __name__ == "__main__":
    sys.exit(run_command(main))
