"""The recognizer: all parts together, on drawn faces and with an untrained network."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from face_emotion import EmotionRecognizer, Face
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract, Crop, Smoothing
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from face_emotion.geometry import crop_transform, sample_grey, whole_image
from face_emotion.images import pixels_from
from face_emotion.model_files import ModelFolder
from face_emotion.smoother import Smoother
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.scenes import draw_frame
from tests.support.detection import BLAZEFACE, detector_copy
from tests.support.paths import ROOT
from tests.support.runtime import DETECTOR, write_model_folder

BOX = (110.0, 60.0, 210.0, 160.0)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A models folder: tiny/ and own/ (three classes) beside face_detector/."""
    root = tmp_path_factory.mktemp("models")
    write_model_folder(root / "tiny")
    write_model_folder(root / "own", ("glad", "überrascht", "42"), artifacts=("int8",))
    (root / "face_detector").symlink_to(DETECTOR)
    return root


@pytest.fixture
def recognizer(models):
    """A fresh recognizer of the tiny network."""
    return EmotionRecognizer.load(models / "tiny")


@pytest.fixture(scope="module")
def frame():
    """Grey uint8 [240,320] with one drawn face."""
    return draw_frame(320, 240, [BOX], [3], 4)


def classifier(models, name="int8", head="both"):
    """One of the tiny network's files, opened by itself."""
    return TfliteClassifier(
        models / "tiny" / f"{name}.tflite", ModelFolder.open(models / "tiny").contract, head
    )


def expected(models, image, name="int8"):
    """The probabilities of an image's first face, put together from the parts."""
    face = Detector.load(DETECTOR).detect(image)[0]
    crop = Crop(box_width=0.795, box_center=(0.5, 0.527))  # the detector's
    grey = sample_grey(image, crop_transform(face.box, face.eyes, crop), 48, (0.299, 0.587, 0.114), 16)
    return face, classifier(models, name).probabilities(grey[None])[0]


def values(face: Face) -> np.ndarray:
    """A face's probabilities in the order of the contract."""
    return np.array(list(face.probabilities.values()))


def test_a_still_image(models, recognizer, frame):
    (face,) = recognizer.recognize(frame)
    found, probabilities = expected(models, frame)
    assert (face.box, face.score, face.track) == (found.box, found.score, None)
    assert tuple(face.probabilities) == recognizer.labels == Contract().labels
    assert np.allclose(values(face), probabilities)
    assert face.label == recognizer.labels[int(probabilities.argmax())]
    assert np.abs(np.array(face.box) - BOX).max() < 30


def test_nobody_and_several_faces(recognizer):
    assert recognizer.recognize(draw_frame(320, 240, [], [], 1)) == []
    boxes = [(30.0, 80.0, 120.0, 170.0), (190.0, 80.0, 290.0, 180.0)]
    faces = recognizer.recognize(draw_frame(320, 240, boxes, [3, 6], 1))
    assert len(faces) == 2
    assert faces[0].score >= faces[1].score
    assert not np.array_equal(values(faces[0]), values(faces[1]))


