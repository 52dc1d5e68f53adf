"""Class folders of images: splits, class order and everything that makes no data set."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data import loading
from model_build.data.dataset import SELECTION, TEST, TRAINING
from model_build.data.form import Form
from model_build.data.loading import load, read
from tests.support.data import counts_of, write_folder

SPLITS = {"train": 20, "validation": 3, "test": 4}


def refuse(message: str) -> None:
    """Fails the test at an unexpected warning."""
    pytest.fail(message)


def two_classes(root, **counts: int):
    """Writes the classes happy and sad with this number of images in each split folder."""
    return write_folder(
        root, {f"{split}/{name}": n for split, n in counts.items() for name in ("happy", "sad")}
    )


def test_given_splits_are_kept(tmp_path):
    dataset = load(two_classes(tmp_path / "faces", **SPLITS), cache=None, warn=refuse)
    assert counts_of(dataset) == [[20, 20], [3, 3], [4, 4]]
    assert dataset.class_names == ("happy", "sad")
    assert dataset.split_names == ("train", "validation", "test")
    assert (dataset.name, dataset.votes) == ("faces", None)
    image = np.asarray(Image.open(tmp_path / "faces/test/sad/002.png"))
    (row,) = (
        row for row in np.flatnonzero(dataset.split == TEST) if np.array_equal(dataset.images[row], image)
    )
    assert dataset.labels[row] == 1


@pytest.mark.parametrize("names", [("training", "valid", "testing"), ("Train", "val", "TEST")])
def test_split_folders_have_several_names(tmp_path, names):
    root = two_classes(tmp_path / "faces", **dict(zip(names, (20, 3, 4), strict=True)))
    assert counts_of(load(root, cache=None, warn=refuse)) == [[20, 20], [3, 3], [4, 4]]


def test_without_validation_a_seeded_stratified_tenth_of_train_is_selection(tmp_path):
    counts = {"train/a": 40, "train/b": 100, "train/c": 2, "test/a": 3, "test/b": 4, "test/c": 1}
    root = write_folder(tmp_path / "faces", counts)
    first, second = (load(root, cache=None, warn=refuse) for _ in range(2))
    assert counts_of(first) == [[36, 90, 1], [4, 10, 1], [3, 4, 1]]
    assert first.digest == second.digest
    positions = np.flatnonzero(first.split[:40] == SELECTION)
    assert positions.tolist() != list(range(positions[0], positions[0] + 4))  # drawn, not cut off


def test_class_folders_alone_are_split_80_10_10(tmp_path):
    dataset = load(write_folder(tmp_path / "faces", {"a": 50, "b": 3}), cache=None, warn=refuse)
    assert counts_of(dataset) == [[40, 1], [5, 1], [5, 1]]
    assert not dataset.leaked().any()


def test_fer2013_names_take_fer2013_order_and_others_are_sorted(tmp_path):
    root = write_folder(tmp_path / "seven", {name.title(): 3 for name in sorted(FER2013_LABELS)})
    dataset = load(root, cache=None, warn=refuse)
    assert dataset.class_names == FER2013_LABELS
    sad = np.asarray(Image.open(root / "Sad/001.png"))
    (row,) = (row for row in range(len(dataset)) if np.array_equal(dataset.images[row], sad))
    assert dataset.labels[row] == FER2013_LABELS.index("sad")
    other = write_folder(tmp_path / "other", {"sad": 3, "happiness": 3, "Zen": 3})
    assert load(other, cache=None, warn=refuse).class_names == ("Zen", "happiness", "sad")


def test_hidden_files_and_other_folders_are_ignored_the_latter_with_a_warning(tmp_path):
    root = two_classes(tmp_path / "faces", **SPLITS)
    for name in (".DS_Store", "train/.DS_Store", "train/happy/.DS_Store", "test/sad/Thumbs.db", "LICENSE"):
        (root / name).write_text("x")
    (root / "__MACOSX").mkdir()
    assert counts_of(load(root, cache=None, warn=refuse)) == [[20, 20], [3, 3], [4, 4]]
    (root / "extra").mkdir()
    said = []
    load(root, cache=None, warn=said.append)
    assert said == ["faces: ignored beside train and test: extra"]


def remove(path):
    """Removes a folder of files."""
    for entry in path.iterdir():
        entry.unlink()
    path.rmdir()


def spoil(root, kind: str) -> None:
    """Makes one thing wrong in what `two_classes` wrote."""
    actions = {
        "empty image": lambda: (root / "train/sad/004.png").write_bytes(b""),
        "no image": lambda: (root / "train/sad/004.png").write_text("text"),
        "one pixel": lambda: Image.new("L", (1, 1)).save(root / "train/sad/004.png"),
        "text file": lambda: (root / "train/sad/notes.txt").write_text("text"),
        "folder in class": lambda: (root / "train/sad/more").mkdir(),
        "empty class": lambda: [path.unlink() for path in (root / "test/sad").iterdir()],
        "one image": lambda: [path.unlink() for path in sorted((root / "train/sad").iterdir())[1:]],
        "class missing in test": lambda: remove(root / "test/sad"),
        "class missing in train": lambda: remove(root / "train/sad"),
        "same name": lambda: write_folder(root, {"train/SAD": 2}),
        "other case in test": lambda: (root / "test/sad").rename(root / "test/SAD"),
        "newline": lambda: write_folder(root, {"train/s\nd": 2}),
        "no test": lambda: [remove(root / "test/sad"), remove(root / "test/happy"), (root / "test").rmdir()],
        "two trains": lambda: write_folder(root, {"training/sad": 2}),
        "no classes": lambda: [remove(root / "test/sad"), remove(root / "test/happy")],
        "too many": lambda: write_folder(root, {f"train/class{number}": 2 for number in range(49)}),
    }
    actions[kind]()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("empty image", "faces/train/sad/004.png: the file is empty"),
        ("no image", "faces/train/sad/004.png: not an image that can be read"),
        ("one pixel", "faces/train/sad/004.png: 1×1 pixels where at least 8"),
        ("text file", "faces/train/sad/notes.txt: not an image that can be read"),
        ("folder in class", "faces/train/sad/more: is a folder where an image is expected"),
        ("empty class", "faces/test/sad: no image in this class folder"),
        ("one image", "faces: class 'sad' has 1 usable image in train where at least 2 are needed"),
        ("class missing in test", "faces/test: no class folder 'sad'"),
        ("class missing in train", "faces/train: no class folder 'sad'"),
        ("same name", "faces: classes 'SAD' and 'sad' differ only in case"),
        ("other case in test", "faces: classes 'SAD' and 'sad' differ only in case"),
        ("newline", r"faces: class name 's\nd'"),
        ("no test", "faces: has train but no test folder"),
        ("two trains", "faces: both train and training"),
        ("no classes", "faces/test: no class folders"),
        ("too many", "faces: 51 classes where 2 to 50"),
    ],
)
def test_a_folder_that_makes_no_data_set_is_refused_by_name(tmp_path, kind, message):
    root = two_classes(tmp_path / "faces", train=20, test=4)
    spoil(root, kind)
    with pytest.raises(InputError) as caught:
        load(root, cache=tmp_path / "cache", warn=refuse)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "cache").exists()


def test_folders_without_images_below_are_refused(tmp_path):
    with pytest.raises(InputError, match="no class folders"):
        load(tmp_path, cache=None)
    write_folder(tmp_path, {"only": 5})
    with pytest.raises(InputError, match="1 classes where 2 to 50"):
        load(tmp_path, cache=None)
    write_folder(tmp_path, {"other": 2})
    with pytest.raises(InputError, match="'other' has 2 usable images where at least 3 are needed"):
        load(tmp_path, cache=None)


def test_keep_going_lists_all_bad_images(tmp_path):
    root = two_classes(tmp_path / "faces", **SPLITS)
    (root / "train/happy/001.png").write_bytes(b"")
    (root / "test/sad/003.png").write_text("x")
    dataset, bad = read(root, keep_going=True, warn=refuse)
    assert [name for name, _ in bad] == ["train/happy/001.png", "test/sad/003.png"]
    assert counts_of(dataset) == [[19, 20], [3, 3], [4, 3]]
    for path in sorted((root / "test/sad").iterdir()):
        path.write_bytes(b"")
    with pytest.raises(InputError, match="class 'sad' has 0 usable images in test"):
        read(root, keep_going=True, warn=refuse)


BROKEN = ("train/happy/001.png", "train/happy/002.png", "train/sad/000.png", "test/sad/003.png")


def test_all_broken_pictures_are_told_at_once_and_the_flag_that_leaves_them_out(tmp_path):
    root = two_classes(tmp_path / "faces", **SPLITS)
    for name in BROKEN:
        (root / name).write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        load(root, cache=None, warn=refuse)
    reason = "not an image that can be read"
    first = ", ".join(f"{name} ({reason})" for name in BROKEN[:3])
    assert str(caught.value).startswith(f"faces: 4 of {54} cannot be used: ")
    assert first in str(caught.value) and " and 1 more; " in str(caught.value)
    assert str(caught.value).endswith("or leave them out with --skip-broken")


def test_broken_pictures_are_left_out_when_told_and_named_each_time(tmp_path):
    root = two_classes(tmp_path / "faces", **SPLITS)
    for name in BROKEN:
        (root / name).write_bytes(b"x")
    for _ in range(2):  # the second reads the cache
        said: list[str] = []
        dataset = load(root, cache=tmp_path / "cache", warn=said.append, form=Form(skip_broken=True))
        assert counts_of(dataset) == [[18, 19], [3, 3], [4, 3]]
        assert said == [
            f"faces: 4 of 54 left out (--skip-broken): {', '.join(BROKEN[:3])} and 1 more; audit --keep-going lists all"
        ]


def test_the_cache_notices_a_changed_image(tmp_path, monkeypatch):
    root = two_classes(tmp_path / "faces", **SPLITS)
    first = load(root, cache=tmp_path / "cache", warn=refuse)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "read", lambda *_, **__: pytest.fail("read again"))
        assert load(root, cache=tmp_path / "cache", warn=refuse).digest == first.digest
    Image.new("L", (48, 48), 9).save(root / "train/sad/004.png")
    again = load(root, cache=tmp_path / "cache", warn=refuse)
    assert (again.part(TRAINING).images == 9).all(axis=(1, 2)).sum() == 1
