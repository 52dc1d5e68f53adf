"""What a file is by its first bytes: what Pillow and OpenCV write, beginnings of others, texts that look alike."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import pytest
from PIL import Image

from face_emotion.file_kind import HEAD, claimed, is_heic, kind_of
from tests.support.cli import video_frames, write_clip

FRAMES = video_frames(3)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("JPEG", "JPEG"),
        ("PNG", "PNG"),
        ("GIF", "GIF"),
        ("WEBP", "WebP"),
        ("TIFF", "TIFF"),
        ("BMP", "BMP"),
        ("PPM", "PNM"),
        ("JPEG2000", "JPEG 2000"),
        ("AVIF", "AVIF"),
        ("ICO", "ICO"),
        ("DDS", "DDS"),
        ("SGI", "SGI"),
        ("PCX", "PCX"),
    ],
)
def test_pictures_that_pillow_writes(form, name):
    stream = io.BytesIO()
    Image.fromarray(FRAMES[0]).save(stream, form)
    assert kind_of(stream.getvalue()[:HEAD], ".mp4") == (name, "picture")


@pytest.mark.parametrize(
    ("suffix", "codec", "name"),
    [
        (".ts", "mp4v", "MPEG-TS"),
        (".mts", "mp4v", "MPEG-TS"),
        (".m2ts", "mp4v", "M2TS"),
        (".vob", "MPG2", "MPEG"),
        (".mpg", "MPG1", "MPEG"),
        (".3gp", "mp4v", "MP4"),
        (".mov", "mp4v", "MP4"),
        (".mkv", "mp4v", "Matroska"),
        (".webm", "VP80", "Matroska"),
        (".flv", "FLV1", "FLV"),
        (".wmv", "WMV2", "WMV"),
        (".mxf", "MPG2", "MXF"),
        (".avi", "MJPG", "AVI"),
    ],
)
def test_videos_that_opencv_writes(tmp_path, suffix, codec, name):
    content = write_clip(tmp_path / f"clip{suffix}", FRAMES, codec).read_bytes()
    assert kind_of(content[:HEAD], ".jpg") == (name, "video")


def test_a_jpeg_is_a_stream_of_them_where_its_name_says_so():
    content = cv2.imencode(".jpg", FRAMES[0])[1].tobytes()[:HEAD]
    assert kind_of(content, ".MJPEG") == ("MJPEG", "video")
    assert kind_of(content, ".mp4") == ("JPEG", "picture")


def test_a_tga_is_known_by_its_name_and_a_sane_beginning(tmp_path):
    Image.fromarray(FRAMES[0]).save(tmp_path / "a.tga")
    content = (tmp_path / "a.tga").read_bytes()[:HEAD]
    assert kind_of(content, ".tga") == ("TGA", "picture")
    assert kind_of(content, "") is None
    assert kind_of(b"text, and nothing but text", ".tga") is None


def boxes(*brands: bytes) -> bytes:
    """Returns the first box of an MP4 file of some brands, and the beginning of another."""
    content = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(content) + 4).to_bytes(4, "big") + content + b"\0\0\1\0meta"


@pytest.mark.parametrize(
    ("brands", "kind"),
    [
        ((b"heic", b"mif1", b"heic"), ("HEIC", "picture")),
        ((b"mif1", b"heic", b"miaf"), ("HEIC", "picture")),
        ((b"msf1", b"hevc"), ("HEIC", "picture")),
        ((b"mif1", b"miaf", b"avif"), ("AVIF", "picture")),
        ((b"avis", b"msf1"), ("AVIF", "picture")),
        ((b"crx ", b"isom"), ("raw", "picture")),
        ((b"isom", b"avc1"), ("MP4", "video")),
        ((b"qt  ",), ("MP4", "video")),
        ((b"3gp4", b"isom"), ("MP4", "video")),
        ((b"M4A ", b"isom"), None),
    ],
)
def test_brands(brands, kind):
    assert kind_of(boxes(*brands)) == kind
    assert is_heic(boxes(*brands)) == (kind == ("HEIC", "picture"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * HEAD,
        b"BMW, a text that begins like a bitmap " * 9,
        b"P1 is the first of us " * 9,
        b"The wide world; the moov and the free " * 9,
        b"GIF87 and GIF89 " * 9,
        b'{"format": 1}',
        b"\x7fELF\2\1\1" + bytes(200),
        b"PK\3\4" + bytes(200),
        b"%PDF-1.7\n" + bytes(200),
        b"ID3\4" + bytes(200),
        b"OggS\0\2" + bytes(22) + b"\x01\x1e\x01vorbis" + bytes(100),
        b"RIFF\x24\0\0\0WAVEfmt " + bytes(100),
        b"#EXTM3U\nhttp://127.0.0.1/a.ts\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_neither(content):
    assert kind_of(content) is None


def test_sound_in_a_videos_container_is_no_video():
    assert kind_of(b"\x1a\x45\xdf\xa3" + bytes(99), ".mka") is None
    assert kind_of(b"\x1a\x45\xdf\xa3" + bytes(99), ".mkv") == ("Matroska", "video")


def test_what_a_suffix_claims():
    assert [claimed(suffix) for suffix in (".JPG", ".heif", ".tif", ".png", ".mkv", ".M2TS")] == [
        *["picture"] * 4,
        *["video"] * 2,
    ]
    assert [claimed(suffix) for suffix in ("", ".ts", ".txt", ".jpg2", ".json")] == [None] * 5
    assert claimed(Path("a.b/c").suffix) is None
