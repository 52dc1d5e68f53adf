"""No picture file takes more than 1 GB: measured as the peak of a process of its own (VmHWM), which starts at 60 MB."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from face_emotion.command.room import Room
from face_emotion.pictures import decode, decode_pixels
from face_emotion.recognizer import EmotionRecognizer
from tests.support.paths import ROOT

MOST_KB = 1_000_000
CHILD = """
import json, sys
from face_emotion.__main__ import main
try:
    status = main(sys.argv[1:])
except SystemExit as ended:
    status = ended.code
peak = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print(json.dumps({"status": status, "peak": peak}), file=sys.stderr)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak on Linux only")


def measured(*words: str | Path) -> tuple[int, int, str]:
    """Runs `face-emotion` in a process of its own; returns its status, its peak in kB and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    last = json.loads(done.stderr.splitlines()[-1])
    return last["status"], last["peak"], done.stdout + done.stderr


def png(path: Path, width: int, height: int, colour: int = 2, bits: int = 8) -> Path:
    """Writes a PNG of one grey, a few kB for a million pixels. colour: 0 grey, 2 RGB, 6 RGBA."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = b"\0" + b"Z" * (width * channels * bits // 8)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return len(content).to_bytes(4, "big") + kind + content + checksum.to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = chunk(b"IHDR", size + bytes([bits, colour, 0, 0, 0]))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path


def test_a_picture_of_169_million_pixels_is_refused_in_one_line(tmp_path: Path) -> None:
    path = png(tmp_path / "huge.png", 13_000, 13_000)
    assert path.stat().st_size < 3_000_000
    status, peak, said = measured("--cropped", path)
    assert status == 2 and peak < 200_000
    assert f"{path}: more than 64,000,000 pixels, which are not read; shrink it first" in said


def test_the_largest_pictures_stay_below_a_gigabyte(tmp_path: Path) -> None:
    """In colours with an opacity, whole; 16 bits a colour; one after the other and with four threads, in any order."""
    clear = png(tmp_path / "clear.png", 8_000, 8_000, colour=6)
    wide = png(tmp_path / "wide.png", 4_470, 4_470, bits=16)
    alone = measured("--cropped", clear)[1]
    for jobs, *pictures in ((4, clear, wide), (4, wide, clear), (1, wide, clear)):
        status, peak, said = measured("--cropped", "--jobs", jobs, *pictures)
        assert status == 0, said
        assert peak < MOST_KB
        assert peak < 1.1 * alone, "the first picture's memory is held while the second is read"


def test_wide_levels_have_a_limit_of_their_own(tmp_path: Path) -> None:
    path = png(tmp_path / "wide.png", 4_500, 4_500, bits=16)
    with pytest.raises(
        ValueError, match=r"^more than 20,000,000 pixels, which are not read; shrink it first$"
    ):
        decode_pixels(path.read_bytes())


@pytest.fixture(scope="module")
def large_jpeg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG of 84 million pixels, dark on the left, stored on its side."""
    path = tmp_path_factory.mktemp("large") / "large.jpg"
    levels = np.full((7_000, 12_000), 200, np.uint8)
    levels[:, :6_000] = 40
    exif = Image.Exif()
    exif[274] = 6  # to be turned to the right
    Image.fromarray(levels).save(path, quality=50, exif=exif)
    return path


def test_a_large_jpeg_is_decoded_at_half_its_size(large_jpeg: Path) -> None:
    found = decode(large_jpeg.read_bytes())
    assert (found.width, found.height) == (7_000, 12_000)
    assert found.pixels.shape == (6_000, 3_500)
    assert found.scale == (2.0, 2.0)
    assert (found.pixels[:2_900] < 60).all() and (found.pixels[3_100:] > 180).all()


def test_its_faces_are_told_in_its_own_pixels(large_jpeg: Path) -> None:
    recognizer = EmotionRecognizer.load()
    for face in (
        recognizer.recognize(large_jpeg, cropped=True)[0],
        recognizer.recognize(large_jpeg, time=0.0, cropped=True)[0],
    ):
        assert face.box == (0.0, 0.0, 7_000.0, 12_000.0)
    status, peak, said = measured("--cropped", "--format", "jsonl", large_jpeg)
    (line,) = [
        json.loads(line) for line in said.splitlines() if line.startswith('{"file"') or "faces" in line
    ][:1]
    assert (status, line["width"], line["height"]) == (0, 7_000, 12_000)
    assert peak < MOST_KB


def test_threads_wait_until_there_is_room(tmp_path: Path) -> None:
    path = png(tmp_path / "picture.png", 1_500, 1_000)
    room, inside, most = Room(4_000_000), 0, 0
    lock = threading.Lock()
    gate = threading.Barrier(2, timeout=20)

    def work() -> None:
        nonlocal inside, most
        with room.taken(path):
            with lock:
                inside += 1
                most = max(most, inside)
            gate.wait()  # two are inside together, and no third
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (most, inside) == (2, 0)
