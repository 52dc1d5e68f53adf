"""The readers of fer2013.csv, fer2013.tar.gz and icml_face_data.csv."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from face_emotion.errors import InputError
from model_build.data.pixel_text import parse_pixels_exact, parse_pixels_fast
from model_build.data.readers import read_table
from model_build.data.splits import USAGES
from tests.support.data import csv_text, pixel_text, tiny_rows, write_archive, write_csv

PIXELS = 48 * 48
QUICK = settings(max_examples=30, deadline=None)
GOOD_PIXELS = pixel_text(np.full((48, 48), 7, np.uint8))


def read_text(text: str, **options):
    """Reads a csv file of this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fer2013.csv"
        path.write_bytes(text.encode())
        return read_table(path, **options)


def with_pixels(*pixels: str) -> str:
    """Returns a csv text of Training rows with these pixel fields."""
    return "emotion,pixels,Usage\n" + "".join(f"0,{field},Training\n" for field in pixels)


@QUICK
@given(
    seed=st.integers(0, 2**32),
    levels=st.integers(1, 256),
    columns=st.permutations(["emotion", "pixels", "Usage"]),
    padding=st.sampled_from(["", " "]),
    quote=st.sampled_from(["", '"']),
    newline=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_random_rows_come_back_as_written(seed, levels, columns, padding, quote, newline, last):
    generator = np.random.default_rng(seed)
    images = generator.integers(0, levels, (4, 48, 48), dtype=np.uint8)
    labels = generator.integers(0, 7, 4)
    split = generator.integers(0, 3, 4)
    lines = [("," + padding).join(columns)]
    for image, label, usage in zip(images, labels, split, strict=True):
        fields = {"emotion": str(label), "pixels": quote + pixel_text(image) + quote, "Usage": USAGES[usage]}
        lines.append(("," + padding).join(fields[column] for column in columns))
    rows = read_text(newline.join(lines) + (newline if last else ""))
    assert np.array_equal(rows.images, images)
    assert rows.labels.tolist() == labels.tolist()
    assert rows.split.tolist() == split.tolist()
    assert (rows.total, rows.bad) == (4, ())


@QUICK
@given(
    row=st.integers(0, 3),
    place=st.integers(0, PIXELS - 1),
    token=st.one_of(
        st.sampled_from(
            ["-1", "256", "999", "1000", "3.7", "nan", "x", "1e2", "+1", "0x1", "1_0", "٣", "9" * 5000]
        ),
        st.integers(256, 10**6).map(str),
        st.integers(-300, -1).map(str),
    ),
)
def test_any_single_wrong_pixel_is_refused_by_row_and_place(row, place, token):
    fields = [GOOD_PIXELS] * 4
    tokens = GOOD_PIXELS.split()
    tokens[place] = token
    fields[row] = " ".join(tokens)
    with pytest.raises(InputError, match=rf"^fer2013\.csv row {row + 1}: pixel {place + 1} is "):
        read_text(with_pixels(*fields))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_fast_parser_agrees_with_the_exact_one_or_refuses(data):
    tokens = ["7"] * PIXELS
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, PIXELS - 1))
        tokens[place] = data.draw(st.text("0123456789 -.\t\u00b9", max_size=5))
    field = " ".join(tokens).encode()
    fast = parse_pixels_fast(field, PIXELS)
    if fast is not None:
        assert np.array_equal(fast, parse_pixels_exact(field, PIXELS))


def test_the_fast_parser_takes_every_grey_level():
    levels = np.arange(PIXELS) % 256
    assert np.array_equal(parse_pixels_fast(" ".join(map(str, levels)).encode(), PIXELS), levels)


