"""What face-emotion is fed with: files by their content, folders with everything in them, pipes, lists, addresses."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from face_emotion.command import inputs
from face_emotion.command.inputs import find
from face_emotion.command.spool import Spool
from tests.support.cli import colour_frame, sources, video_frames, write_clip, write_video
from tests.support.paths import ROOT

JSONL = ("--format", "jsonl")
WORDS = [sys.executable, "-m", "face_emotion", *JSONL]


def picture(path: Path, form: str = "PNG") -> Path:
    """Writes a picture with one face, whatever the path's suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(colour_frame()).save(path, form)
    return path


def clip(path: Path, suffix: str = ".mp4", codec: str = "mp4v", frames: int = 2) -> Path:
    """Writes a clip in the container of `suffix`, whatever the path's own."""
    written = write_clip(path.with_name(f"{path.name}-{suffix}"), video_frames(frames), codec)
    return written.rename(path)


def run(*words: str | bytes | Path, **options) -> subprocess.CompletedProcess:
    """Runs the command in a process of its own."""
    return subprocess.run([*WORDS, *words], cwd=ROOT, capture_output=True, timeout=120, **options)


def test_a_folder_is_read_by_content_whatever_the_names(command, tmp_path):
    for name, suffix, codec in (
        ("a.ts", ".ts", "mp4v"),
        ("b.mts", ".mts", "mp4v"),
        ("c.m2ts", ".m2ts", "mp4v"),
        ("d.vob", ".vob", "MPG2"),
        ("e.3gp", ".3gp", "mp4v"),
        ("f.jpg", ".mp4", "mp4v"),
        ("g", ".mkv", "mp4v"),
    ):
        clip(tmp_path / name, suffix, codec)
    picture(tmp_path / "h")
    picture(tmp_path / "i.mp4", "JPEG")
    picture(tmp_path / "j.2024-05-01", "WEBP")
    (tmp_path / "k.ts").write_text("export const answer: number = 42\n")
    (tmp_path / "l.json").write_text("{}")
    (tmp_path / "m").write_bytes(b"")
    ended = command(*JSONL, "--save", tmp_path / "out", tmp_path)
    assert (ended.status, ended.err) == (0, "13 files: 10 read, 3 left out (3 neither picture nor video)\n")
    frames = {name: [] for name in sources(ended)}
    for line in ended.lines:
        frames[Path(line["source"]).name].append(line["time"])
        assert len(line["faces"]) == 1
    assert {name: len(times) for name, times in frames.items()} == {
        **dict.fromkeys(("a.ts", "b.mts", "c.m2ts", "d.vob", "e.3gp", "f.jpg", "g"), 2),
        **dict.fromkeys(("h", "i.mp4", "j.2024-05-01"), 1),
    }
    assert [frames[name][0] is None for name in ("g", "h", "i.mp4")] == [False, True, True]
    saved = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"f.mp4", "g.mp4", "h.png", "i.png", "j.png"} < saved


def test_a_text_under_a_pictures_name_is_no_picture_that_can_be_read(command, tmp_path):
    picture(tmp_path / "a.png")
    (tmp_path / "b.png").write_text("a text")
    ended = command(*JSONL, tmp_path)
    assert (ended.status, sources(ended)) == (1, ["a.png"])
    assert ended.err.splitlines() == [
        f"skipped: {tmp_path}/b.png: not an image that can be read",
        "2 files: 1 read, 1 left out (1 not an image that can be read)",
    ]


def test_pictures_that_are_known_but_not_read_say_so(command, tmp_path):
    picture(tmp_path / "a.png")
    (tmp_path / "b").write_bytes(b"\xff\x0a" + bytes(99))
    (tmp_path / "c.dat").write_bytes(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(99))
    ended = command(*JSONL, tmp_path)
    assert ended.status == 1
    assert ended.err.splitlines() == [
        f"skipped: {tmp_path}/b: JPEG XL pictures are not read; save it as JPEG or PNG",
        f"skipped: {tmp_path}/c.dat: JPEG XL pictures are not read; save it as JPEG or PNG",
        "3 files: 1 read, 2 left out (2 JPEG XL pictures are not read)",
    ]


