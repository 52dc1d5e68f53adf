"""Tables that are not FER2013's own: columns, separators, labels, sizes, splits, places; and their refusals."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from model_build.data.form import Form
from model_build.data.loading import load, read
from tests.support.data import (
    counts_of,
    csv_text,
    pixel_text,
    tiny_rows,
    write_archive,
    write_csv,
    write_table,
)

SEVEN = 7 * [10]
EIGHTY_TEN_TEN = [7 * [8], 7 * [1], 7 * [1]]


def loaded(path: Path, said: list[str] | None = None, **form: object):
    """Loads a data set that must bring no warning; what was taken for what goes into `said`."""
    said = [] if said is None else said
    return load(path, cache=None, warn=pytest.fail, note=said.append, form=Form(**form))


def rows_of(label: str, pixels: str, values, split: str = "", parts=("",)) -> list[dict[str, object]]:
    """Returns rows with each value ten times."""
    return [
        {label: value, pixels: None, split: parts[number % len(parts)], "id": number, "": number}
        for number, value in enumerate(values * 10)
    ]


def test_without_usage_80_10_10_is_drawn_by_class(tmp_path):
    said: list[str] = []
    path = write_table(tmp_path / "faces.csv", "emotion,pixels", rows_of("emotion", "pixels", list(range(7))))
    dataset = loaded(path, said)
    assert counts_of(dataset) == EIGHTY_TEN_TEN
    assert (dataset.class_names, dataset.split_names) == (FER2013_LABELS, ("train", "validation", "test"))
    assert dataset.name == "faces"
    assert said == [
        "faces.csv: columns: pixels=pixels, label=emotion; labels 0 to 6 as FER2013's: angry, disgust, fear, happy, "
        "sad, surprise, neutral; no split given: --split 80/10/10; drawn by class"
    ]


def test_a_drawn_split_depends_on_the_pictures_and_the_seed_not_on_their_order(tmp_path):
    rows = rows_of("emotion", "pixels", list(range(7)))
    path = write_table(tmp_path / "faces.csv", "emotion,pixels", rows)
    lines = path.read_text().splitlines()
    (tmp_path / "other.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]))

    def held_out(name: str, **form: object) -> set[bytes]:
        dataset = loaded(tmp_path / name, **form)
        return {image.tobytes() for image in dataset.images[dataset.split != 0]}

    assert held_out("faces.csv") == held_out("other.csv") == held_out("faces.csv", split="80/10/10")
    assert len(held_out("faces.csv", split_seed=1) - held_out("faces.csv")) > 5


def test_pictures_that_are_alike_stay_in_one_split(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (70, 48, 48), dtype=np.uint8)
    images = np.concatenate([images, images])  # each twice, under the same label
    labels = np.tile(np.arange(7), 20)
    path = tmp_path / "faces.csv"
    path.write_text(csv_text(images, labels, ["Training"] * 140))
    dataset = loaded(path, split="80/10/10")
    assert counts_of(dataset) == [7 * [16], 7 * [2], 7 * [2]]
    assert not dataset.leaked().any()


def test_the_given_usage_can_be_drawn_anew(tiny_csv):
    said: list[str] = []
    assert counts_of(loaded(tiny_csv, said, split="50/25/25")) == [7 * [2], 7 * [2], 7 * [2]]
    assert said == ["fer2013.csv: --split 50/25/25; drawn by class"]


@pytest.mark.parametrize(
    "header, form, taken",
    [
        ("image,label,set", {}, "pixels=image, label=label, split=set"),
        ("PIXELS,Emotion,USAGE", {}, "pixels=PIXELS, label=Emotion, split=USAGE"),
        (
            "grey,mood,fold",
            {"columns": "pixels=grey,label=MOOD,split=fold"},
            "pixels=grey, label=mood, split=fold",
        ),
        (
            "image,class,emotion,usage",
            {"columns": "label=emotion"},
            "pixels=image, label=emotion, split=usage",
        ),
    ],
)
def test_columns_of_other_names_and_case(tmp_path, header, form, taken):
    names = header.split(",")
    rows = [
        dict.fromkeys(names, number % 7)
        | {names[0]: None, names[-1]: ("Training", "PublicTest", "PrivateTest")[number // 7 % 3]}
        for number in range(63)
    ]
    said: list[str] = []
    dataset = loaded(write_table(tmp_path / "faces.csv", header, rows), said, **form)
    assert counts_of(dataset) == [7 * [3], 7 * [3], 7 * [3]]
    assert dataset.split_names == ("Training", "PublicTest", "PrivateTest")
    assert f"columns: {taken};" in said[0]
    assert ("not read: class" in said[0]) == ("class" in names)


@pytest.mark.parametrize("header", [",emotion,pixels", "id,pixels,emotion"])
def test_an_index_column_is_not_read(tmp_path, header):
    said: list[str] = []
    rows = rows_of("emotion", "pixels", list(range(7)))
    assert counts_of(loaded(write_table(tmp_path / "faces.csv", header, rows), said)) == EIGHTY_TEN_TEN
    assert f"not read: {'id' if 'id' in header else '(no name)'};" in said[0]


@pytest.mark.parametrize("separator, name", [(";", "semicolon"), ("\t", "tab")])
def test_other_separators(tmp_path, separator, name):
    said: list[str] = []
    rows = rows_of("emotion", "pixels", list(range(7)))
    path = write_table(tmp_path / "faces.csv", f"emotion{separator}pixels", rows, separator)
    assert counts_of(loaded(path, said)) == EIGHTY_TEN_TEN
    assert f"separator: {name};" in said[0]


def test_a_separator_between_quotes_is_none(tmp_path):
    lines = [f'"joy, loud",0,"{pixel_text(image)}"' for image in tiny_rows()[0][:10]]
    lines += [f'sad,0,"{pixel_text(image)}"' for image in tiny_rows()[0][10:20]]
    (tmp_path / "faces.csv").write_text("\n".join(["emotion,id,pixels", *lines]))
    dataset = loaded(tmp_path / "faces.csv")
    assert (dataset.class_names, counts_of(dataset)) == (("joy, loud", "sad"), [[8, 8], [1, 1], [1, 1]])


def test_labels_as_names_take_the_contracts_order(tmp_path):
    names = ["Anger", "Disgust", "Fear", "Happiness", "Neutral", "Sadness", "Surprise"]
    said: list[str] = []
    path = write_table(tmp_path / "faces.csv", "pixels,emotion", rows_of("emotion", "pixels", names))
    dataset = loaded(path, said)
    assert (dataset.class_names, counts_of(dataset)) == (FER2013_LABELS, EIGHTY_TEN_TEN)
    assert "labels: angry=Anger, happy=Happiness, sad=Sadness;" in said[0]


def test_own_names_are_sorted(tmp_path):
    path = write_table(
        tmp_path / "f.csv", "pixels,label", rows_of("label", "pixels", ["yawn", "bored", "happy"])
    )
    assert loaded(path).class_names == ("bored", "happy", "yawn")


def test_ferpluss_eight_classes(tmp_path):
    path = write_table(tmp_path / "faces.csv", "pixels,label", rows_of("label", "pixels", list(range(8))))
    with pytest.raises(InputError) as caught:
        loaded(path)
    assert str(caught.value) == (
        "faces.csv row 8: a label of '7' where 0 to 6 is expected; --labels says what others mean"
    )
    dataset = loaded(path, labels="ferplus")
    assert dataset.class_names == (*FER2013_LABELS, "contempt")
    assert counts_of(dataset) == [8 * [8], 8 * [1], 8 * [1]]
    assert dataset.class_names[dataset.labels[0]] == "neutral"  # FER+'s 0


def test_contempt_can_be_left_out_and_is_counted(tmp_path):
    names = [*FER2013_LABELS, "contempt"]
    said: list[str] = []
    path = write_table(tmp_path / "faces.csv", "pixels,label", rows_of("label", "pixels", names))
    dataset = loaded(path, said, labels="=contempt")
    assert (dataset.class_names, counts_of(dataset)) == (FER2013_LABELS, EIGHTY_TEN_TEN)
    assert "labels by --labels =contempt; left out: contempt (10)" in said[0]


@pytest.mark.parametrize(
    "labels",
    ["joy,anger,rest", "0 joy,1 anger,2 rest", "names.txt", "numbered.txt"],
)
def test_labels_of_numbers_by_names_in_order_or_by_number(tmp_path, monkeypatch, labels):
    monkeypatch.chdir(tmp_path)
    Path("names.txt").write_text("joy\nanger\n\nrest\n")
    Path("numbered.txt").write_text("2 rest\n0\tjoy\n1: anger\n")
    path = write_table(Path("faces.csv"), "pixels,label", rows_of("label", "pixels", [0, 1, 2]))
    dataset = loaded(path, labels=labels)
    assert dataset.class_names == ("anger", "joy", "rest")
    assert [dataset.class_names[label] for label in dataset.labels[:3]] == ["joy", "anger", "rest"]


@pytest.mark.parametrize("side", [64, 32, 100])
def test_other_square_sizes_are_averaged(tmp_path, side):
    said: list[str] = []
    rows = rows_of("emotion", "pixels", list(range(7)))
    path = write_table(tmp_path / "faces.csv", "emotion,pixels", rows, side=side)
    assert counts_of(loaded(path, said)) == EIGHTY_TEN_TEN
    assert f"; pictures {side}×{side} averaged to 48×48;" in said[0]


def test_one_picture_for_all_classes_cannot_be_split(tmp_path):
    rows = [row | {"pixels": " ".join(["77"] * 2304)} for row in rows_of("emotion", "pixels", [0, 1])]
    path = write_table(tmp_path / "faces.csv", "emotion,pixels", rows)
    with pytest.raises(
        InputError, match=r"^faces\.csv: too few different pictures of class 'a' for the split validat"
    ):
        loaded(path, labels="a,b")


def test_the_average_is_of_areas(tmp_path):
    image = np.kron(np.arange(48 * 48).reshape(48, 48) % 250, np.ones((2, 2), int))
    path = tmp_path / "faces.csv"
    rows = [
        {"emotion": number % 2, "pixels": pixel_text(np.roll(image, 2 * number, 1))} for number in range(20)
    ]
    write_table(path, "emotion,pixels", rows)
    dataset = loaded(path, labels="a,b")
    assert np.array_equal(dataset.images[0], image[::2, ::2])


@pytest.mark.parametrize(
    "words, expected, said_part",
    [
        (("train", "val", "test"), [[4, 4], [3, 3], [3, 3]], ""),
        (("Train", "validation", "TEST"), [[4, 4], [3, 3], [3, 3]], ""),
        (("training", "valid", "testing"), [[4, 4], [3, 3], [3, 3]], ""),
        (("train", "test"), [[4, 4], [1, 1], [5, 5]], "no validation part: a tenth of train is validation"),
        (
            ("train", "val"),
            [[4, 4], [1, 1], [5, 5]],
            "no test part: its validation part is test, a tenth of train is validation",
        ),
    ],
)
def test_splits_of_other_names(tmp_path, words, expected, said_part):
    said: list[str] = []
    rows = [
        {"label": ("a", "b")[number % 2], "pixels": None, "split": words[number // 2 % len(words)]}
        for number in range(20)
    ]
    dataset = loaded(write_table(tmp_path / "faces.csv", "label,pixels,split", rows), said)
    assert (counts_of(dataset), dataset.split_names) == (expected, ("train", "validation", "test"))
    assert said_part in said[0]


def test_a_folder_that_holds_the_table_and_files_without_a_suffix(tmp_path):
    content = write_csv(tmp_path / "fer2013.csv").read_bytes()
    plain = load(tmp_path / "fer2013.csv", cache=None, warn=str)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare/fer2013").write_bytes(content)
    write_archive(tmp_path / "bare/archive", {"fer2013/fer2013.csv": content})
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/fer2013.csv").write_bytes(content)
    (tmp_path / "folder/README").write_text("A data set\n")
    for path in ("bare/fer2013", "bare/archive", "folder"):
        said: list[str] = []
        dataset = load(tmp_path / path, cache=None, warn=str, note=said.append)
        assert (dataset.digest, dataset.name) == (plain.digest, "FER2013")
        assert said == (["fer2013.csv: read from fer2013.csv"] if path == "folder" else [])


def test_bad_rows_of_another_form_are_listed(tmp_path):
    path = write_table(tmp_path / "f.csv", "pixels,label", rows_of("label", "pixels", ["a", "b"]))
    lines = path.read_text().splitlines()
    lines[3], lines[5] = "1 2 3,a", lines[5].replace(",", ",,")
    path.write_text("\n".join(lines))
    dataset, bad = read(path, keep_going=True, warn=pytest.fail, note=str)
    assert bad == ((3, "3 pixels where 2304 are expected"), (5, "3 columns where 2 are expected"))
    assert len(dataset) == 18


HEADERS = {
    "emotion,grey": "f.csv: the header is 'emotion,grey', where no column of pixels stands; name it: --columns "
    "pixels=NAME",
    "pixels,mood": "f.csv: the header is 'pixels,mood', where no column of labels stands; name it: --columns "
    "label=NAME",
    "pixels,label,emotion": "f.csv: label or emotion may be the label column; say which: --columns label=label",
    "pixels,image,label": "f.csv: pixels or image may be the pixels column; say which: --columns pixels=pixels",
    "pixels,label,set,usage": "f.csv: set or usage may be the split column; say which: --columns split=set",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_does_not_tell_is_refused_with_the_flag(tmp_path, header):
    (tmp_path / "f.csv").write_text(header + "\n1,2,3,4\n")
    with pytest.raises(InputError) as caught:
        loaded(tmp_path / "f.csv")
    assert str(caught.value) == HEADERS[header]


@pytest.mark.parametrize(
    "form, message",
    [
        (
            {"columns": "pixels"},
            "--columns pixels: 'pixels' where pixels=NAME, label=NAME and split=NAME are expected",
        ),
        ({"columns": "grey=a"}, "--columns grey=a: 'grey=a' where pixels=NAME"),
        ({"columns": "label=a,label=b"}, "--columns label=a,label=b: label is there twice"),
        ({"columns": "label=mood"}, "--columns label=mood: f.csv has 'pixels, label, part' only"),
        ({"columns": "label=pixels"}, "f.csv: one column is named for two things; give --columns another"),
        ({"split": "80/20"}, "--split 80/20: three percentages that make 100 are expected"),
        ({"split": "80/10/20"}, "--split 80/10/20: three percentages"),
        ({"split": "90/10/0"}, "--split 90/10/0: three percentages"),
        ({"labels": "missing.txt"}, "--labels missing.txt: no such file; a file of names, NAME,NAME"),
        ({"labels": "a,=b"}, "--labels a,=b: names and LABEL=VALUE; give either"),
        ({"labels": "0 a,b"}, "--labels 0 a,b: 'b' has no number"),
        ({"labels": "0 a,0 b"}, "--labels 0 a,0 b: number 0 is there twice"),
        ({"labels": "a,a"}, "--labels a,a: 'a' is there twice"),
        ({"labels": "a,,b"}, "--labels a,,b: a name is expected where '' stands"),
        ({"labels": "a,1"}, "--labels a,1: a name is expected where '1' stands"),
        ({"labels": "x=a,y=A"}, "--labels x=a,y=A: 'y=A' where LABEL=VALUE"),
        ({"labels": "b,c"}, "f.csv row 1: a label of 'a' where one of --labels (0 to 1, b, c) is expected"),
        ({"labels": "=a,=b"}, "f.csv: --labels =a,=b leaves every row out"),
        ({"labels": "=a"}, "f.csv: 1 classes where 2 to 50 are expected; --labels says what labels mean"),
        ({"layout": "affectnet"}, "--layout affectnet: f.csv is a table; it goes with a folder of pictures"),
        ({"people": "none"}, "--people none: f.csv is a table; it goes with a folder of pictures"),
        ({"layout": "kdef"}, "--layout kdef: use one of auto, affectnet, raf-db, folders"),
        ({"people": "("}, "--people (: not a regular expression"),
        ({"people": "S1"}, "--people S1: auto, none or a regular expression with one group"),
        ({"split_seed": -1}, "--split-seed -1: must lie between"),
    ],
)
def test_a_flag_that_cannot_be_used_is_named(tmp_path, monkeypatch, form, message):
    monkeypatch.chdir(tmp_path)
    write_table(
        Path("f.csv"),
        "pixels,label,part",
        [row | {"part": 1} for row in rows_of("label", "pixels", ["a", "b"])],
    )
    with pytest.raises(InputError) as caught:
        loaded(Path("f.csv"), **form)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "parts, message",
    [
        (
            ["train"],
            "f.csv: no row of test; add some, or draw all splits from what is there: --split 80/10/10",
        ),
        (["val", "test"], "f.csv: no row of train; add some, or draw"),
        (
            ["PublicTest", "test"],
            "f.csv row 2: a split of 'test' where Training, PublicTest, PrivateTest are expected",
        ),
        (
            ["test", "PublicTest"],
            "f.csv row 2: a split of 'PublicTest' where train, validation, test are expected",
        ),
        (
            ["Training"],
            "f.csv: no PublicTest row; Training, PublicTest, PrivateTest are all needed, or draw them anew: --split",
        ),
        (
            ["1"],
            "f.csv row 1: a split of '1' where Training, PublicTest, PrivateTest are known, or train, validation, t",
        ),
    ],
)
def test_a_split_column_that_does_not_tell_is_refused_with_the_flag(tmp_path, parts, message):
    rows = [{"pixels": None, "label": "ab"[n // 2 % 2], "split": parts[n % len(parts)]} for n in range(20)]
    path = write_table(tmp_path / "f.csv", "pixels,label,split", rows)
    with pytest.raises(InputError) as caught:
        loaded(path)
    assert str(caught.value).startswith(message)
    assert "--split" in str(caught.value) or "as above" in str(caught.value)
    assert counts_of(loaded(path, split="80/10/10")) == [[8, 8], [1, 1], [1, 1]]


def test_votes_go_with_fer2013s_splits_only(tiny_csv, tiny_votes_csv):
    with pytest.raises(
        InputError, match=r"^--votes .*: FER\+ votes go with FER2013's rows, classes and Usage only"
    ):
        load(tiny_csv, tiny_votes_csv, cache=None, note=str, form=Form(split="50/25/25"))


def test_a_folder_of_several_tables_is_refused_by_name(tmp_path):
    for name in ("a.csv", "b.csv"):
        write_csv(tmp_path / name)
    with pytest.raises(InputError, match=r"holds a\.csv, b\.csv; name the one to read: --data .*/a\.csv$"):
        loaded(tmp_path)


def test_the_cache_keeps_forms_apart_and_says_the_same_again(tiny_csv, tmp_path):
    said: list[str] = []
    for form in (Form(split="50/25/25"), Form(), Form(split="50/25/25")):
        load(tiny_csv, cache=tmp_path / "cache", warn=str, note=said.append, form=form)
    assert said == 2 * ["fer2013.csv: --split 50/25/25; drawn by class"]
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_changed_file_of_labels_is_noticed_by_the_cache(tiny_csv, tmp_path):
    names = tmp_path / "names.txt"
    for words in ("a b c d e f g", "g f e d c b z"):
        names.write_text("\n".join(words.split()))
        dataset = load(tiny_csv, cache=tmp_path / "cache", warn=str, note=str, form=Form(labels=str(names)))
        assert dataset.class_names == tuple(sorted(words.split()))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_a_table_holds_it_is_read_or_refused_in_one_line(data):
    field = st.sampled_from(
        [
            "emotion",
            "pixels",
            "Usage",
            "label",
            "image",
            "set",
            "",
            "0",
            "6",
            "7",
            "happy",
            "Training",
            "test",
            '"',
        ]
    ) | st.text(max_size=6)
    separator = data.draw(st.sampled_from([",", ";", "\t"]))
    rows = data.draw(st.lists(st.lists(field, max_size=4), max_size=6))
    good = separator.join(["emotion", "pixels"]) + "\n"
    small = " ".join(["3"] * 64)
    tail = "".join(f"{name}{separator}{small}\n" for name in data.draw(st.lists(field, max_size=3)))
    text = data.draw(st.sampled_from(["", good])) + "\n".join(map(separator.join, rows)) + "\n" + tail
    form = Form(
        columns=data.draw(st.sampled_from(["", "pixels=image", "label=emotion"])),
        split=data.draw(st.sampled_from(["", "80/10/10"])),
        labels=data.draw(st.sampled_from(["", "ferplus", "a,b", "=0", "x=happy"])),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faces.csv"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            dataset, _ = read(
                path, keep_going=data.draw(st.booleans()), warn=lambda _: None, note=lambda _: None, form=form
            )
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert dataset.images.shape[1:] == (48, 48)
