"""converters.golden: the vectors are right, complete, and a difference in any of them is noticed."""

from __future__ import annotations

import base64
import copy
import dataclasses

import numpy as np
import pytest

from converters import golden
from converters.manifest import read_contract
from converters.tfjs_runtime import TfjsModel
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import read_json, write_json
from face_emotion.geometry import Transform, crop_transform, sample_grey
from model_build.synthetic.faces import draw_faces
from model_build.synthetic.golden import golden_pictures


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), np.uint8)


def _shifted(text: str, position: int, levels: int) -> str:
    values = _bytes(text).astype(int)
    values[position] += levels if values[position] < 128 else -levels
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode()


@pytest.fixture(scope="module")
def vectors(tiny_build):
    return read_json(tiny_build / "golden.json")


def test_every_image_has_the_bytes_that_its_size_says(vectors):
    for entry in vectors["crops"]:
        assert len(_bytes(entry["rgb"])) == 3 * entry["width"] * entry["height"]
        assert len(_bytes(entry["grey"])) == 48 * 48
    assert {len(_bytes(face)) for face in vectors["faces"]} == {48 * 48}
    assert {len(_bytes(face)) for face in vectors["normalized"]} == {48 * 48}
    assert len(vectors["normalized"]) == len(vectors["faces"]) == 35
    assert np.shape(vectors["int8"]["outputs"]) == (len(vectors["faces"]), 4)
    assert np.shape(vectors["int8"]["logits"]) == (len(vectors["faces"]), 4)
    assert np.shape(vectors["tfjs"]["probabilities"]) == (len(vectors["faces"]), 4)


def test_crops_follow_from_frame_box_and_eyes(vectors):
    contract = Contract()
    for entry in vectors["crops"]:
        transform = Transform(**entry["transform"])
        if "box" in entry:
            assert crop_transform(entry["box"], entry["eyes"], contract.crop) == transform
        frame = _bytes(entry["rgb"]).reshape(entry["height"], entry["width"], 3)
        grey = sample_grey(frame, transform, 48, contract.luma, contract.crop.max_samples)
        assert np.abs(grey.ravel().astype(int) - _bytes(entry["grey"])).max() <= 1


def test_frames_cover_what_a_camera_gives(vectors):
    frames = [_bytes(e["rgb"]).reshape(e["height"], e["width"], 3) for e in vectors["crops"]]
    coloured = [bool((frame[..., 0] != frame[..., 2]).any()) for frame in frames]
    assert {True, False} == set(coloured)
    assert {np.sign(frame.shape[1] - frame.shape[0]) for frame in frames} >= {-1, 1}
    boxed = [entry for entry in vectors["crops"] if "box" in entry]
    assert len(boxed) == len(frames) - 1  # the last is a whole image, as a user's own crop
    widths = [entry["box"][2] - entry["box"][0] for entry in boxed]
    assert max(widths) > 1.5 * min(widths)
    outside = [min(e["box"][:2]) < 0 or e["box"][2] > e["width"] or e["box"][3] > e["height"] for e in boxed]
    assert any(outside)
    tilts = [entry["eyes"][1][1] - entry["eyes"][0][1] for entry in boxed]
    assert min(tilts) < -1 < 1 < max(tilts)


