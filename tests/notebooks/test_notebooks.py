"""The notebooks run from top to bottom on drawn faces, and the committed ones are what execute.py makes of them."""

from __future__ import annotations

import copy
import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from converters.manifest import read_manifest
from face_emotion.errors import InputError, run_command
from tests.support.paths import ROOT

FOLDER = ROOT / "notebooks"
_SPEC = importlib.util.spec_from_file_location("notebooks_execute", FOLDER / "execute.py")
execute = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(execute)


def _read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / name, as_version=4)


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _text(notebook: NotebookNode) -> str:
    texts = [output.get("text", "") for output in _outputs(notebook)]
    tables = [output.get("data", {}).get("text/markdown", "") for output in _outputs(notebook)]
    return "\n".join(texts + tables)


def _plots(notebook: NotebookNode) -> int:
    kinds = [set(output.get("data", {})) for output in _outputs(notebook)]
    return sum(bool(kind & {"image/png", "image/svg+xml"}) for kind in kinds)


def test_every_notebook_is_known() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.ipynb")) == sorted(execute.NOTEBOOKS)


@pytest.mark.parametrize("name", execute.NOTEBOOKS)
def test_committed_notebook_is_as_execute_makes_it(name: str) -> None:
    notebook = _read(name)
    nbformat.validate(notebook)
    assert execute.problems(notebook) == []
    assert execute.cleaned(copy.deepcopy(notebook)) == notebook


@pytest.mark.parametrize("name", execute.NOTEBOOKS)
def test_notebook_runs_on_drawn_faces(name: str) -> None:
    notebook = execute.execute(FOLDER / name, {"NOTEBOOK_SHORT": "1"})
    assert execute.problems(notebook) == []
    assert _plots(notebook) == _plots(_read(name)) >= 4


def test_committed_outputs_are_of_drawn_faces() -> None:
    assert "synthetic: 2,800 grey faces" in _text(_read("1-data.ipynb"))
    assert "synthetic, train: 2,100 images" in _text(_read("2-model.ipynb"))
    assert "FER2013 is not set" in _text(_read("3-evaluation.ipynb"))


def test_evaluation_shows_the_released_model() -> None:
    manifest = read_manifest(ROOT / "models" / "small")
    text = _text(_read("3-evaluation.ipynb"))
    for name, sets in manifest["metrics"]["artifacts"].items():
        figures = (
            f"| {manifest['artifacts'][name]['bytes']:,} | {100 * sets['PrivateTest']['accuracy']:.2f} % |"
        )
        assert figures in text, f"{name}: run python notebooks/execute.py 3-evaluation.ipynb"


def _edit(notebook: NotebookNode) -> None:
    notebook.cells[-2].source += "\nprint('later')"


def _unexecute(notebook: NotebookNode) -> None:
    execute._code_cells(notebook)[1].execution_count = None


def _fail(notebook: NotebookNode) -> None:
    execute._code_cells(notebook)[0].outputs.append(
        new_output("error", ename="ValueError", evalue="bad", traceback=["ValueError: bad"])
    )


def _warn(notebook: NotebookNode) -> None:
    execute._code_cells(notebook)[0].outputs.append(new_output("stream", name="stderr", text="careful"))


def _show_path(notebook: NotebookNode) -> None:
    text = "written to /home/somebody/kit/int8.tflite"
    execute._code_cells(notebook)[0].outputs.append(new_output("stream", name="stdout", text=text))


def _show_own_path(notebook: NotebookNode) -> None:
    page = new_output("display_data", data={"text/html": f"<a href='{ROOT}/models/small'>small</a>"})
    execute._code_cells(notebook)[0].outputs.append(page)


def _swell(notebook: NotebookNode) -> None:
    page = new_output("display_data", data={"image/png": "A" * execute.LARGEST})
    execute._code_cells(notebook)[0].outputs.append(page)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (_edit, "the code was changed"),
        (_unexecute, "not executed"),
        (_fail, "an error or a warning"),
        (_warn, "an error or a warning"),
        (_show_path, "a path of this machine"),
        (_show_own_path, "a path of this machine"),
        (_swell, "bytes where at most"),
    ],
)
def test_problem_is_found(damage: Callable[[NotebookNode], None], complaint: str) -> None:
    notebook = new_notebook(
        cells=[new_code_cell("a = 1", execution_count=1), new_code_cell("a", execution_count=2)]
    )
    notebook = execute.cleaned(notebook)
    assert execute.problems(notebook) == []
    damage(notebook)
    assert [complaint in problem for problem in execute.problems(notebook)] == [True]


def test_error_of_the_data_is_one_line_and_others_keep_their_traceback(tmp_path: Path) -> None:
    path = tmp_path / "tiny.ipynb"
    source = "import support\nsupport.prepare()\nsupport.load_dataset()"
    nbformat.write(new_notebook(cells=[new_code_cell(source)]), path)
    with pytest.raises(InputError, match=r"^tiny\.ipynb: .*nowhere\.csv: no such file"):
        execute.execute(path, {"FER2013": str(tmp_path / "nowhere.csv")})
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), path)
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute.execute(path, {})


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, str]]:
    """The environments that `execute` is called with, on a copy of the folder and without running anything."""
    folder = shutil.copytree(FOLDER, tmp_path / "notebooks")
    seen: list[dict[str, str]] = []

    def remember(path: Path, environment: dict[str, str]) -> NotebookNode:
        seen.append(environment)
        return nbformat.read(path, as_version=4)

    monkeypatch.setattr(execute, "FOLDER", folder)
    monkeypatch.setattr(execute, "execute", remember)
    return seen


def test_real_data_are_used_only_beside_the_committed_files(
    environments: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_csv: Path
) -> None:
    monkeypatch.setenv("FER2013", str(tiny_csv))
    monkeypatch.delenv("FERPLUS", raising=False)
    monkeypatch.delenv("NOTEBOOK_SHORT", raising=False)
    assert execute.main(["1-data.ipynb"]) == 0
    assert execute.main(["1-data.ipynb", "--out", str(tmp_path / "out")]) == 0
    assert environments == [{}, {"FER2013": str(tiny_csv)}]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1-data.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--out", "out"], "nowhere.csv: no such file (FER2013)"),
        (["4-more.ipynb"], "4-more.ipynb: unknown"),
        (["--out", "out", "--check"], "not allowed with"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str],
    complaint: str,
    environments: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FER2013", str(tmp_path / "nowhere.csv"))
    monkeypatch.chdir(tmp_path)
    try:
        status = run_command(lambda: execute.main(arguments))
    except SystemExit as stopped:
        status = stopped.code
    lines = capsys.readouterr().err.splitlines()
    assert (status, len(lines)) == (2, 1)
    assert complaint in lines[0]
    assert environments == []
    assert not (tmp_path / "out").exists()


def test_check_names_what_is_wrong(
    environments: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute.main(["--check"]) == 0
    path = execute.FOLDER / "1-data.ipynb"
    notebook = nbformat.read(path, as_version=4)
    _fail(notebook)
    nbformat.write(notebook, path)
    with pytest.raises(InputError, match=r"1-data\.ipynb: code cell 1: an output is an error"):
        execute.main(["--check"])
    assert environments == []
    assert "nothing to complain about" in capsys.readouterr().out