@pytest.mark.parametrize("count", [0, 1, 2303, 2305])
def test_a_wrong_number_of_pixels_is_refused(count):
    with pytest.raises(InputError, match=rf"^fer2013\.csv row 2: {count} pixels where 2304 are expected$"):
        read_text(with_pixels(GOOD_PIXELS, " ".join(["7"] * count)))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7,{},Training", "a label of '7' where 0 to 6"),
        ("-1,{},Training", "a label of '-1'"),
        ("happy,{},Training", "a label of 'happy'"),
        (",{},Training", "a label of ''"),
        ("3.0,{},Training", "a label of '3.0'"),
        ("0,{},Tset", "a Usage of 'Tset' where Training, PublicTest, PrivateTest"),
        ("0,{},", "a Usage of ''"),
        ("0,{}", "2 columns where 3"),
        ("0,{},Training,x", "4 columns where 3"),
        ("0", "1 columns where 3"),
    ],
)
def test_a_wrong_row_is_refused_by_number_and_reason(line, reason):
    text = with_pixels(GOOD_PIXELS) + line.format(GOOD_PIXELS) + "\n"
    with pytest.raises(InputError) as caught:
        read_text(text)
    assert str(caught.value).startswith(f"fer2013.csv row 2: {reason}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the data file is empty"),
        ("\n", "the header is ''"),
        ("emotion,pixels\n0,1 2\n", "row 1: 2 pixels where a square"),
        ("emotion,grey,Usage\n", "the header is 'emotion,grey,Usage'"),
        ("Emotion,pixels,Usage\n", "no rows below the header"),
        (GOOD_PIXELS + "\n", "the header is"),
        ("emotion,pixels,Usage\n", "no rows below the header"),
        ("emotion,pixels,Usage\n\n \n", "no rows below the header"),
        ("emotion,pixels,Usage\n" + "0" * (1 << 21), "row 1: longer than"),
    ],
)
def test_a_file_that_is_no_fer2013_is_refused(text, reason):
    with pytest.raises(InputError, match=r"fer2013\.csv") as caught:
        read_text(text)
    assert reason in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such data file"):
        read_table(tmp_path / "fer2013.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_table(tmp_path)


def test_a_byte_order_mark_and_blank_lines_are_no_rows():
    rows = read_text("\ufeff" + with_pixels(GOOD_PIXELS) + "\n\n" + f"1,{GOOD_PIXELS},PublicTest\n\n")
    assert (rows.total, rows.labels.tolist()) == (2, [0, 1])


def test_keep_going_lists_all_bad_rows_and_returns_the_others():
    text = with_pixels(GOOD_PIXELS, "1 2", GOOD_PIXELS, GOOD_PIXELS + " nan", GOOD_PIXELS)
    rows = read_text(text, keep_going=True)
    assert [number for number, _ in rows.bad] == [2, 4]
    assert rows.bad[0][1] == "2 pixels where 2304 are expected"
    assert "nan" in rows.bad[1][1]
    assert rows.kept.tolist() == [0, 2, 4]
    assert (len(rows.images), rows.total) == (3, 5)
    with pytest.raises(InputError, match="none of 1 rows is good; row 1: 2 pixels"):
        read_text(with_pixels("1 2"), keep_going=True)


def test_the_archive_reads_like_the_csv_in_it(tmp_path):
    content = csv_text(*tiny_rows()).encode()
    members = {"fer2013/README": b"x" * 5000, "fer2013/._fer2013.csv": b"x", "fer2013/fer2013.csv": content}
    for name in ("fer2013.tar.gz", "FER2013.TGZ"):
        rows = read_table(write_archive(tmp_path / name, members | {"fer2013/last.bib": b"x" * 9000}))
        assert np.array_equal(rows.images, tiny_rows()[0])
        assert rows.md5 == hashlib.md5(content).hexdigest()
        assert sorted(path.name for path in tmp_path.iterdir()) == [name]
        (tmp_path / name).unlink()


def test_an_error_in_the_archive_names_archive_file_and_row(tmp_path):
    path = write_archive(tmp_path / "a.tar.gz", {"x/fer2013.csv": with_pixels(GOOD_PIXELS, "1").encode()})
    with pytest.raises(InputError, match=r"^a\.tar\.gz: fer2013\.csv row 2: 1 pixels"):
        read_table(path)


@pytest.mark.parametrize("share", [0.001, 0.05, 0.3, 0.7, 0.99, 0.9999])
def test_a_truncated_archive_is_refused_wherever_it_ends(tmp_path, share):
    path = write_archive(tmp_path / "a.tar.gz", {"fer2013.csv": csv_text(*tiny_rows()).encode()})
    whole = path.read_bytes()
    path.write_bytes(whole[: max(1, min(len(whole) - 1, int(share * len(whole))))])
    with pytest.raises(InputError, match=r"^a\.tar\.gz: "):
        read_table(path)


def test_a_truncated_tar_in_a_sound_gzip_is_refused(tmp_path):
    path = write_archive(tmp_path / "a.tar.gz", {"fer2013.csv": csv_text(*tiny_rows()).encode()})
    inside = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(inside[: len(inside) // 2]))
    with pytest.raises(InputError, match=r"^a\.tar\.gz: "):
        read_table(path)


def test_a_flipped_bit_in_the_archive_is_refused(tmp_path):
    path = write_archive(tmp_path / "a.tar.gz", {"fer2013.csv": csv_text(*tiny_rows()).encode()})
    whole = bytearray(path.read_bytes())
    for place in range(100, len(whole), len(whole) // 9):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(InputError, match=r"^a\.tar\.gz"):
            read_table(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"plain text", id="plain text"),
        pytest.param(gzip.compress(b"no tar" * 1000, mtime=0), id="gzip of no tar"),
        pytest.param(gzip.compress(b"", mtime=0), id="gzip of nothing"),
    ],
)
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "a.tar.gz").write_bytes(content)
    with pytest.raises(InputError, match=r"^a\.tar\.gz: "):
        read_table(tmp_path / "a.tar.gz")


def test_an_archive_without_csv_is_refused(tmp_path):
    path = write_archive(tmp_path / "a.tar.gz", {"fer2013/README": b"x"})
    with pytest.raises(InputError, match=r"no \.csv file in the archive"):
        read_table(path)


def test_write_csv_is_what_the_fixture_reads(tiny_csv, tmp_path):
    assert tiny_csv.read_bytes() == write_csv(tmp_path / "other.csv").read_bytes()
    assert np.array_equal(read_table(tiny_csv).images, tiny_rows()[0])
