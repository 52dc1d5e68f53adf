"""Folders laid out otherwise: AffectNet, RAF-DB, folders in folders, numbers for names, people; and their refusals."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.dataset import TRAINING
from model_build.data.form import Form
from model_build.data.loading import load, read
from tests.support.data import counts_of, write_affectnet, write_folder, write_raf_db

CONTEMPT_TOO = (*FER2013_LABELS, "contempt")
RAF_TRAIN = {"1": 20, "2": 10, "3": 10, "4": 30, "5": 10, "6": 10, "7": 20}
RAF_TEST = dict.fromkeys("1234567", 2)
# RAF-DB's 1 to 7 are surprise, fear, disgust, happy, sad, angry, neutral: here in the contract's order.
RAF_COUNTS = [[9, 9, 9, 27, 9, 18, 18], [1, 1, 1, 3, 1, 2, 2], 7 * [2]]


def loaded(path: Path, said: list[str] | None = None, **form: object):
    """Loads a data set that must bring no warning; what was taken for what goes into `said`."""
    said = [] if said is None else said
    return load(path, cache=None, warn=pytest.fail, note=said.append, form=Form(**form))


def parts_of(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """Returns counts by folder, of counts by part and class."""
    return {f"{part}/{name}": n for part, classes in counts.items() for name, n in classes.items()}


# AffectNet


def test_affectnet_with_its_annotations(tmp_path):
    train = {str(number): 10 for number in range(8)} | {"8": 3, "10": 1}
    root = write_affectnet(
        tmp_path / "AffectNet", {"train_set": train, "val_set": {str(number): 2 for number in range(8)}}
    )
    said: list[str] = []
    dataset = loaded(root, said)
    assert dataset.class_names == CONTEMPT_TOO
    assert counts_of(dataset) == [8 * [9], 8 * [1], 8 * [2]]
    assert said == [
        "AffectNet: train=train_set, validation=val_set; layout affectnet (annotations/NUMBER_exp.npy); no test part: "
        "its validation part is test, a tenth of train is validation; left out: 10 (1), 8 (3); labels: 0=neutral, "
        "1=happy, 2=sad, 3=surprise, 4=fear, 5=disgust, 6=angry, 7=contempt; drawn by class"
    ]


def test_affectnets_numbers_are_affectnets(tmp_path):
    root = write_affectnet(
        tmp_path / "a", {"train_set": {"1": 3, "6": 5}, "val_set": {"1": 1, "6": 2}}, one_level=True
    )
    dataset = loaded(root)  # every picture's grey level is its number
    assert dataset.class_names == ("angry", "happy")
    assert {int(level) for level in dataset.images[dataset.labels == 1][:, 0, 0] // 30} == {1}
    assert {int(level) for level in dataset.images[dataset.labels == 0][:, 0, 0] // 30} == {6}


def test_affectnets_seven_without_contempt(tmp_path):
    root = write_affectnet(
        tmp_path / "a", {part: {str(n): 4 for n in range(8)} for part in ("train_set", "val_set")}
    )
    dataset = loaded(root, labels="=contempt")
    assert (dataset.class_names, counts_of(dataset)) == (FER2013_LABELS, [7 * [3], 7 * [1], 7 * [4]])


def test_affectnet_as_class_folders_of_numbers(tmp_path):
    counts = {"train_set": {str(n): 10 for n in range(8)}, "val_set": {str(n): 2 for n in range(8)}}
    root = write_folder(tmp_path / "a", parts_of(counts))
    said: list[str] = []
    dataset = loaded(root, said)
    assert (dataset.class_names, counts_of(dataset)) == (CONTEMPT_TOO, [8 * [9], 8 * [1], 8 * [2]])
    assert "layout affectnet (train_set and val_set)" in said[0]
    (root / "train_set").rename(root / "train")
    (root / "val_set").rename(root / "val")
    assert loaded(root, layout="affectnet").class_names == CONTEMPT_TOO


def test_affectnet_as_class_folders_of_names(tmp_path):
    names = ("Anger", "Contempt", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise")
    counts = {"train_set": dict.fromkeys(names, 10), "val_set": dict.fromkeys(names, 3)}
    dataset = loaded(write_folder(tmp_path / "a", parts_of(counts)))
    assert (dataset.class_names, counts_of(dataset)) == (CONTEMPT_TOO, [8 * [9], 8 * [1], 8 * [3]])


@pytest.mark.parametrize(
    "kind, message",
    [
        ("missing", "a/train_set/images/3.png: no annotations/3_exp.npy; add it, or --layout folders"),
        ("damaged", "a/train_set/annotations/3_exp.npy: not an expression of AffectNet"),
        ("pickled", "a/train_set/annotations/3_exp.npy: not an expression of AffectNet"),
        ("eleven", "a/train_set/annotations/3_exp.npy: an expression of 11 where 0 to 10 is expected"),
        ("several", "a/train_set/annotations/3_exp.npy: not an expression of AffectNet (not one value)"),
        ("empty", "a/val_set/images: no picture; unpack AffectNet's images there"),
        (
            "no val",
            "a: has train_set but no test folder; add one, or draw all splits from what is there: --split",
        ),
    ],
)
def test_affectnet_that_is_damaged_is_refused_by_file(tmp_path, kind, message):
    root = write_affectnet(tmp_path / "a", {"train_set": {"1": 5, "6": 5}, "val_set": {"1": 1, "6": 2}})
    file = root / "train_set/annotations/3_exp.npy"
    actions = {
        "missing": file.unlink,
        "damaged": lambda: file.write_bytes(b"\x93NUMPY"),
        "pickled": lambda: np.save(file, np.array([{}], object)),
        "eleven": lambda: np.save(file, np.array("11")),
        "several": lambda: np.save(file, np.array([1, 2])),
        "empty": lambda: [path.unlink() for path in (root / "val_set/images").iterdir()],
        "no val": lambda: shutil.rmtree(root / "val_set"),
    }
    actions[kind]()
    with pytest.raises(InputError) as caught:
        loaded(root)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


# RAF-DB


@pytest.mark.parametrize(
    "images, label_file",
    [
        ("Image/aligned", "list_patition_label.txt"),
        ("Image/aligned", "EmoLabel/list_patition_label.txt"),
        ("aligned", "list_patition_label.txt"),
    ],
)
def test_raf_db_with_its_list(tmp_path, images, label_file):
    root = write_raf_db(tmp_path / "basic", {"train": RAF_TRAIN, "test": RAF_TEST}, images, label_file)
    said: list[str] = []
    dataset = loaded(root, said)
    assert (dataset.class_names, counts_of(dataset)) == (FER2013_LABELS, RAF_COUNTS)
    assert said == [
        "basic: layout raf-db (list_patition_label.txt); no validation part: a tenth of train is validation; labels: "
        "1=surprise, 2=fear, 3=disgust, 4=happy, 5=sad, 6=angry, 7=neutral; drawn by class"
    ]


def test_raf_dbs_folders_are_known_by_their_file_names_or_by_the_flag(tmp_path):
    root = write_folder(tmp_path / "raf", parts_of({"train": RAF_TRAIN, "test": RAF_TEST}))
    with pytest.raises(InputError) as caught:
        loaded(root)
    assert str(caught.value) == (
        "raf: the class folders are numbers (1, 2, 3, 4, 5, 6, 7); say what they mean: --layout raf-db or affectnet, "
        "--labels fer2013 or ferplus or names.txt, or --layout folders for names as they are"
    )
    assert loaded(root, layout="folders").class_names == tuple("1234567")
    dataset = loaded(root, layout="raf-db")
    assert (dataset.class_names, counts_of(dataset)) == (FER2013_LABELS, RAF_COUNTS)
    assert loaded(root, labels="raf-db").digest == dataset.digest
    for number, path in enumerate(sorted(root.glob("*/*/*.png"))):
        path.rename(path.with_name(f"{path.parts[-3]}_{number:05d}_aligned.png"))
    said: list[str] = []
    assert counts_of(loaded(root, said)) == RAF_COUNTS
    assert "layout raf-db (its file names)" in said[0]


def test_kaggles_raf_db_has_lists_of_labels_beside_its_folder(tmp_path):
    write_folder(tmp_path / "raf/DATASET", parts_of({"train": RAF_TRAIN, "test": RAF_TEST}))
    for part in ("train", "test"):
        (tmp_path / f"raf/{part}_labels.csv").write_text("image,label\ntrain_00001_aligned.jpg,5\n")
    said: list[str] = []
    assert counts_of(loaded(tmp_path / "raf", said, layout="raf-db")) == RAF_COUNTS
    assert said[0].startswith("raf: read from DATASET/; ")


@pytest.mark.parametrize(
    "kind, message",
    [
        (
            "word",
            "basic: list_patition_label.txt line 3: 'train_00003.jpg happy' where 'train_00001.jpg 5' is expected",
        ),
        ("twice", "basic: list_patition_label.txt line 4: train_00003 is there twice"),
        (
            "picture",
            "basic/Image/aligned/train_00003_aligned.jpg: no such picture, which list_patition_label.txt names",
        ),
        (
            "pictures",
            "basic: list_patition_label.txt names train_00001, but there is no Image/aligned/train_00001_al",
        ),
        ("empty", "basic: list_patition_label.txt names no picture; get it again"),
        ("binary", "basic: list_patition_label.txt is not a text file"),
    ],
)
def test_raf_db_that_is_damaged_is_refused_by_line(tmp_path, kind, message):
    root = write_raf_db(tmp_path / "basic", {"train": {"4": 5, "5": 5}, "test": {"4": 2, "5": 2}})
    file, pictures = root / "list_patition_label.txt", root / "Image/aligned"
    text = file.read_text()
    actions = {
        "word": lambda: file.write_text(text.replace("train_00003.jpg 4", "train_00003.jpg happy")),
        "twice": lambda: file.write_text(text.replace("train_00004", "train_00003")),
        "picture": (pictures / "train_00003_aligned.jpg").unlink,
        "pictures": lambda: pictures.rename(root / "Image/original"),
        "empty": lambda: file.write_text("\n"),
        "binary": lambda: file.write_bytes(b"\xff\xfe\x00"),
    }
    actions[kind]()
    with pytest.raises(InputError) as caught:
        loaded(root)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


# Where the folders stand, and what the splits are called


@pytest.mark.parametrize("above", ["images", "Images", "fer/data", "x"])
def test_folders_deeper_down(tmp_path, above):
    root = tmp_path / "set"
    write_folder(
        root / above, {f"{part}/{name}": 10 for part in ("train", "validation", "test") for name in "ab"}
    )
    (root / "README.txt").write_text("x")
    said: list[str] = []
    assert counts_of(loaded(root, said)) == [[10, 10], [10, 10], [10, 10]]
    assert said == [f"set: read from {above}/"]


def test_class_folders_one_folder_deeper(tmp_path):
    write_folder(tmp_path / "set/pictures", {"a": 10, "b": 20})
    said: list[str] = []
    assert counts_of(loaded(tmp_path / "set", said)) == [[8, 16], [1, 2], [1, 2]]
    assert said == ["set: read from pictures/; no split given: --split 80/10/10; drawn by class"]


@pytest.mark.parametrize("valid", ["val", "valid", "validation", "VAL"])
def test_train_and_validation_without_test(tmp_path, valid):
    root = write_folder(tmp_path / "set", {"train/a": 20, "train/b": 10, f"{valid}/a": 3, f"{valid}/b": 4})
    said: list[str] = []
    assert counts_of(loaded(root, said)) == [[18, 9], [2, 1], [3, 4]]
    assert said == [
        "set: no test part: its validation part is test, a tenth of train is validation; drawn by class"
    ]


def test_all_parts_together_are_drawn_anew(tmp_path):
    root = write_folder(tmp_path / "set", {"train/a": 14, "train/b": 20, "test/a": 6})
    said: list[str] = []
    assert counts_of(loaded(root, said, split="50/25/25")) == [[10, 10], [5, 5], [5, 5]]
    assert said == ["set: --split 50/25/25 of all parts together; drawn by class"]


@pytest.mark.parametrize("part, missing", [("train", "test"), ("test", "train"), ("val", "train")])
def test_one_part_alone_is_refused_with_the_flag(tmp_path, part, missing):
    root = write_folder(tmp_path / "set", {f"{part}/a": 10, f"{part}/b": 10})
    with pytest.raises(InputError) as caught:
        loaded(root)
    assert str(caught.value) == (
        f"set: has {part} but no {missing} folder; add one, or draw all splits from what is there: --split 80/10/10"
    )
    assert counts_of(loaded(root, split="80/10/10")) == [[8, 8], [1, 1], [1, 1]]


# Names and people


def test_other_words_for_fer2013s_classes(tmp_path):
    names = ("Anger", "Disgusted", "Fearful", "Happiness", "Neutral", "Sadness", "Surprised")
    said: list[str] = []
    dataset = loaded(write_folder(tmp_path / "set", dict.fromkeys(names, 10)), said)
    assert (dataset.class_names, counts_of(dataset)) == (FER2013_LABELS, [7 * [8], 7 * [1], 7 * [1]])
    assert "labels: angry=Anger, disgust=Disgusted, fear=Fearful, happy=Happiness, sad=Sadness," in said[0]


def test_own_names_in_any_case_are_not_said_to_be_renamed(tmp_path):
    said: list[str] = []
    assert loaded(write_folder(tmp_path / "set", {"Yawn": 10, "Zen": 10}), said).class_names == (
        "Yawn",
        "Zen",
    )
    assert said == ["set: no split given: --split 80/10/10; drawn by class"]


def test_folders_are_renamed_joined_and_left_out(tmp_path):
    root = write_folder(tmp_path / "set", {"anger": 10, "rage": 10, "joy": 10, "unsure": 4})
    said: list[str] = []
    dataset = loaded(root, said, labels="angry=anger,angry=rage,happy=Joy,=unsure")
    assert (dataset.class_names, counts_of(dataset)) == (("angry", "happy"), [[16, 8], [2, 1], [2, 1]])
    assert "left out: unsure (4);" in said[0]


@pytest.mark.parametrize(
    "labels, message",
    [
        (
            "a,b",
            "set: a label of 'c' where one of --labels (0 to 1, a, b) is expected; --labels says what others mean",
        ),
        ("=a,=b,=c", "set: 0 classes where 2 to 50 are expected"),
    ],
)
def test_labels_that_do_not_fit_the_folders_are_refused(tmp_path, labels, message):
    root = write_folder(tmp_path / "set", dict.fromkeys("abc", 3))
    with pytest.raises(InputError) as caught:
        loaded(root, labels=labels)
    assert str(caught.value).startswith(message)


def people(root: Path, count: int, name: str = "p{person:02d}_{number}.png") -> Path:
    """Writes class folders a and b in which so many people have two pictures each."""
    generator = np.random.default_rng(3)
    for label in "ab":
        (root / label).mkdir(parents=True)
        for person in range(count):
            for number in range(2):
                pixels = generator.integers(0, 256, (48, 48), dtype=np.uint8)
                pixels[0] = person  # by which the tests know who it is
                Image.fromarray(pixels).save(
                    root / label / name.format(person=person, label=label, number=number)
                )
    return root


def people_in(dataset) -> list[set[int]]:
    """Returns who is in each split."""
    return [set(dataset.images[dataset.split == part][:, 0, 0].tolist()) for part in range(3)]


def test_a_person_is_in_one_split(tmp_path):
    said: list[str] = []
    dataset = loaded(people(tmp_path / "set", 20), said)
    assert counts_of(dataset) == [[32, 32], [4, 4], [4, 4]]
    assert [len(found) for found in people_in(dataset)] == [16, 2, 2]
    assert sum(map(len, people_in(dataset))) == 20
    assert said == [
        "set: no split given: --split 80/10/10; drawn by class and person (20 of them by file names; --people none "
        "for none)"
    ]
    apart = loaded(tmp_path / "set", people="none")
    assert counts_of(apart) == counts_of(dataset)
    assert sum(map(len, people_in(apart))) > 20


def test_who_is_where_does_not_depend_on_their_pictures_or_on_the_place(tmp_path):
    first = people_in(loaded(people(tmp_path / "set", 20)))
    (tmp_path / "other").mkdir()
    shutil.copytree(tmp_path / "set", tmp_path / "other/deep/faces")
    assert people_in(loaded(tmp_path / "other")) == first
    assert people_in(loaded(tmp_path / "set", split_seed=5)) != first


@pytest.mark.parametrize(
    "count, name",
    [
        (20, "img_{person:02d}{number}.png"),  # one word before the number: nobody
        (9, "p{person:02d}_{number}.png"),  # fewer than ten: words such as Training_12
        (20, "{label}{person}_{number}.png"),  # nobody with two expressions
        (20, "{person:02d}-{number}.png"),
    ],
)
def test_names_that_tell_nobody_are_not_taken_for_people(tmp_path, count, name):
    said: list[str] = []
    loaded(people(tmp_path / "set", count, name), said)
    assert said[0].endswith("; drawn by class")


def test_people_by_a_regular_expression(tmp_path):
    root = people(tmp_path / "set", 20, "S{person:03d}_00{number}_{label}1.png")
    dataset = loaded(root, people="^(S[0-9]+)_")
    assert [len(found) for found in people_in(dataset)] == [16, 2, 2]
    (root / "a/odd.png").write_bytes((root / "a/S001_001_a1.png").read_bytes())
    with pytest.raises(InputError, match=r"^--people \^\(S\[0-9\]\+\)_: names no person in 'odd'$"):
        loaded(root, people="^(S[0-9]+)_")


def test_too_few_people_are_refused_with_the_flag(tmp_path):
    with pytest.raises(InputError) as caught:
        loaded(people(tmp_path / "set", 2), people="(p[0-9]+)_")
    assert str(caught.value) == (
        "set: too few people of class 'a' for the split test; add some, split by picture (--people none), or leave the "
        "class out (--labels =a)"
    )


def held_out_of(dataset) -> set[bytes]:
    """Returns the pictures that are not trained on."""
    return {image.tobytes() for image in dataset.images[dataset.split != TRAINING]}


def test_the_order_of_the_file_system_changes_nothing(tmp_path, monkeypatch):
    root = write_folder(tmp_path / "set", {"a": 20, "b": 20})
    first = loaded(root)
    given = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(sorted(given(self), reverse=True)))
    assert loaded(root).digest == first.digest


def test_a_split_by_content_survives_new_names(tmp_path):
    root = write_folder(tmp_path / "set", {"a": 20, "b": 20})
    held_out = held_out_of(loaded(root))
    for path in root.glob("*/*.png"):
        path.rename(path.with_name(f"x{999 - int(path.stem)}.png"))
    assert held_out_of(loaded(root)) == held_out


def test_keep_going_lists_bad_pictures_of_other_layouts(tmp_path):
    root = write_raf_db(tmp_path / "basic", {"train": {"4": 5, "5": 5}, "test": {"4": 2, "5": 2}})
    (root / "Image/aligned/train_00003_aligned.jpg").write_bytes(b"x")
    _, bad = read(root, keep_going=True, warn=pytest.fail, note=str)
    assert [name for name, _ in bad] == ["Image/aligned/train_00003_aligned.jpg"]


@pytest.mark.parametrize(
    "form, message",
    [
        ({"columns": "pixels=image"}, "--columns pixels=image: "),
        (
            {"layout": "raf-db"},
            "--layout raf-db: set has neither its list_patition_label.txt nor class folders that are",
        ),
        (
            {"layout": "affectnet"},
            "--layout affectnet: set has neither its annotations nor class folders that are",
        ),
    ],
)
def test_flags_of_another_form_are_refused(tmp_path, form, message):
    root = write_folder(tmp_path / "set", {"a": 3, "b": 3})
    with pytest.raises(InputError) as caught:
        loaded(root, **form)
    assert str(caught.value).startswith(message)


def test_drawn_faces_have_no_other_form():
    with pytest.raises(
        InputError, match=r"^--split 80/10/10: drawn faces have a form of their own; give --data PATH"
    ):
        load("synthetic", form=Form(split="80/10/10"))
