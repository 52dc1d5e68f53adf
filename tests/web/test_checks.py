"""Our JavaScript is typed and linted: nothing is found, nothing left out, and what is planted is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from face_emotion.errors import InputError
from face_emotion.files import read_json
from web import checks
from web.checks import __main__ as command
from web.checks import check, sources

PAGE = "web/static/page/planted.js"
WORKER = "web/static/runtime/planted.js"
HTML = "examples/planted.html"
NOWHERE = "web/planted.mjs"
PLANTED = {
    PAGE: "/** @param {number} count */\nexport const twice = (count) => 2 * count;\ntwice('one');\n",
    WORKER: "export async function answer() {\n  await fetch('.');\n}\nanswer();\nlet never = 1;\n"
    "if (never == 2) answer().catch(() => {});\n",
    HTML: '<p>text</p>\n<script type="module">\n  document.getElementById("a").focus();\n</script>\n',
    NOWHERE: "export const one = 1;\n",
}


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is found in a copy of our JavaScript with four more files; one run, as it takes its time."""
    root = tmp_path_factory.mktemp("checks")
    for name in sources():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checks.ROOT / name, root / name)
    for name, text in PLANTED.items():
        (root / name).write_text(text)
    return check(root)


def _of(faults: list[str], name: str) -> list[str]:
    return [fault for fault in faults if fault.startswith(name)]


def test_nothing_is_found_in_our_modules(faults: list[str]) -> None:
    assert [fault for fault in faults if not fault.startswith((*PLANTED, " "))] == []


def test_a_type_error_is_found(faults: list[str]) -> None:
    assert _of(faults, PAGE) == [
        f"{PAGE}(3,7): error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'."
    ]


def test_a_lost_promise_is_found(faults: list[str]) -> None:
    found = [re.match(r"(\S+): (\S+): ", fault)[2] for fault in _of(faults, WORKER)]
    assert found == ["@typescript-eslint/no-floating-promises", "prefer-const", "eqeqeq"]


def test_a_script_in_html_is_checked_where_it_stands(faults: list[str]) -> None:
    assert _of(faults, HTML) == [f"{HTML}(3,3): error TS2531: Object is possibly 'null'."]


def test_a_file_that_no_configuration_names_is_found(faults: list[str]) -> None:
    assert f"{NOWHERE}: no entry of tsconfig.*.json covers it" in faults
    assert all(fault.startswith((NOWHERE, f"{NOWHERE}(")) for fault in _of(faults, NOWHERE))


def test_every_file_of_ours_is_looked_at() -> None:
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(words, cwd=checks.ROOT, capture_output=True, text=True, check=True)
    files = [name for name in done.stdout.splitlines() if (checks.ROOT / name).is_file()]
    scripts = {name for name in files if name.endswith((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts"))}
    ours = {
        name for name in scripts if not name.startswith("web/static/vendor/") and not name.endswith(".d.ts")
    }
    inline = {
        name
        for name in files
        if name.endswith(".html") and re.search(r"<script(?![^>]*\bsrc=)", (checks.ROOT / name).read_text())
    }
    assert inline == {"web/static/index.html"}  # whose hash our headers name
    assert set(sources()) == ours | inline


def test_no_file_turns_the_checks_off() -> None:
    off = re.compile(r"@ts-nocheck|@ts-ignore|eslint-disable")
    assert [name for name in sources() if off.search((checks.ROOT / name).read_text(encoding="utf-8"))] == []


def test_versions_are_pinned_and_name_no_registry() -> None:
    wanted = read_json(checks.CONFIGS / "package.json")["devDependencies"]
    lock = read_json(checks.CONFIGS / "package-lock.json")["packages"]
    for name, version in wanted.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert all("resolved" not in entry for entry in lock.values())
    assert all("integrity" in entry for place, entry in lock.items() if place)


def test_elements_are_what_the_page_says() -> None:
    """page/elements.js states the type of each element of index.html that scripts ask for by its id."""
    kinds = {
        "button": "HTMLButtonElement",
        "canvas": "HTMLCanvasElement",
        "input": "HTMLInputElement",
        "progress": "HTMLProgressElement",
        "select": "HTMLSelectElement",
        "video": "HTMLVideoElement",
    }
    found = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found[dict(attributes).get("id")] = kinds.get(tag, "HTMLElement")

    static = checks.ROOT / "web/static"
    Reader().feed((static / "index.html").read_text(encoding="utf-8"))
    text = (static / "page/elements.js").read_text(encoding="utf-8")
    stated = {
        name: kind
        for names, kind in re.findall(r"Record<([^>]+),[\s*]+(\w+)>", text)
        for name in re.findall(r"'([^']+)'", names)
    }
    assert len(stated) == 58
    assert {name: found.get(name) for name in stated} == stated


@pytest.mark.parametrize("found, status", [([], 0), (["a.js(1,1): eqeqeq: …"], 1)])
def test_the_command_prints_what_is_found(
    found: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(command, "check", lambda: found)
    monkeypatch.setattr(sys, "argv", ["checks"])
    assert command.main() == status
    assert capsys.readouterr().out.splitlines()[:-1] == found


def test_what_npm_cannot_install_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    failed = subprocess.CompletedProcess([], 1, b"", b"npm error first\nnpm error network\n")
    monkeypatch.setattr(checks, "INSTALLS", tmp_path / "installs")
    monkeypatch.setattr(checks, "run_tool", lambda *_: failed)
    with pytest.raises(InputError, match="npm ci failed: npm error network"):
        checks.install_packages()
    assert list((tmp_path / "installs").iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["checks"])
    assert command.main() == 2
    assert capsys.readouterr().err.count("\n") == 1
