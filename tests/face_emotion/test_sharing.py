"""One recognizer for several threads, videos and processes, and what it costs and prints."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

from face_emotion import EmotionRecognizer
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.model_files import ModelFolder
from model_build.synthetic.scenes import draw_frame
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR

BOXES = [(110.0, 60.0, 210.0, 160.0), (60.0, 40.0, 180.0, 160.0), (150.0, 90.0, 240.0, 180.0)]


@pytest.fixture(scope="module")
def recognizer():
    """The packaged one."""
    return EmotionRecognizer.load()


@pytest.fixture(scope="module")
def frames():
    """Colour frames with a face each, at different places and of different expressions."""
    drawn = [draw_frame(320, 240, [box], [label], 4) for label, box in enumerate(BOXES)]
    return [np.stack([frame] * 3, axis=2) for frame in drawn]


def test_eight_threads_get_the_answers_of_one(recognizer, frames):
    wanted = [recognizer.recognize(frame) for frame in frames]
    wrong = []

    def work(turn: int) -> None:
        for step in range(30):
            place = (turn + step) % len(frames)
            try:
                if recognizer.recognize(frames[place]) != wanted[place]:
                    wrong.append("another answer")
            except Exception as error:  # whatever a thread meets
                wrong.append(repr(error))

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_streams_of_one_recognizer_know_nothing_of_each_other(recognizer, frames):
    alone = [recognizer.stream().recognize(frame, time=0.0) for frame in frames]
    streams = [recognizer.stream() for _ in frames]
    recognizer.reset()
    recognizer.recognize(frames[0], time=5.0)
    for time in (0.0, 0.1):
        for stream, frame, wanted in zip(streams, frames, alone, strict=True):
            found = stream.recognize(frame, time=time)
            assert [face.track for face in found] == [1]
            assert found[0].box == pytest.approx(wanted[0].box, abs=1e-6)
    streams[0].reset()
    assert recognizer.recognize(frames[0], time=5.1)[0].track == 1
    assert streams[1].recognize(frames[1], time=1e6)[0].track == 2


def test_threads_over_streams(recognizer, frames):
    tracks = []

    def work(frame: np.ndarray) -> None:
        stream = recognizer.stream()
        tracks.append({stream.recognize(frame, time=step / 25)[0].track for step in range(20)})

    threads = [threading.Thread(target=work, args=(frame,)) for frame in frames * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tracks == [{1}] * 6


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_read_their_files_again(recognizer, frames, again, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    relative = EmotionRecognizer.load("models/nano", head="votes")
    relative.recognize(frames[0], time=0.0)
    monkeypatch.chdir(tmp_path)
    twin = again(relative)
    assert twin.recognize(frames[0]) == relative.recognize(frames[0]) != recognizer.recognize(frames[0])
    assert twin.recognize(frames[1], time=9.0)[0].track == 1
    assert again(relative.stream()).recognize(frames[0], time=1.0)[0].track == 1


def test_a_recognizer_of_parts_says_why_it_cannot_be_copied():
    folder = ModelFolder.open(ROOT / "models/nano")
    parts = TfliteClassifier(folder.artifact("int8"), folder.contract)
    with pytest.raises(TypeError, match=r"not made by load\(\)"):
        pickle.dumps(EmotionRecognizer(folder.contract, parts, None))


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True, None, 10**6])
def test_a_number_of_threads_that_is_none(threads):
    for load in (
        lambda: EmotionRecognizer.load(threads=threads),
        lambda: Detector.load(DETECTOR, threads),
        lambda: TfliteClassifier(
            ROOT / "tests/support/format1/nano/int8.tflite", Contract(), threads=threads
        ),
    ):
        with pytest.raises(InputError, match=r"threads .*: a whole number from 1 to 256 is expected"):
            load()


def test_two_threads_are_fine(recognizer, frames):
    assert EmotionRecognizer.load(threads=np.int64(2)).recognize(frames[0]) == recognizer.recognize(frames[0])


def test_nothing_is_printed_and_other_lines_come_through():
    code = """if True:
        import os, sys
        from face_emotion import EmotionRecognizer
        from face_emotion.native_log import without_lines
        EmotionRecognizer.load()
        with without_lines(b"noise"):
            os.write(2, b"a noise\\nsomething else\\n")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "something else\n")


def test_a_process_without_stderr_can_load():
    code = "import os; os.close(2); from face_emotion import EmotionRecognizer; EmotionRecognizer.load(); print('up')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "up\n")


def test_detection_takes_one_core_whatever_the_environment_says():
    """NumPy's matrix products spun on every core: 25 ms of processors where 8 had passed."""
    code = """if True:
        import time
        import numpy as np
        from face_emotion.detector import Detector
        image = np.random.default_rng(0).integers(0, 256, (480, 640, 3), dtype=np.uint8)
        detector = Detector.load("models/face_detector")
        detector.detect(image)
        own, all_of_them = time.thread_time(), time.process_time()
        for _ in range(40):
            detector.detect(image)
        own, all_of_them = time.thread_time() - own, time.process_time() - all_of_them
        print(all_of_them / own)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert float(done.stdout) < 1.2
