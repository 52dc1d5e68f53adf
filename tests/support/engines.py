"""Both engines on the page's own files in headless Chromium: what the tests that ask them share."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from converters.manifest import tensors_of
from face_emotion.contract import HEADS, Contract
from face_emotion.files import read_json, write_json
from tests.support.browser import Record, chromium
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR, described
from tests.support.tflite import write_tflite
from tests.support.web import serving
from web.site import ENGINE_ARTIFACTS

ENGINES = ("tfjs", "litert")
VARIANTS = ("nano", "small", "base")
FORMAT_1 = ROOT / "tests/support/format1/nano"
BLAZEFACE = ROOT / "tests/support/format1/face_detector"
# In the browser: `network(engine, model, role, shape)` loads one, `classifier(engine, model, head)` puts it behind the
# class that the runtime uses it by, `detector(engine, model)` a face detector; `frameOf(frame)` makes an image of a
# golden frame.
PRELUDE = """
const at = (path) => new URL(path, location.origin + '/').href;
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const runtime = (name) => import(at(`runtime/${name}.js`));
const network = async (engineName, folderName, role, shape) => {
  const {ModelFolder} = await runtime('model_files');
  const engine = await runtime(`engines/${engineName}`);
  const folder = await ModelFolder.open(at(`models/${folderName}/manifest.json`));
  const name = engine.artifacts[role];
  const loaded = await engine.load(await folder.artifact(name), shape);
  return {folder, loaded, artifact: folder.manifest.artifacts[name]};
};
const classifier = async (engineName, folderName, head = 'both') => {
  const {Classifier} = await runtime('classifier');
  const {readContract, weightsOf} = await runtime('contract');
  const {folder, loaded, artifact} = await network(engineName, folderName, 'classifier', [1, 48, 48, 1]);
  const contract = readContract(folder.manifest);
  return {contract, loaded, classifier: new Classifier(loaded, contract, weightsOf(contract, head), artifact)};
};
const detector = async (engineName, folderName) => {
  const {planOf} = await runtime('detector');
  const {ModelFolder} = await runtime('model_files');
  const plan = planOf((await ModelFolder.open(at(`models/${folderName}/manifest.json`))).manifest);
  const load = async (role, size) => (await network(engineName, folderName, role, [1, size, size, 3])).loaded;
  return plan.make(await load('detector', plan.nearSize), () => load('farDetector', plan.farSize));
};
const frameOf = ({bytes: text, width, height, channels}) => {
  const levels = bytes(text);
  const data = Uint8ClampedArray.from({length: 4 * width * height},
    (_, k) => (k & 3) === 3 ? 255 : levels[channels === 3 ? 3 * (k >> 2) + (k & 3) : k >> 2]);
  return new ImageData(data, width, height);
};
"""
Evaluate = Callable[..., Any]


def copy_for_the_browser(model: Path, target: Path, **contract: Any) -> dict[str, Any]:
    """Copies a model's networks that the engines load, names no others in its manifest, and returns that.

    contract: entries of the contract that are other ones in the copy.
    """
    manifest = read_json(model / "manifest.json")
    manifest["artifacts"] = {name: manifest["artifacts"][name] for name in ENGINE_ARTIFACTS}
    for artifact in manifest["artifacts"].values():
        for entry in artifact["files"]:
            (target / entry["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(model / entry["file"], target / entry["file"])
    manifest["contract"] |= contract
    (target / "manifest.json").write_text(json.dumps(manifest))
    return manifest


def write_zero_points(folder: Path) -> Path:
    """Writes a model whose int8 file has other zero points than 0, input and logits alike; returns its folder."""
    folder.mkdir()
    file = write_tflite(folder / "int8.tflite", input_low=-0.4, input_high=1.3, heads=2)
    contract = Contract(heads=HEADS, blend=(0.5, 0.25), sharpness=(1.0, 1.0), unsure_below=0.5)
    artifact = described(file) | tensors_of(file)
    manifest = {
        "format": 2,
        "name": folder.name,
        "contract": contract.to_dict(),
        "artifacts": {"int8": artifact},
    }
    write_json(folder / "manifest.json", manifest)
    return folder


@contextlib.contextmanager
def evaluating(models: Path) -> Iterator[Evaluate]:
    """Runs async JavaScript functions' bodies, with PRELUDE and `given`, in a document of the page's origin."""
    with serving("--models", str(models)) as server, chromium() as browser:
        context = browser.new_context(service_workers="block")
        record = Record(server.url)
        record.watch(context)
        page = context.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{server.url}models/index.json")

        def run(body: str, given: Any = None) -> Any:
            late = "new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 180_000))"
            script = f"(given) => Promise.race([{late}, (async () => {{ {PRELUDE} {body} }})()])"
            return page.evaluate(script, given)

        run.page, run.server, run.record = page, server, record
        yield run
        assert record.foreign == []
        assert [error for error in record.errors if "Content Security Policy" in error] == []


def images_of(faces: list[str]) -> np.ndarray:
    """Golden faces, base64, as uint8 [N,48,48]."""
    content = b"".join(base64.b64decode(face) for face in faces)
    return np.frombuffer(content, np.uint8).reshape(-1, 48, 48)


def frame_with_one_face() -> dict[str, Any]:
    """The golden frame of the detector that shows one face near: "bytes" (base64), "channels", "width", "height"."""
    return frame_called("one face")


def frame_called(name: str) -> dict[str, Any]:
    """A golden frame of the detector, of which `frameOf` makes an ImageData in the browser."""
    return next(frame for frame in read_json(DETECTOR / "golden.json")["frames"] if frame["name"] == name)