def test_arrays_pictures_and_paths_give_the_same(recognizer, frame, tmp_path):
    colour = np.stack([frame, frame - frame // 8, frame - frame // 4], axis=2)
    (face,) = recognizer.recognize(colour)
    Image.fromarray(colour).save(tmp_path / "a.png")
    rgba = np.dstack([colour, np.full(frame.shape, 255, np.uint8)])
    for image in (Image.fromarray(colour), tmp_path / "a.png", str(tmp_path / "a.png"), rgba):
        assert recognizer.recognize(image) == [face]
    assert recognizer.recognize(colour[:, :, ::-1])[0].probabilities != face.probabilities  # BGR is not RGB
    (grey,) = recognizer.recognize(frame)
    Image.fromarray(frame).save(tmp_path / "grey.png")
    assert recognizer.recognize(tmp_path / "grey.png") == [grey]


def test_what_is_transparent_in_an_array_lies_over_black_as_in_a_file(recognizer, frame, tmp_path):
    levels = np.random.default_rng(3).integers(90, 256, frame.shape, np.uint8)
    rgba = np.dstack([frame, frame - frame // 8, frame - frame // 4, levels])
    Image.fromarray(rgba).save(tmp_path / "a.png")
    seen = recognizer.recognize(rgba)
    assert seen == recognizer.recognize(tmp_path / "a.png") != recognizer.recognize(rgba[..., :3])
    rows, columns = np.indices((16, 16))
    ramp = np.dstack([16 * rows + columns] * 3 + [16 * columns + rows]).astype(np.uint8)
    expected = np.floor(ramp[..., :3] * (ramp[..., 3:] / 255) + 0.5).astype(np.uint8)
    assert np.array_equal(pixels_from(ramp), expected)
    rgba[..., 3] = 0
    assert recognizer.recognize(rgba) == []


def test_boxes_are_in_the_upright_picture(recognizer, frame, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90°
    Image.fromarray(np.rot90(frame)).save(tmp_path / "a.png", exif=exif)
    assert recognizer.recognize(tmp_path / "a.png") == recognizer.recognize(frame)


def test_cropped_faces_are_not_searched_for(models, recognizer):
    face = draw_faces(1, 3, 96)[0][0]
    (found,) = recognizer.recognize(face, cropped=True)
    grey = sample_grey(face, whole_image(96, 96), 48, Contract().luma, 16)
    assert np.allclose(values(found), classifier(models).probabilities(grey[None])[0])
    assert (found.box, found.score, found.track) == ((0, 0, 96, 96), 1, None)
    assert len(recognizer.recognize(np.zeros((48, 48), np.uint8), cropped=True)) == 1
    assert recognizer.recognize(np.zeros((48, 48), np.uint8)) == []


def test_cropped_frames_of_a_video_are_smoothed(recognizer):
    first, second = draw_faces(2, 5, 48, [3, 4])[0]
    one = recognizer.recognize(first, time=0.0, cropped=True)[0]
    other = recognizer.recognize(second, cropped=True)[0]
    both = recognizer.recognize(second, time=0.2, cropped=True)[0]
    assert both.track == one.track == 1
    weight = 1 - math.exp(-0.2 / Contract().smoothing.time_constant)
    assert np.allclose(values(both), values(one) + weight * (values(other) - values(one)))


def test_a_video_has_tracks_and_smoothed_probabilities(recognizer):
    smoother, tracks = Smoother(Contract().smoothing), set()
    stream = recognizer.stream(look_every=0.0)
    for step in range(6):
        image = draw_frame(320, 240, [tuple(np.add(BOX, (8 * step, 0, 8 * step, 0)))], [step % 7], 4)
        (still,) = recognizer.recognize(image)
        (face,) = stream.recognize(image, time=step / 10)
        smoothed, label = smoother.update(1, values(still), step / 10)
        tracks.add(face.track)
        assert np.allclose(values(face), smoothed)
        assert face.label == recognizer.labels[label]
        assert face.box == still.box
    assert tracks == {1}


def test_the_shown_label_of_a_track_has_hysteresis(frame, tmp_path):
    slow = write_model_folder(tmp_path / "slow", smoothing=Smoothing(time_constant=1e-6, switch_margin=1.0))
    recognizer = EmotionRecognizer.load(slow, DETECTOR)
    faces = draw_faces(14, 6)[0]
    still = [recognizer.recognize(face, cropped=True)[0].label for face in faces]
    shown = [recognizer.recognize(face, time=k / 10, cropped=True)[0].label for k, face in enumerate(faces)]
    assert len(set(still)) > 1
    assert set(shown) == {still[0]}


def test_certain_is_what_reaches_the_threshold_and_for_a_track_its_smoothed_share(models):
    first, second = draw_faces(2, 5, 48, [3, 4])[0]
    plain = EmotionRecognizer.load(models / "tiny")
    largest = max(plain.recognize(second, cropped=True)[0].probabilities.values())
    stream = plain.stream()
    stream.recognize(first, time=0.0, cropped=True)
    smoothed = max(stream.recognize(second, time=0.2, cropped=True)[0].probabilities.values())
    assert smoothed != largest

    def certain(threshold: float, time: float | None) -> bool:
        recognizer = EmotionRecognizer.load(models / "tiny")
        object.__setattr__(recognizer.contract, "unsure_below", threshold)
        if time is not None:
            recognizer.recognize(first, time=0.0, cropped=True)
        return recognizer.recognize(second, time=time, cropped=True)[0].certain

    for share, time in ((largest, None), (smoothed, 0.2)):
        assert certain(share, time)
        assert not certain(math.nextafter(share, 1), time)


def test_a_still_image_between_frames_changes_nothing(models, frame):
    answers = []
    for between in (False, True):
        recognizer = EmotionRecognizer.load(models / "tiny")
        recognizer.recognize(frame, time=0.0)
        if between:
            recognizer.recognize(draw_frame(320, 240, [(20.0, 20.0, 90.0, 90.0)], [5], 8))
        answers.append(recognizer.recognize(frame[::-1], time=0.1) + recognizer.recognize(frame, time=0.2))
    assert answers[0] == answers[1]


def test_a_reset_begins_another_video(recognizer, frame):
    recognizer.recognize(frame, time=5.0)
    assert recognizer.recognize(frame, time=1.0)[0].track == 2  # wound back: somebody else
    recognizer.reset()
    assert recognizer.recognize(frame, time=0.0)[0].track == 1


def test_own_classes_and_constants_come_from_the_manifest(models, frame, tmp_path):
    own = EmotionRecognizer.load(models / "own")
    (face,) = own.recognize(frame)
    assert tuple(face.probabilities) == ("glad", "überrascht", "42") == own.labels
    assert face.label in own.labels
    quick = write_model_folder(tmp_path / "quick", smoothing=Smoothing(reset_after=0.05))
    recognizer = EmotionRecognizer.load(quick, DETECTOR)
    assert [recognizer.recognize(frame, time=time)[0].track for time in (0.0, 0.04, 0.2)] == [1, 1, 2]
    manifest = read_json(quick / "manifest.json")
    manifest["contract"]["crop"]["box_width"] = 0.4
    write_json(quick / "manifest.json", manifest)
    wider = EmotionRecognizer.load(quick, BLAZEFACE).recognize(frame)[0]  # which has no crop of its own
    own = EmotionRecognizer.load(models / "tiny", BLAZEFACE).recognize(frame)[0]
    assert wider.probabilities != own.probabilities


def test_the_detectors_own_crop_goes_before_the_contracts(models, frame, tmp_path):
    changed = write_model_folder(tmp_path / "changed", artifacts=("int8",), crop=Crop(box_width=0.4))
    assert EmotionRecognizer.load(changed, DETECTOR).recognize(frame) == EmotionRecognizer.load(
        models / "tiny"
    ).recognize(frame)
    detector = detector_copy(DETECTOR, tmp_path / "face_detector")
    manifest = read_json(detector / "manifest.json")
    manifest["detector"]["crop"]["box_width"] = 0.4
    write_json(detector / "manifest.json", manifest)
    wider = EmotionRecognizer.load(models / "tiny", detector).recognize(frame)[0]
    assert wider.probabilities != EmotionRecognizer.load(changed, DETECTOR).recognize(frame)[0].probabilities


def test_a_model_is_named_by_folder_manifest_or_file(models, frame):
    answers = [
        EmotionRecognizer.load(models / "tiny" / name).recognize(frame)[0]
        for name in (".", "manifest.json", "int8.tflite", "float32.tflite")
    ]
    assert answers[0] == answers[1] == answers[2] != answers[3]
    assert np.allclose(values(answers[3]), expected(models, frame, "float32")[1])


def test_the_packaged_model_and_detector_are_the_default(frame, tmp_path):
    assert EmotionRecognizer.load().recognize(frame) == EmotionRecognizer.load(
        ROOT / "models" / "small"
    ).recognize(frame)
    alone = write_model_folder(tmp_path / "alone")
    assert (
        EmotionRecognizer.load(alone).recognize(frame)
        == EmotionRecognizer.load(alone, DETECTOR).recognize(frame)
        != []
    )


def test_a_changed_artifact_is_refused(models, tmp_path, frame):
    folder = write_model_folder(tmp_path / "changed")
    content = bytearray((folder / "int8.tflite").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "int8.tflite").write_bytes(content)
    with pytest.raises(InputError, match="damaged or changed"):
        EmotionRecognizer.load(folder, DETECTOR)
    EmotionRecognizer.load(folder / "float32.tflite", DETECTOR)


def test_a_missing_part_is_named(models, tmp_path):
    alone = write_model_folder(tmp_path / "alone")
    with pytest.raises(InputError, match="elsewhere: no such model folder"):
        EmotionRecognizer.load(alone, tmp_path / "elsewhere")
    with pytest.raises(InputError, match="nowhere"):
        EmotionRecognizer.load(tmp_path / "nowhere")
    manifest = read_json(alone / "manifest.json")
    manifest["contract"]["labels"] = ["a", "b"]
    write_json(alone / "manifest.json", manifest)
    with pytest.raises(InputError, match="7 classes where the manifest has 2 labels"):
        EmotionRecognizer.load(alone, DETECTOR)
    del manifest["contract"]["luma"]
    write_json(alone / "manifest.json", manifest)
    with pytest.raises(InputError, match=r"manifest\.json: contract\.luma: missing"):
        EmotionRecognizer.load(alone, DETECTOR)
    lone = EmotionRecognizer(Contract(), classifier(models), None)
    assert len(lone.recognize(np.zeros((48, 48), np.uint8), cropped=True)) == 1
    with pytest.raises(InputError, match="no face detector"):
        lone.recognize(np.zeros((48, 48), np.uint8))


@pytest.mark.parametrize("cropped", [False, True])
@pytest.mark.parametrize(
    "image, message",
    [
        (np.zeros((48, 48), np.float32), "float32"),
        (np.zeros((48, 48, 2), np.uint8), r"\[48, 48, 2\]"),
        (np.zeros(48, np.uint8), r"\[48\]"),
        (np.zeros((1, 1, 3), np.uint8), "1×1 pixels"),
        (np.zeros((0, 48), np.uint8), "48×0 pixels"),
        (Image.new("RGB", (7, 99)), "7×99 pixels"),
        (Image.new("F", (48, 48), -1), "floating-point"),
        ([[0]], "list"),
        (None, "NoneType"),
    ],
)
def test_unusable_images_are_refused(recognizer, image, message, cropped):
    with pytest.raises(InputError, match=message) as caught:
        recognizer.recognize(image, cropped=cropped)
    assert "\n" not in str(caught.value)


def test_unreadable_files_are_named(recognizer, tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_text("no image")
    Image.new("L", (1, 1)).save(tmp_path / "small.png")
    reasons = {
        "empty.png": "the file is empty",
        "text.png": "not an image",
        "small.png": "1×1 pixels",
        "none.png": "No such file",
        ".": "directory",
    }
    for name, reason in reasons.items():
        with pytest.raises(InputError, match=reason) as caught:
            recognizer.recognize(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)


def test_a_time_must_be_finite(recognizer, frame):
    with pytest.raises(InputError, match="time"):
        recognizer.recognize(frame, time=math.nan)


def test_the_package_loads_the_runtime_only_when_asked():
    code = (
        "import sys, face_emotion, face_emotion.files\n"
        "assert not {'numpy', 'ai_edge_litert', 'PIL'} & set(sys.modules)\n"
        "from face_emotion import EmotionRecognizer, Face\n"
        "assert 'cv2' not in sys.modules and 'tensorflow' not in sys.modules\n"
        "assert not hasattr(face_emotion, 'anything')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