def test_what_is_no_picture_and_no_video_is_counted_and_no_reason_for_status_1(command, tmp_path):
    picture(tmp_path / "a.png")
    for name in ("notes.txt", "b.json", ".DS_Store", "deep/.thumbs/c.png", "deep/c.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    ended = command("--format", "csv", tmp_path)
    assert (ended.status, len(ended.rows)) == (0, 1)
    assert ended.err == (
        "6 files: 1 read, 5 left out (3 neither picture nor video, 1 hidden, 1 hidden folder)\n"
    )
    assert command(*JSONL, tmp_path / "deep" / ".thumbs" / "c.png").status == 2  # named: it is looked at
    (tmp_path / "a.png").unlink()
    ended = command(*JSONL, tmp_path)
    assert (ended.status, ended.err.splitlines()) == (
        2,
        [
            f"error: {tmp_path}: no picture or video in this folder",
            "5 files: 0 read, 5 left out (3 neither picture nor video, 1 hidden, 1 hidden folder)",
        ],
    )


def test_pipes_sockets_and_devices_in_a_folder_are_left_out(command, tmp_path):
    picture(tmp_path / "a.png")
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # a socket's path is a short one
        server.bind("socket.mp4")
        os.chdir(here)
        (tmp_path / "null.jpg").symlink_to("/dev/null")
        ended = command(*JSONL, tmp_path)
        assert (ended.status, sources(ended)) == (0, ["a.png"])
        assert ended.err == "4 files: 1 read, 3 left out (1 device, 1 pipe, 1 socket)\n"
        named = command(*JSONL, tmp_path / "socket.mp4", "/dev/null")
    assert (named.status, named.err.splitlines()[:2]) == (
        2,
        [
            f"error: {tmp_path}/socket.mp4: a socket, and only files are read",
            "error: /dev/null: a device, and only files are read; a camera is read with --webcam",
        ],
    )


def test_linked_folders_are_not_followed_and_those_that_lead_out_are_named(command, tmp_path):
    folder = tmp_path / "in"
    picture(folder / "deep/a.png")
    (folder / "deep/loop").symlink_to(folder)
    (folder / "parent").symlink_to("..")
    (folder / "self").symlink_to("self")
    ended = command(*JSONL, folder)
    assert (ended.status, sources(ended)) == (0, ["a.png"])
    assert ended.err == "4 files: 1 read, 3 left out (2 link within the folder, 1 link to nothing)\n"
    picture(tmp_path / "other/b.png")
    (folder / "elsewhere").symlink_to(tmp_path / "other")
    (folder / "gone.jpg").symlink_to("nowhere.jpg")
    ended = command(*JSONL, folder)
    assert (ended.status, sources(ended)) == (1, ["a.png"])
    away = "link to another folder, not followed"
    assert ended.err.splitlines() == [
        f"skipped: {folder}/elsewhere: {away}; name that one, too",
        f"skipped: {folder}/gone.jpg: link to nothing",
        f"6 files: 1 read, 5 left out (2 link within the folder, 2 link to nothing, 1 {away})",
    ]


def test_a_file_is_read_once_whatever_its_names(command, tmp_path):
    first = picture(tmp_path / "a.png")
    (tmp_path / "b.png").hardlink_to(first)
    (tmp_path / "c.png").symlink_to("a.png")
    ended = command(*JSONL, tmp_path, os.path.relpath(first), tmp_path / "d" / ".." / "a.png")
    assert (ended.status, sources(ended)) == (1, ["a.png"])
    assert ended.err.splitlines()[-1] == (
        "5 files: 1 read, 4 left out (3 second name of a file, 1 no such file)"
    )
    assert sources(command(*JSONL, tmp_path / "c.png", tmp_path)) == ["c.png"]


def forbid_reading() -> None:
    """Takes away from root what lets it read every file; runs between fork and exec."""
    process = ctypes.CDLL(None)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        process.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_folders_and_files_that_may_not_be_opened_are_named(tmp_path):
    folder = tmp_path / "in"
    picture(folder / "a.png")
    picture(folder / "locked/b.png")
    picture(folder / "mine").chmod(0)
    (folder / "locked").chmod(0)
    done = run(folder, preexec_fn=forbid_reading)
    (folder / "locked").chmod(0o700)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert done.stderr.decode().splitlines() == [
        f"skipped: {folder}/locked: folder: Permission denied",
        f"skipped: {folder}/mine: Permission denied",
        "3 files: 1 read, 2 left out (1 folder: Permission denied, 1 Permission denied)",
    ]


def test_a_file_where_a_folder_should_be_and_other_words_that_stand_for_nothing(command, tmp_path):
    picture(tmp_path / "a.png")
    ended = command(*JSONL, tmp_path / "a.png" / "b.png", "", "0", tmp_path / ("n" * 300))
    assert ended.status == 2
    assert ended.err.splitlines() == [
        f"error: {tmp_path}/a.png/b.png: no such file",
        "error: '': no name of a file",
        "error: 0: no such file; a camera is read with --webcam 0",
        f"error: {tmp_path}/{'n' * 40}…{'n' * 19}: no such file",
        "4 files: 0 read, 4 left out (3 no such file, 1 no name of a file)",
    ]


def test_names_that_are_no_utf_8_are_read_and_printed(tmp_path):
    folder = tmp_path / "in"
    picture(folder / "a\udcff.png")
    write_video(folder / "b.avi", video_frames(2)).rename(folder / "b\udcff.avi")
    done = run("--save", tmp_path / "out", folder)
    assert (done.returncode, done.stderr) == (0, b"2 files: 2 read\n")
    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [os.fsencode(line["source"])[-7:] for line in lines] == [b"/a\xff.png"] + [b"/b\xff.avi"] * 2
    assert sorted(os.fsencode(path.name) for path in (tmp_path / "out").iterdir()) == [
        b"a\xff.png",
        b"b\xff.mp4",
    ]
    listed = tmp_path / "list"
    listed.write_bytes(os.fsencode(folder) + b"/a\xff.png\n")
    done = run("--format", "csv", "--files-from", listed)
    assert done.returncode == 0 and os.fsencode(folder) + b"/a\xff.png,," in done.stdout


@pytest.mark.parametrize("name", ["b.png", "b.avi"])
def test_a_file_that_vanishes_after_it_was_listed_is_one_line(command, monkeypatch, tmp_path, name):
    picture(tmp_path / "a.png")
    other = picture(tmp_path / name) if name == "b.png" else write_video(tmp_path / name, video_frames(2))
    picture(tmp_path / "c.png")

    def find_and_lose(*words):
        found = find(*words)
        other.unlink()
        return found

    monkeypatch.setattr("face_emotion.command.run.find", find_and_lose)
    ended = command(*JSONL, tmp_path)
    assert (ended.status, sources(ended)) == (1, ["a.png", "c.png"])
    assert ended.err.splitlines() == [
        f"skipped: {other}: No such file or directory",
        "3 files: 2 read, 1 left out (1 No such file or directory)",
    ]


def test_a_file_that_vanishes_while_a_folder_is_listed_is_one_line(monkeypatch, tmp_path):
    picture(tmp_path / "a.png")
    lost = picture(tmp_path / "b.png")

    class Losing(inputs._Opened):
        def __init__(self, path: Path) -> None:
            lost.unlink(missing_ok=True)
            super().__init__(path)

    monkeypatch.setattr(inputs, "_Opened", Losing)
    found = find([str(tmp_path)], Spool())
    assert [source.path.name for source in found.sources] == ["a.png"]
    assert [str(problem) for problem in found.problems] == [f"{lost}: gone since the folder was listed"]


def test_a_video_or_a_closed_stdin(tmp_path):
    content = write_video(tmp_path / "a.avi", video_frames(3)).read_bytes()
    done = run("--save", tmp_path / "out", "-", input=content)
    assert (done.returncode, done.stderr) == (0, b"1 file: 1 read\n")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["source"], line["time"]) for line in lines] == [
        ("stdin", 0),
        ("stdin", 0.1),
        ("stdin", 0.2),
    ]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["stdin.mp4"]
    done = subprocess.run(
        f"{sys.executable} -m face_emotion - <&-", shell=True, cwd=ROOT, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (2, b"error: stdin: nothing came in\n")


def test_a_named_pipe_gives_a_picture_or_a_video_and_leaves_nothing_behind(command, monkeypatch, tmp_path):
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "kept"))
    for source in (picture(tmp_path / "a.png"), write_video(tmp_path / "b.avi", video_frames(2))):
        pipe = tmp_path / f"pipe-{source.name}"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_bytes, args=[source.read_bytes()])
        writer.start()
        ended = command(*JSONL, pipe)
        writer.join()
        assert (ended.status, ended.err) == (0, "1 file: 1 read\n")
        assert sources(ended) == [pipe.name]
    assert not list((tmp_path / "kept").iterdir())


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]
)
def test_a_list_as_windows_writes_it(command, tmp_path, encoding, mark):
    one, two = picture(tmp_path / "ä\x0c1.png"), picture(tmp_path / "b\u2028.png")
    (tmp_path / "list").write_bytes(mark + f"{one}\r\n\r\n{two}\r\n".encode(encoding))
    ended = command(*JSONL, "--files-from", tmp_path / "list")
    assert (ended.status, ended.err) == (0, "2 files: 2 read\n")
    assert [line["source"] for line in ended.lines] == [str(one), str(two)]


