"""Every example runs and says what the recognizer says; none is longer than 40 lines."""

from __future__ import annotations

import contextlib
import csv
import http.client
import importlib.util
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from face_emotion import EmotionRecognizer
from tests.support.browser import chromium, page_of, require_chromium, until, write_camera
from tests.support.cli import video_frames, write_video
from tests.support.paths import ROOT
from tests.support.static_host import Host
from web.export import export
from web.site import MODELS

require_chromium()
EXAMPLES = ROOT / "examples"
LONGEST = 40  # lines
TOOLS = {"page_clip.py", "page_pictures.py"}  # make pictures of the page, no examples


@pytest.fixture(scope="module")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public-domain portrait of somebody who smiles, as a file."""
    path = tmp_path_factory.mktemp("pictures") / "portrait.png"
    Image.fromarray(astronaut()[:300, :400]).save(path)
    return path


@pytest.fixture(scope="module")
def browser(portrait: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Chromium, its camera before the portrait."""
    frame = cv2.resize(np.asarray(Image.open(portrait)), (640, 480))
    camera = write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", [frame] * 3)
    with chromium(camera) as running:
        yield running


def run(name: str, *words: str | Path) -> subprocess.CompletedProcess:
    """Runs examples/NAME as a user does who installed the package."""
    return subprocess.run(
        [sys.executable, str(EXAMPLES / name), *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_examples_are_short_and_all_are_listed():
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    files = [
        path
        for path in EXAMPLES.rglob("*.*")
        if path.is_file() and not {"node_modules", "dist"} & set(path.parts)
    ]
    files = [
        path for path in files if path.name not in TOOLS | {"README.md"} and "__pycache__" not in path.parts
    ]
    files = [path for path in files if "face-emotion-kit" not in path.relative_to(EXAMPLES).parts]
    assert len(files) == 23
    for path in files:
        assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST, path
        place = path.relative_to(EXAMPLES).as_posix()
        assert f"`{place}`" in listed or f"`{place.split('/')[0]}/`" in listed, place


TABLE, WANTED = EXAMPLES / "batch_to_csv.py", "name a folder of pictures and a table: photos/ faces.csv"


def test_one_image(portrait):
    (face,) = EmotionRecognizer.load().recognize(portrait)
    done = run("one_image.py", portrait)
    assert done.returncode == 0, done.stderr
    box = [round(side) for side in face.box]
    assert done.stdout == f"happy {face.probabilities['happy']:.0%}, box {box}\n"


def test_webcam(monkeypatch, tmp_path, capfd):
    """Against a video file; the window is replaced, because a test has no display."""
    clip = write_video(tmp_path / "clip.avi", video_frames(6))
    shown, texts = [], []
    write = cv2.putText

    def put_text(frame, text, *arguments):
        texts.append(text)
        return write(frame, text, *arguments)

    monkeypatch.setattr(cv2, "imshow", lambda _, frame: shown.append(frame.copy()))
    monkeypatch.setattr(cv2, "waitKey", lambda _: ord("q") if len(shown) == 4 else -1)
    monkeypatch.setattr(cv2, "putText", put_text)
    monkeypatch.setattr(sys, "argv", ["webcam.py", str(clip)])
    runpy.run_path(str(EXAMPLES / "webcam.py"), run_name="__main__")
    assert len(shown) == 4
    assert len(texts) == 4 and all(re.fullmatch(r"1 \w+ \d+%", text) for text in texts)
    orange = (np.abs(shown[0].astype(int) - (0, 159, 230)) < 3).all(axis=2)
    assert orange.sum() > 300
    monkeypatch.setattr(sys, "argv", ["webcam.py", str(tmp_path / "none.avi")])
    with pytest.raises(SystemExit, match=r"^2$"):
        runpy.run_path(str(EXAMPLES / "webcam.py"), run_name="__main__")


def test_batch_to_csv(portrait, tmp_path):
    folder = tmp_path / "photos"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(portrait, folder / "deep" / "a.png")
    (folder / "notes.txt").write_text("no picture")
    done = run("batch_to_csv.py", folder, tmp_path / "faces.csv")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == f"skipped: {folder / 'notes.txt'}: not an image that can be read"
    with open(tmp_path / "faces.csv", encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    (face,) = EmotionRecognizer.load().recognize(portrait)
    assert (row["picture"], row["label"]) == (str(Path("deep/a.png")), "happy")
    assert float(row["happy"]) == pytest.approx(face.probabilities["happy"], abs=1e-4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one_image.py"], "name one picture: photo.jpg"),
        (["one_image.py", "a.png", "b.png"], "name one picture: photo.jpg"),
        (["one_image.py", "/nowhere/a.png"], "/nowhere/a.png: No such file or directory"),
        (["one_image.py", EXAMPLES / "README.md"], f"{EXAMPLES}/README.md: not an image that can be read"),
        (["batch_to_csv.py"], f"{TABLE}: {WANTED}"),
        (["batch_to_csv.py", EXAMPLES], f"{TABLE} {EXAMPLES}: {WANTED}"),
        (["batch_to_csv.py", "/nowhere", "a.csv"], f"{TABLE} /nowhere a.csv: {WANTED}"),
        (
            ["batch_to_csv.py", EXAMPLES, "/nowhere/a.csv"],
            "/nowhere/a.csv: No such file or directory; choose another name",
        ),
        (
            ["batch_to_csv.py", EXAMPLES, EXAMPLES / "README.md"],
            f"{EXAMPLES}/README.md: File exists; choose another name",
        ),
        (["webcam.py", "97"], "97: no such camera or video, or it is in use"),
        (
            ["webcam.py", EXAMPLES / "README.md"],
            f"{EXAMPLES}/README.md: no such camera or video, or it is in use",
        ),
    ],
)
def test_what_an_example_cannot_use_is_one_line_and_status_2(words, said):
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {said}\n")


@pytest.fixture(scope="module")
def service():
    """The module examples/service.py."""
    spec = importlib.util.spec_from_file_location("service", EXAMPLES / "service.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_service(service, portrait):
    client = service.app.test_client()
    (face,) = client.post("/faces", data=portrait.read_bytes()).json["faces"]
    (wanted,) = EmotionRecognizer.load().recognize(portrait)
    assert face["label"] == wanted.label == "happy"
    assert face["box"] == pytest.approx(wanted.box)
    assert face["probabilities"] == pytest.approx(wanted.probabilities)
    refused = client.post("/faces", data=b"no picture")
    assert (refused.status_code, refused.json) == (400, {"error": "bytes: not an image that can be read"})


def test_whatever_the_service_refuses_is_json(service, portrait):
    """As a client of the real server sees it: no page of HTML to be parsed."""
    from waitress import create_server

    server = create_server(service.app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def answered(method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
        with contextlib.closing(connection):
            connection.request(
                method, path, body, {key.replace("_", "-"): value for key, value in headers.items()}
            )
            answer = connection.getresponse()
            assert answer.getheader("Content-Type") == "application/json"
            assert answer.status != 405 or set(answer.getheader("Allow").split(", ")) == {"OPTIONS", "POST"}
            return answer.status, json.loads(answer.read())["error"]

    whole = "the body must be the picture itself: curl --data-binary @photo.jpg"
    try:
        assert answered("GET", "/faces") == (405, "The method is not allowed for the requested URL.")
        assert answered("GET", "/")[0] == answered("POST", "/face", b"")[0] == 404
        assert answered("POST", "/faces", b"") == (400, "bytes: there are no bytes in it")
        assert answered("POST", "/faces", b"{}", Content_Type="application/json") == (415, whole)
        form = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
        assert answered("POST", "/faces", form, Content_Type="multipart/form-data; boundary=x") == (
            415,
            whole,
        )
        status, said = answered("POST", "/faces", b"x" * 16_000_001)
        assert (status, said) == (413, "The data value transmitted exceeds the capacity limit.")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(service.recognizer, "recognize", lambda picture: 1 / 0)
            status, said = answered("POST", "/faces", portrait.read_bytes())
        assert status == 500 and said.startswith("The server encountered an internal error")
    finally:
        server.close()
        thread.join(5)


def test_embed_in_a_plain_page(browser, portrait, tmp_path):
    export(tmp_path / "site", MODELS)
    for name in ("embed.html", "embed.js"):
        shutil.copy(EXAMPLES / name, tmp_path / "site")
    with Host(tmp_path / "site") as host, page_of(browser, f"{host.url}embed.html") as page:
        until(page, "document.getElementById('file').disabled === false", 60)
        page.set_input_files("#file", str(portrait))
        until(page, "document.querySelectorAll('#faces li').length === 1")
        assert page.inner_text("#faces li").startswith("happy ")
        blank = cv2.imencode(".png", np.full((120, 160), 90, np.uint8))[1].tobytes()
        page.set_input_files("#file", {"name": "b.png", "mimeType": "image/png", "buffer": blank})
        until(page, "document.querySelector('#faces li').textContent === 'no face'")
        assert page.record.requests[0] == f"{host.url}embed.html"


def test_the_smallest_page_that_is_served_with_the_others(browser, tmp_path):
    export(tmp_path / "site", MODELS)
    with Host(tmp_path / "site") as host, page_of(browser, f"{host.url}example.html") as page:
        until(page, "document.getElementById('start').disabled === false", 60)
        page.get_by_role("button", name="Start camera").click()
        until(page, "document.getElementById('answer').textContent === 'happy'")


def test_the_kotlin_snippet_calls_what_the_library_has():
    """Its compilation is part of the Android check; here only the names are compared."""
    snippet = (EXAMPLES / "android/Snippet.kt").read_text(encoding="utf-8")
    sources = (ROOT / "mobile/android").glob("*/src/main/kotlin/**/*.kt")
    library = " ".join("\n".join(path.read_text(encoding="utf-8") for path in sources).split())
    library = library.replace("( ", "(").replace(", )", ")")  # as if each function's head were one line
    assert "import org.faceemotionkit.EmotionRecognizer" in snippet
    for name in (
        "fun load(context: Context, options: RecognizerOptions = RecognizerOptions {}): EmotionRecognizer",
        "fun recognize(bitmap: Bitmap, baseline: Baseline? = null, reach: Reach? = null): List<Face>",
    ):
        assert name in library
    for name in ("labels", "label", "certain", "probabilities"):
        assert re.search(rf"\.{name}\b", snippet) and re.search(rf"val {name}: ", library)


def test_the_tool_that_makes_pictures_names_a_word_that_it_does_not_know() -> None:
    done = run("page_pictures.py", "everything")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: argument pictures: invalid choice: 'everything'")
