"""Executes the notebooks and writes them with their outputs: on one machine the same bytes each time.

    python notebooks/execute.py                          # in place, on drawn faces: what is committed
    python notebooks/execute.py 2-model.ipynb            # only one of them
    python notebooks/execute.py --out build/notebooks    # copies, on what FER2013 and FERPLUS in the environment name
    python notebooks/execute.py --check                  # runs nothing: says what is wrong with the committed files

Needs requirements-dev.txt. The .ipynb files are the source: edit them in any editor of notebooks, then run this. In
place FER2013, FERPLUS and NOTEBOOK_SHORT are ignored, so that the committed outputs show drawn faces only. With --out,
NOTEBOOK_SHORT=1 takes few images and epochs, to see within seconds whether everything runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
sys.path.insert(0, str(ROOT))

from model_build.platform_check import told_of_packages  # noqa: E402

with told_of_packages("requirements-dev.txt"):
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from nbformat import NotebookNode
    from traitlets.config import Config

    from model_build.progress import progress_bar

from face_emotion.arguments import file_path  # noqa: E402
from face_emotion.errors import CommandParser, InputError, run_command  # noqa: E402
from face_emotion.files import require_file, write_text  # noqa: E402

NOTEBOOKS = ("1-data.ipynb", "2-model.ipynb", "3-evaluation.ipynb")
VARIABLES = ("FER2013", "FERPLUS", "NOTEBOOK_SHORT")
LARGEST = 500_000  # bytes
SECONDS = 1800  # that a kernel may take to start, and a cell to run, on a busy machine
STAMP = "face_emotion_kit"  # key of the notebook's metadata that holds the digest of the executed code
LITERT_READY = "INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"  # LiteRT says so once a process
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp|work|mnt|opt|usr|var)/|[A-Z]:\\\\Users")


def execute(path: Path, environment: Mapping[str, str]) -> NotebookNode:
    """Returns the notebook at `path`, executed from top to bottom in a new kernel and cleaned.

    environment: the kernel's variables of VARIABLES; those not in it are unset.
    Raises InputError if the notebook ends in an error that the user can mend, CellExecutionError for any other.
    """
    notebook = nbformat.read(require_file(path, "notebook"), as_version=4)
    inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    with (
        tempfile.TemporaryDirectory() as settings,
        progress_bar(path.name, len(notebook.cells)) as advance,
    ):
        client = NotebookClient(
            notebook,
            # Sockets in the file system: no port that another process could take or listen to.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{settings}/kernel"}}),
            kernel_name="python3",
            startup_timeout=SECONDS,
            timeout=SECONDS,
            resources={"metadata": {"path": str(FOLDER)}},
            record_timing=False,
            coalesce_streams=True,
            on_cell_executed=lambda cell, cell_index, execute_reply: advance(cell_index + 1),
        )
        try:
            # A user's own IPython start-up files must not change what comes out.
            client.execute(env=inherited | dict(environment) | {"IPYTHONDIR": settings})
        except CellExecutionError as error:
            if error.ename == InputError.__name__:
                raise InputError(f"{path.name}: {error.evalue}") from None
            raise
    return cleaned(notebook)


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """Removes what differs from machine to machine, and stamps the notebook with the digest of its code."""
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
        if cell.cell_type == "code":
            cell.outputs = [kept for output in cell.outputs if (kept := _cleaned_output(output))]
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    notebook.metadata[STAMP] = {"executed_code_sha256": code_digest(notebook)}
    return notebook


def _cleaned_output(output: NotebookNode) -> NotebookNode | None:
    if output.get("name") == "stderr":
        output.text = output.text.replace(LITERT_READY, "")
        return output if output.text else None
    if "image/png" in output.get("data", {}):
        output.data.pop("image/jpeg", None)  # a picture of Pillow comes as both
    return output


def code_digest(notebook: NotebookNode) -> str:
    """Returns the SHA-256 over the sources of the code cells."""
    sources = [cell.source for cell in _code_cells(notebook)]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def problems(notebook: NotebookNode) -> list[str]:
    """Returns one line for each thing that a committed notebook must not have."""
    cells = _code_cells(notebook)
    found = [
        f"code cell {number}: not executed, or out of order"
        for number, cell in enumerate(cells, 1)
        if cell.execution_count != number
    ]
    if notebook.metadata.get(STAMP, {}).get("executed_code_sha256") != code_digest(notebook):
        found.append("the code was changed after it was executed")
    for number, cell in enumerate(cells, 1):
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                found.append(f"code cell {number}: an output is an error or a warning")
            if path := _machine_path(output):
                found.append(f"code cell {number}: an output shows {path!r}, a path of this machine")
    size = len(nbformat.writes(notebook).encode())
    if size > LARGEST:
        found.append(f"{size:,} bytes where at most {LARGEST:,} are wanted")
    return found


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _machine_path(output: NotebookNode) -> str | None:
    """Returns a path of this or another machine in the texts of an output, or None."""
    data = output.get("data", {})
    texts = [output.get("text", ""), *(value for kind, value in data.items() if not _is_bitmap(kind))]
    text = json.dumps(texts)
    own = (str(ROOT), str(Path.home()), sys.prefix, tempfile.gettempdir())
    for place in own:
        if len(place) > 1 and f"{place}/" in f"{text}/":
            return place
    found = _MACHINE_PATH.search(text)
    return found.group() if found else None


def _is_bitmap(kind: str) -> bool:
    return kind.startswith("image/") and not kind.endswith("svg+xml")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    for name in options.notebooks:
        if name not in NOTEBOOKS:
            raise InputError(f"{name}: unknown; use {', '.join(NOTEBOOKS)}")
    if options.check:
        return _check(options.notebooks)
    environment = {name: os.environ[name] for name in VARIABLES if options.out and name in os.environ}
    for name in ("FER2013", "FERPLUS"):
        if name in environment:
            environment[name] = str(require_file(environment[name], f"file ({name})").resolve())
    for name in options.notebooks:
        target = (options.out or FOLDER) / name
        write_text(target, nbformat.writes(execute(FOLDER / name, environment)) + "\n")
        print(f"{name}: {target.stat().st_size:,} bytes")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="python notebooks/execute.py", description="Executes the notebooks and keeps their outputs."
    )
    parser.add_argument(
        "notebooks",
        nargs="*",
        default=NOTEBOOKS,
        metavar="NOTEBOOK",
        help=f"of {', '.join(NOTEBOOKS)} (all)",
    )
    task = parser.add_mutually_exclusive_group()
    task.add_argument(
        "--out", type=file_path, metavar="DIR", help="write copies there; FER2013 and FERPLUS are used"
    )
    task.add_argument("--check", action="store_true", help="only say what is wrong with the committed files")
    return parser


def _check(names: tuple[str, ...]) -> int:
    lines = list(_problem_lines(names))
    if lines:
        raise InputError(f"{len(lines)} problem(s), run python notebooks/execute.py: {'; '.join(lines)}")
    print(f"{len(names)} notebook(s): nothing to complain about")
    return 0


def _problem_lines(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        notebook = nbformat.read(require_file(FOLDER / name, "notebook"), as_version=4)
        yield from (f"{name}: {problem}" for problem in problems(notebook))


if __name__ == "__main__":
    sys.exit(run_command(main))
