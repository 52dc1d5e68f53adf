"""The audit: every finding on data made for it, text, files and plots, and the facts of the real FER2013."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from face_emotion.contract import FER2013_LABELS
from face_emotion.errors import InputError
from face_emotion.files import read_json
from model_build.data.audit import audit, identities, run, write_audit
from model_build.data.audit_text import format_text
from model_build.data.dataset import Dataset
from model_build.data.loading import load, read
from model_build.data.stored import keys_of
from tests.support.data import pixel_text, tiny_rows, write_folder

PLOTS = {"class_balance.png", "duplicates.png", "ferplus_agreement.png"}


def dataset_with(changes, votes=None) -> Dataset:
    """Returns 42 random images (rows 0..27 Training, 28..34 PublicTest, 35..41 PrivateTest), then changed."""
    images, labels, _ = tiny_rows()
    changes(images, labels)
    split = np.repeat(np.array([0, 1, 2], np.uint8), (28, 7, 7))
    return Dataset(
        images, labels, split, FER2013_LABELS, ("Training", "PublicTest", "PrivateTest"), votes, "tiny"
    )


def nothing(images, labels) -> None:
    """Changes nothing."""


def test_a_clean_data_set_has_no_findings():
    found = audit(dataset_with(nothing))
    assert found["class_balance"]["Training"] == dict.fromkeys(FER2013_LABELS, 4)
    assert found["class_balance"]["PrivateTest"] == dict.fromkeys(FER2013_LABELS, 1)
    assert found["flat_images"] == {"count": 0, "rows": []}
    assert found["images"] == found["distinct_images"] == 42
    clean = {"groups": 0, "extra_copies": 0, "conflicting_groups": 0, "conflicting_rows": []}
    assert set(map(str, found["duplicates_within"].values())) == {str(clean)}
    assert [pair["images"] for pair in found["duplicates_across"]] == [0, 0, 0]
    assert found["ferplus"] is None
    assert found["bad_rows"] == []


def test_flat_images_are_found_by_row():
    def changes(images, labels):
        images[3], images[40] = 0, 77
        images[5], images[5, 47, 47] = 9, 10

    assert audit(dataset_with(changes))["flat_images"] == {"count": 2, "rows": [4, 41]}


def test_duplicates_inside_a_split_are_grouped_and_conflicts_found():
    def changes(images, labels):
        images[1] = images[2] = images[0]  # one group of three, labels 0, 1, 2
        images[17] = images[10]  # both of label 3
        images[36] = images[35]

    found = audit(dataset_with(changes))
    assert found["distinct_images"] == 38
    assert found["duplicates_within"]["Training"] == {
        "groups": 2, "extra_copies": 3, "conflicting_groups": 1, "conflicting_rows": [[1, 2, 3]],
    }  # fmt: skip
    assert found["duplicates_within"]["PublicTest"]["groups"] == 0
    assert found["duplicates_within"]["PrivateTest"]["conflicting_rows"] == [[36, 37]]


def test_duplicates_across_splits_are_counted_by_image_of_the_later_split():
    def changes(images, labels):
        images[28] = images[29] = images[0]  # labels 0, 1 against 0
        images[35] = images[28]
        images[36] = images[30]

    found = audit(dataset_with(changes))["duplicates_across"]
    keys = ("images_of", "also_in", "images", "with_a_label_not_found_there")
    assert [tuple(pair[key] for key in keys) for pair in found] == [
        ("PublicTest", "Training", 2, 1),
        ("PrivateTest", "Training", 1, 0),
        ("PrivateTest", "PublicTest", 2, 1),
    ]
    assert found[0]["share"] == pytest.approx(2 / 7)


def test_agreement_with_ferplus_is_counted_by_split():
    votes = np.zeros((42, 10), np.uint8)
    votes[:, 9] = 10  # no face
    votes[35] = (0, 0, 0, 0, 6, 4, 0, 0, 0, 0)  # label angry, crowd angry
    votes[36] = (5, 0, 0, 0, 0, 5, 0, 0, 0, 0)  # no majority
    votes[37] = (4, 3, 3, 0, 0, 0, 0, 0, 0, 0)  # label fear, crowd neutral, but not by FER+'s rule
    found = audit(dataset_with(nothing, votes))["ferplus"]
    test = found["majority"]["PrivateTest"]
    assert (test["images"], test["agreement"]) == (2, 0.5)
    assert test["classes"] == dict.fromkeys(FER2013_LABELS, 0) | {"angry": 1, "neutral": 1}
    assert test["matrix"][2][6] == test["matrix"][0][0] == 1
    assert (found["ferplus_rule"]["PrivateTest"]["images"], found["majority"]["Training"]["images"]) == (1, 0)
    assert found["images_without_votes"] == 39


def test_rows_are_numbered_as_in_the_source_when_bad_ones_are_left_out():
    def changes(images, labels):
        images[0], images[1], images[2] = 1, 2, 3

    found = audit(dataset_with(changes), bad=[(2, "a label of 'x'"), (4, "2303 pixels")])
    assert found["flat_images"]["rows"] == [1, 3, 5]
    assert found["bad_rows"][1] == {"row": 4, "reason": "2303 pixels"}


def test_identities_count_from_zero_by_first_appearance():
    images = np.zeros((4, 48, 48), np.uint8)
    images[1, 0, 0] = images[3, 0, 0] = 1
    assert identities(keys_of(images)).tolist() == [0, 1, 0, 1]


def test_the_text_states_every_finding(tiny_csv, tiny_votes_csv):
    dataset, _ = read(tiny_csv, tiny_votes_csv, warn=lambda _: None)
    text = format_text(
        audit(
            dataset,
            bad=[(17, "2303 pixels where 2304 are expected [bold]"), ("train/a.png", "the file is empty")],
        )
    )
    for part in (
        "FER2013: 42 images, 42 distinct", "Class balance", "4 (14.3%)", "Duplicates inside a split",
        "Duplicates across splits", "Agreement with FER+",
        "  row 17: 2303 pixels where 2304 are expected [bold]", "  train/a.png: the file is empty",
    ):  # fmt: skip
        assert part in text
    assert max(map(len, text.splitlines())) <= 110


def test_the_files_are_written_and_valid(tiny_csv, tiny_votes_csv, tmp_path):
    dataset, _ = read(tiny_csv, tiny_votes_csv, warn=lambda _: None)
    found = write_audit(dataset, tmp_path / "audit")
    assert read_json(tmp_path / "audit/audit.json") == json.loads(json.dumps(found))
    assert (tmp_path / "audit/audit.txt").read_text() == format_text(found)
    assert {path.name for path in (tmp_path / "audit").iterdir()} == {"audit.json", "audit.txt"} | PLOTS
    for name in PLOTS:
        pixels = np.asarray(Image.open(tmp_path / "audit" / name).convert("L"))
        assert pixels.shape[1] == 960
        assert pixels.std() > 10


def test_any_class_name_can_be_plotted(tmp_path):
    dataset = load(write_folder(tmp_path / "faces", {"$\\frac{$": 3, "_^{": 3}), cache=None)
    write_audit(dataset, tmp_path / "audit")
    assert not (tmp_path / "audit/ferplus_agreement.png").exists()


def test_run_prints_and_returns_zero_for_a_sound_source(tiny_csv, tmp_path, capsys):
    assert run(tiny_csv, out=tmp_path / "out", cache=tmp_path / "cache") == 0
    assert "42 images" in capsys.readouterr().out
    assert (tmp_path / "out/audit.json").exists()


def test_run_stops_at_the_first_bad_row_or_lists_all_with_keep_going(tiny_csv, tmp_path, capsys):
    lines = tiny_csv.read_text().splitlines()
    lines[3] = "7" + lines[3][1:]
    lines[9] = lines[9].replace(",", f",{pixel_text(np.zeros((48, 48), np.uint8))} ", 1)
    tiny_csv.write_text("\n".join(lines))
    with pytest.raises(InputError, match=r"row 3: a label of '7'"):
        run(tiny_csv, out=tmp_path / "out", cache=tmp_path / "cache")
    assert not (tmp_path / "out").exists()
    assert run(tiny_csv, out=tmp_path / "out", keep_going=True, cache=tmp_path / "cache") == 1
    text = capsys.readouterr().out
    assert "row 3: a label of '7' where 0 to 6 is expected" in text
    assert "row 9: 4608 pixels where 2304 are expected" in text
    assert [row["row"] for row in read_json(tmp_path / "out/audit.json")["bad_rows"]] == [3, 9]


def test_keep_going_without_bad_rows_returns_zero(tiny_csv, capsys):
    assert run(tiny_csv, keep_going=True) == 0


def test_a_file_where_the_output_folder_should_be_is_refused(tiny_csv, tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="a file stands where a folder should be"):
        run(tiny_csv, out=tmp_path / "out", cache=None)


def test_the_audit_finds_the_known_facts_of_fer2013(fer2013):
    found = audit(fer2013)
    counts = {
        "Training": [3995, 436, 4097, 7215, 4830, 3171, 4965],
        "PublicTest": [467, 56, 496, 895, 653, 415, 607],
        "PrivateTest": [491, 55, 528, 879, 594, 416, 626],
    }
    assert {name: list(split.values()) for name, split in found["class_balance"].items()} == counts
    assert (found["images"], found["distinct_images"]) == (35_887, 34_034)
    assert found["flat_images"]["count"] == len(found["flat_images"]["rows"]) == 12
    within = found["duplicates_within"]["Training"]
    assert (within["groups"], within["conflicting_groups"]) == (1035, 39)
    across = {(pair["images_of"], pair["also_in"]): pair for pair in found["duplicates_across"]}
    assert across["PublicTest", "Training"]["images"] == 280
    assert across["PrivateTest", "Training"]["images"] == 288
    assert round(100 * across["PrivateTest", "Training"]["share"], 1) == 8.0
    assert across["PrivateTest", "PublicTest"]["images"] == 44
    crowd = found["ferplus"]["majority"]["PrivateTest"]
    assert crowd["images"] == 3350
    assert list(crowd["classes"].values()) == [316, 22, 92, 909, 424, 421, 1166]
    assert round(100 * crowd["agreement"], 1) == 65.6
    assert found["ferplus"]["ferplus_rule"]["PrivateTest"]["images"] == 3137