def test_faces_are_the_drawn_ones_of_every_expression_and_badly_lit_ones(vectors):
    faces, labels = draw_faces(28, 48_000)
    assert vectors["drawn_labels"] == labels.tolist()
    assert set(labels) == set(range(7))
    found = np.array([_bytes(face) for face in vectors["faces"]])
    np.testing.assert_array_equal(found[:28], faces.reshape(28, -1))
    np.testing.assert_array_equal(found[28], faces[0].reshape(-1) // 20)
    assert np.ptp(found[32]) < 8 <= np.ptp(found[33]) and set(found[34]) == {128}


def test_normalised_faces_are_those_that_the_contract_wants(vectors):
    seen = np.array([_bytes(face) for face in vectors["normalized"]]).astype(int)
    faces = np.array([_bytes(face) for face in vectors["faces"]]).astype(int)
    # Half of the light or a twentieth: the same face but for the rounding of so few grey levels.
    assert np.abs(seen[29] - seen[1]).mean() < 4 < np.abs(faces[29] - faces[1]).mean()
    for flat in (32, 34):
        np.testing.assert_array_equal(seen[flat], faces[flat])
    assert np.ptp(seen[33]) > 200


def test_answers_are_those_of_the_files(vectors, tiny_build):
    contract = read_contract(tiny_build)
    faces = np.stack([_bytes(face).reshape(48, 48) for face in vectors["faces"]])
    quantised = TfliteClassifier(tiny_build / "int8.tflite", contract)
    outputs, logits = quantised.outputs(faces)
    np.testing.assert_array_equal(outputs, vectors["int8"]["outputs"])
    np.testing.assert_array_equal(logits, vectors["int8"]["logits"])
    assert (vectors["int8"]["scale"], vectors["int8"]["zero_point"]) == quantised.output_scale
    assert len({tuple(row) for row in vectors["int8"]["logits"]}) > 10
    assert quantised.probabilities(faces).tolist() == vectors["int8"]["probabilities"]["labels"]
    answers = TfjsModel(tiny_build / "tfjs", contract).probabilities(faces)
    np.testing.assert_allclose(answers, vectors["tfjs"]["probabilities"], atol=1e-4)


def test_labels_and_heads_stand_in_the_vectors(vectors):
    assert vectors["labels"] == ["angry", "happy", "surprise", "neutral"]
    assert vectors["heads"] == ["labels"] and list(vectors["int8"]["probabilities"]) == ["labels"]


def test_the_softmax_has_rows_at_both_ends_of_its_table(vectors):
    rows = vectors["softmax"]
    assert rows["probabilities"][0] == [float(np.float32(1 / 7))] * 7
    assert rows["probabilities"][3][0] == float(np.float32(16777216 / (16777216 + 16711808 + 2)))
    assert rows["probabilities"][3][1] == 0.0 and rows["scores"][3][:2] == [100000, 0]
    powers = np.exp(np.array(rows["scores"][1]) / 256)
    np.testing.assert_allclose(rows["probabilities"][1], powers / powers.sum(), atol=1e-6)


def test_writing_again_gives_the_same_file(tiny_copy):
    before = (tiny_copy / "golden.json").read_bytes()
    (tiny_copy / "golden.json").unlink()
    golden.write_golden(tiny_copy, read_contract(tiny_copy), golden_pictures())
    assert (tiny_copy / "golden.json").read_bytes() == before


def test_own_classes_have_their_own_number_of_answers(own_build):
    vectors = read_json(own_build.folder / "golden.json")
    assert np.shape(vectors["int8"]["outputs"]) == (35, 3)
    assert np.shape(vectors["tfjs"]["probabilities"]) == (35, 3)
    contract = Contract.from_dict(read_json(own_build.folder / "manifest.json")["contract"])
    assert golden.check_golden(own_build.folder, contract, vectors) == []


def test_sound_vectors_pass_also_within_the_tolerance(vectors, tiny_build):
    assert golden.check_golden(tiny_build, read_contract(tiny_build), vectors) == []
    near = copy.deepcopy(vectors)
    near["crops"][2]["grey"] = _shifted(near["crops"][2]["grey"], 700, 1)
    near["tfjs"]["probabilities"][4][1] += 0.01
    assert golden.check_golden(tiny_build, read_contract(tiny_build), near) == []


def _crop(vectors):
    vectors["crops"][2]["grey"] = _shifted(vectors["crops"][2]["grey"], 700, 2)


def _int8(vectors):
    vectors["int8"]["logits"][5][3] += 1
    vectors["int8"]["probabilities"] = golden._answers(  # so that this is the one fault
        np.array(vectors["int8"]["logits"], np.uint8),
        vectors["int8"]["scale"],
        vectors["int8"]["zero_point"],
        vectors["contract"],
    )


def _normalized(vectors):
    vectors["normalized"][3] = _shifted(vectors["normalized"][3], 700, 1)


def _answer(vectors):
    vectors["int8"]["probabilities"]["labels"][2][1] += 1e-7


def _softmax(vectors):
    vectors["softmax"]["probabilities"][1][2] += 1e-7


def _labels(vectors):
    vectors["labels"][0] = "cross"


def _tfjs(vectors):
    vectors["tfjs"]["probabilities"][4][1] += 0.05


def _tolerance(vectors):
    vectors["tolerance"]["int8_steps"] = 255


@pytest.mark.parametrize(
    "change, problem",
    [
        (_crop, "crop 2 differs by 2 grey levels"),
        (_int8, "int8.tflite differs by 1 steps"),
        (_normalized, "normalised faces differ"),
        (_answer, "the answers do not follow from the logits"),
        (_softmax, "the probabilities do not follow from the scores"),
        (_labels, "are not the contract's"),
        (_tfjs, "TF.js model differs"),
        (_tolerance, "tolerance"),
    ],
)
def test_a_difference_is_one_problem_that_names_it(vectors, tiny_build, change, problem):
    changed = copy.deepcopy(vectors) | {"contract": read_contract(tiny_build)}
    change(changed)
    problems = golden.check_golden(tiny_build, read_contract(tiny_build), changed)
    assert len(problems) == 1
    assert problem in problems[0] and "golden.json" in problems[0]


def test_another_contract_gives_other_crops(vectors, tiny_build):
    from face_emotion.contract import Crop

    problems = golden.check_golden(
        tiny_build, dataclasses.replace(read_contract(tiny_build), crop=Crop(box_width=0.6)), vectors
    )
    assert len(problems) == 6  # all but the whole image


@pytest.mark.parametrize("damage", ["missing part", "no base64", "fewer crops", "wrong shape", "list"])
def test_damaged_vectors_are_an_input_error(vectors, tiny_build, damage):
    changed = copy.deepcopy(vectors)
    if damage == "missing part":
        del changed["int8"]
    if damage == "no base64":
        changed["faces"][0] = "not base64"
    if damage == "fewer crops":
        del changed["crops"][0]
    if damage == "wrong shape":
        changed["int8"]["logits"] = [[1, 2], [3, 4]]
    if damage == "list":
        changed = [changed]
    with pytest.raises(InputError, match=r"golden\.json: damaged"):
        golden.check_golden(tiny_build, read_contract(tiny_build), changed)


def test_without_an_int8_file_there_is_nothing_to_write(tmp_path):
    with pytest.raises(InputError, match=r"int8\.tflite"):
        golden.write_golden(tmp_path, Contract(), golden_pictures())
    assert list(tmp_path.iterdir()) == []


def test_vectors_of_a_float_file_are_refused(tiny_copy):
    (tiny_copy / "int8.tflite").write_bytes((tiny_copy / "float32.tflite").read_bytes())
    with pytest.raises(InputError, match=r"int8\.tflite: gives float32"):
        golden.golden(tiny_copy, read_contract(tiny_copy), golden_pictures())


def test_vectors_of_a_file_changed_later_do_not_pass(tiny_copy, vectors):
    (tiny_copy / "int8.tflite").write_bytes((tiny_copy / "int8_ptq.tflite").read_bytes())
    write_json(tiny_copy / "golden.json", vectors)
    problems = golden.check_golden(tiny_copy, read_contract(tiny_copy), vectors)
    assert len(problems) == 1 and "int8.tflite differs" in problems[0]