def test_a_list_of_nonsense_is_said_to_be_so(command, tmp_path):
    (tmp_path / "list").write_bytes(b"a\0b\n*\0\n")
    ended = command(*JSONL, "--files-from", tmp_path / "list")
    assert (ended.status, ended.err.count("no name of a file")) == (2, 3)


def test_no_network_address_is_opened(tmp_path):
    """Neither one that is named nor one that stands in a file; ours waits on this machine for whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        (tmp_path / "a.mp4").write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n"
        )
        (tmp_path / "b.mp4").write_text(f"ffconcat version 1.0\nfile '{address}'\n")
        picture(tmp_path / "c.png")
        forbidden = (
            "import socket, sys\n"
            "def refuse(*words, **named): raise AssertionError('a socket')\n"
            "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
            "from face_emotion.__main__ import main\n"
            "sys.exit(main(sys.argv[1:]))\n"
        )
        words = [
            *JSONL,
            tmp_path,
            address,
            "https://example.org/b.jpg?size=*",
            "file:///a.png",
            "RTSP://camera/1",
        ]
        done = subprocess.run(
            [sys.executable, "-c", forbidden, *words], cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    said = "an address, and only files are read; save it as a file first"
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert done.stderr.splitlines() == [
        f"skipped: {address}: {said}",
        f"skipped: https://example.org/b.jpg?size=*: {said}",
        f"skipped: file:///a.png: {said}",
        f"skipped: RTSP://camera/1: {said}",
        f"skipped: {tmp_path}/a.mp4: not a video that can be read",
        f"skipped: {tmp_path}/b.mp4: not a video that can be read",
        "7 files: 1 read, 6 left out (4 an address, and only files are read, 2 not a video that can be read)",
    ]


def test_cameras_by_number_and_by_device(command, tmp_path):
    said = "no such camera, or another program uses it, or you may not open it"
    for word in ("97", "/dev/video97"):
        assert command("--webcam", word).err == f"error: --webcam 97: {said}\n"
    for word in ("/dev/null", "http://camera/1", "-1", "video0", "/dev/video"):
        ended = command(f"--webcam={word}")
        assert (ended.status, ended.err.count("\n")) == (2, 1)
        assert f"'{word}': the number of a camera, from 0 on, or /dev/video0 is expected" in ended.err


def test_a_neutral_face_is_known_by_content_too(command, tmp_path):
    picture(tmp_path / "me.mp4", "JPEG")
    clip(tmp_path / "me.jpg")
    for name in ("me.mp4", "me.jpg"):
        assert command(*JSONL, "--neutral", tmp_path / name, picture(tmp_path / "a.png")).status == 0


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device")
def test_a_list_without_an_end_is_refused(command):
    ended = command(*JSONL, "--files-from", "/dev/zero")
    line = "error: --files-from /dev/zero: more than 256 MB; no list of names is that long\n"
    assert (ended.status, ended.err) == (2, line)
