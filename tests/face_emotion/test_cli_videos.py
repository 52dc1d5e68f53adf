"""The face-emotion command on videos and the webcam: times, tracks, smoothing, films."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from face_emotion import EmotionRecognizer
from face_emotion.command import videos
from face_emotion.command.videos import Video, VideoError, film, square_size
from tests.support.cli import BOX, colour_frame, video_frames, write_video
from tests.support.clips import with_pixel_shape, with_rotation, write_av1
from tests.support.paths import ROOT


def read_video(path: Path) -> tuple[list[np.ndarray], float]:
    """Returns the RGB frames of a video file and its rate."""
    capture = cv2.VideoCapture(str(path))
    frames = []
    while True:
        read, frame = capture.read()
        if not read:
            return frames, capture.get(cv2.CAP_PROP_FPS)
        frames.append(np.ascontiguousarray(frame[:, :, ::-1]))


CAPTURE = cv2.VideoCapture


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve frames at ten a second: a face that moves and changes its expression."""
    return write_video(tmp_path_factory.mktemp("clip") / "clip.mp4", video_frames())


class Camera:
    """Stands for cv2.VideoCapture(number): plays a file and raises KeyboardInterrupt after some frames."""

    def __init__(self, clip: Path, interrupt_after: int | None) -> None:
        self._clip, self._left = CAPTURE(str(clip)), interrupt_after

    def read(self) -> tuple[bool, np.ndarray | None]:
        if self._left == 0:
            raise KeyboardInterrupt
        if self._left is not None:
            self._left -= 1
        return self._clip.read()

    def __getattr__(self, name: str):
        return getattr(self._clip, name)


def plug_in(monkeypatch, clip: Path, interrupt_after: int | None = None) -> None:
    """Makes camera 0 play a clip."""
    monkeypatch.setattr(
        cv2,
        "VideoCapture",
        lambda number, *_: Camera(clip, interrupt_after) if number == 0 else CAPTURE(str(number)),
    )


def test_frames_of_too_many_pixels_are_refused_in_one_line(command, clip, monkeypatch):
    monkeypatch.setattr(videos, "MOST_PIXELS", 320 * 240 - 1)
    ended = command(clip)
    assert (ended.status, ended.out) == (2, "")
    assert f"{clip}: frames of more than 76,799 pixels, which are not read; make them smaller" in ended.err
    monkeypatch.setattr(videos, "MOST_PIXELS", 320 * 240)
    assert command("--seconds", "0.1", clip).status == 0


def test_no_frame_is_widened_beyond_the_limit():
    assert square_size(6_000, 4_000, 1, 1) == (6_000, 4_000)
    assert square_size(6_000, 4_000, 3, 2) == (9_000, 4_000)
    assert square_size(6_000, 4_000, 2, 1) == (6_000, 4_000)  # 48 million pixels


def test_frames_are_tracked_and_smoothed_by_the_times_of_the_video(command, clip):
    lines = command("--format", "jsonl", clip).lines
    recognizer = EmotionRecognizer.load()
    assert [line["time"] for line in lines] == [number / 10 for number in range(12)]
    for line, frame in zip(lines, read_video(clip)[0], strict=True):
        (wanted,) = recognizer.recognize(frame, time=line["time"])
        (face,) = line["faces"]
        assert (face["track"], face["label"]) == (wanted.track, wanted.label) == (1, face["label"])
        assert face["probabilities"] == pytest.approx(wanted.probabilities, abs=1e-3)


def test_a_slower_video_is_smoothed_less(command, clip, tmp_path):
    slow = write_video(tmp_path / "slow.avi", video_frames(), rate=2)
    wanted = EmotionRecognizer.load().recognize(read_video(slow)[0][-1])[0].probabilities
    last = command("--format", "jsonl", slow).lines[-1]
    assert last["time"] == 5.5
    away = [
        sum(abs(line["faces"][0]["probabilities"][name] - wanted[name]) for name in wanted)
        for line in (last, command("--format", "jsonl", clip).lines[-1])
    ]
    assert away[0] < away[1]


def test_each_video_begins_with_face_1_and_pictures_have_no_tracks(command, clip, tmp_path):
    Image.fromarray(colour_frame()).save(tmp_path / "a.png")
    copy = write_video(tmp_path / "b.mp4", video_frames(3))
    rows = command("--format", "csv", clip, tmp_path / "a.png", copy).rows
    assert [row["source"] for row in rows] == [str(clip)] * 12 + [str(tmp_path / "a.png")] + [str(copy)] * 3
    assert [row["track"] for row in rows] == ["1"] * 12 + [""] + ["1"] * 3
    assert rows[-1]["time"] == "0.200"


def test_the_table_has_a_row_for_each_track(command, clip, tmp_path):
    nobody = write_video(tmp_path / "nobody.mp4", [colour_frame([], [])] * 2)
    lines = command("--format", "csv", clip).rows
    row, none = [line for line in command(clip, nobody).out.splitlines() if ".mp4" in line]
    assert "│     12 │ 1    │ 0.0 – 1.1 │" in row
    shown = [line["label"] if line["certain"] == "true" else "unclear" for line in lines]
    assert len(set(shown)) > 1
    shares = {label: shown.count(label) / 12 for label in shown}
    for label, share in shares.items():
        assert f"{label} {100 * share:.0f} %" in row
    assert "none" in none


def test_an_annotated_film_has_the_videos_frames_and_rate(command, clip, tmp_path):
    assert command("--save", tmp_path / "out", clip).status == 0
    (saved,) = (tmp_path / "out").iterdir()
    frames, rate = read_video(saved)
    plain, _ = read_video(clip)
    assert (saved.name, len(frames), rate) == ("clip.mp4", 12, 10)
    changed = np.abs(frames[0].astype(int) - plain[0]).max(axis=2) > 60
    rows, columns = np.nonzero(changed)
    assert (
        BOX[0] - 25 < columns.min() < BOX[0] + 25 and abs(rows.max() - BOX[3]) < 25
    )  # the box drawn round the face
    assert not changed[:20].any() and not changed[:, :60].any()


def test_videos_without_frames_are_skipped(command, clip, tmp_path):
    content = clip.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(content[: len(content) // 2])  # the index stands at the end
    (tmp_path / "empty.mp4").write_bytes(b"")
    ended = command("--format", "csv", clip, tmp_path)
    assert (ended.status, len(ended.rows)) == (1, 12)
    assert ended.err.splitlines() == [
        f"skipped: {tmp_path}/cut.mp4: not a video that can be read",
        f"skipped: {tmp_path}/empty.mp4: the file is empty",
        "3 files: 1 read, 2 left out (1 not a video that can be read, 1 the file is empty)",
    ]


def test_a_video_that_opens_without_a_frame_is_named(command, clip, monkeypatch):
    monkeypatch.setattr(Camera, "read", lambda self: (False, None))
    plug_in(monkeypatch, clip)
    ended = command("--webcam")
    assert (ended.status, ended.err) == (2, "error: --webcam 0: there is no frame in it that can be read\n")


def test_a_file_without_a_frame_is_one_line_and_leaves_no_folder(command, tmp_path):
    code = cv2.VideoWriter_fourcc(*"MJPG")
    cv2.VideoWriter(str(tmp_path / "none.avi"), code, 10, (64, 64)).release()
    ended = command("--save", tmp_path / "out", tmp_path / "none.avi")
    said = f"error: {tmp_path}/none.avi: there is no frame in it that can be read\n"
    assert (ended.status, ended.out, ended.err) == (2, "", said)
    assert [path.name for path in tmp_path.iterdir()] == ["none.avi"]


def test_a_film_where_a_file_stands_is_one_line(command, clip, tmp_path):
    (tmp_path / "out").write_text("")
    ended = command("--save", tmp_path / "out", clip)
    assert ended.status == 2
    assert ended.err.startswith(f"error: {tmp_path}/out: ") and ended.err.count("\n") == 1


def test_seconds_end_a_video(command, clip):
    assert [row["time"] for row in command("--seconds", "0.25", "--format", "csv", clip).rows] == [
        "0.000",
        "0.100",
        "0.200",
    ]


def test_the_webcam_is_read_by_the_clock_and_recorded(command, clip, monkeypatch, tmp_path):
    plug_in(monkeypatch, clip)
    clock = iter(range(100))
    monkeypatch.setattr(videos.time, "monotonic", lambda: next(clock) / 5)
    ended = command("--webcam", "--format", "jsonl", "--save", tmp_path)
    assert ended.status == 0
    assert [line["time"] for line in ended.lines] == [(number + 1) / 5 for number in range(12)]
    assert {line["source"] for line in ended.lines} == {"webcam 0"}
    assert (
        len(read_video(tmp_path / "webcam-0.mp4")[0]) == 23
    )  # each frame but the last twice, at ten a second


def test_ctrl_c_ends_a_recording_and_keeps_it(command, clip, monkeypatch, tmp_path):
    plug_in(monkeypatch, clip, interrupt_after=5)
    ended = command("--webcam", "0", "--format", "csv", "--save", tmp_path)
    assert (ended.status, ended.err, len(ended.rows)) == (130, "interrupted\n", 5)
    assert [path.name for path in tmp_path.iterdir()] == ["webcam-0.mp4"]
    assert read_video(tmp_path / "webcam-0.mp4")[0]


def test_a_camera_that_is_not_there_is_one_line(command):
    ended = command("--webcam", "99")
    assert ended.status == 2
    assert (
        ended.err
        == "error: --webcam 99: no such camera, or another program uses it, or you may not open it\n"
    )


def test_q_in_the_window_ends_it(command, clip, monkeypatch):
    shown = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(cv2, "imshow", lambda name, frame: shown.append((name, frame.shape)))
    monkeypatch.setattr(cv2, "waitKey", lambda _: ord("q") if len(shown) == 4 else -1)
    assert len(command("--show", "--format", "csv", clip).rows) == 4
    assert set(shown) == {(str(clip), (240, 320, 3))}


def test_a_window_needs_a_display(command, clip, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    ended = command("--show", clip)
    assert (ended.status, ended.err.count("\n")) == (2, 1)
    assert "--show: there is no display" in ended.err


def test_pictures_need_no_opencv(command, clip, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "cv2", None)
    Image.fromarray(colour_frame()).save(tmp_path / "a.png")
    ended = command("--format", "csv", tmp_path / "a.png", clip)
    assert (ended.status, len(ended.rows)) == (1, 1)
    assert ended.err.startswith(f"skipped: {clip}: videos and cameras need OpenCV")


def test_a_film_keeps_to_the_times_of_its_frames(tmp_path):
    grey = [Image.new("RGB", (64, 64), (level, level, level)) for level in (30, 120, 210, 250)]
    with film(tmp_path / "a.mp4", rate=10) as reel:
        for picture, time in zip(grey, (5.0, 5.3, 5.31, 1e6), strict=True):
            reel.add(picture, time)
    frames, _ = read_video(tmp_path / "a.mp4")
    levels = [int(frame.mean()) for frame in frames[:5]]
    # 5.31 falls into the same tenth as 5.3; the leap at the end is cut to ten seconds.
    assert levels == pytest.approx([30, 120, 120, 120, 250], abs=6)
    assert len(frames) == 4 + 100


def test_a_film_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), film(tmp_path / "a.mp4", rate=10) as reel:
        reel.add(Image.new("RGB", (64, 64)), 0.0)
        raise RuntimeError
    with film(tmp_path / "b.mp4", rate=10):
        pass
    assert not list(tmp_path.iterdir())


QUARTERS = ((200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 200))  # clockwise is 0, 1, 3, 2


def quarters(path: Path) -> Path:
    """Writes a clip of 128×96 pixels whose quarters are red, green, blue and white."""
    frame = np.zeros((96, 128, 3), np.uint8)
    frame[:48, :64], frame[:48, 64:], frame[48:, :64], frame[48:, 64:] = QUARTERS
    return write_video(path, [frame] * 3)


def frames_of(path: Path) -> list[tuple[float, np.ndarray]]:
    with Video.open(path) as video:
        return list(video.frames())


@pytest.mark.parametrize(
    ("degrees", "corners"), [(0, (0, 1, 2, 3)), (90, (2, 0, 3, 1)), (180, (3, 2, 1, 0)), (270, (1, 3, 0, 2))]
)
@pytest.mark.parametrize(
    ("shape", "size"), [((1, 1), (128, 96)), ((4, 3), (171, 96)), ((10, 11), (128, 106)), ((0, 1), (128, 96))]
)
def test_frames_are_upright_and_their_pixels_square(tmp_path, degrees, corners, shape, size):
    """The sizes are those that Chromium 156 gives for the same boxes."""
    path = with_pixel_shape(with_rotation(quarters(tmp_path / "a.mp4"), degrees), *shape)
    found = [frame for _, frame in frames_of(path)]
    assert len(found) == 3
    for frame in found:
        assert frame.shape == ((*size[::-1], 3) if degrees % 180 == 0 else (*size, 3))
        for place, number in zip(((9, 9), (9, -9), (-9, 9), (-9, -9)), corners, strict=True):
            assert np.abs(frame[place].astype(int) - QUARTERS[number]).max() < 12


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((16, 11), (186, 96)),
        ((1, 40), (128, 3840)),
        ((129, 1), (128, 96)),
        ((np.nan, 1), (128, 96)),
        ((-1, -1), (128, 96)),
    ],
)
def test_pixel_shapes(shape, size):
    assert square_size(128, 96, *shape) == size


def test_an_anamorphic_clip_shows_the_faces_of_the_square_one(command, clip, tmp_path):
    """Half as wide, with pixels twice as wide as high: the same people, and a film that any player shows so."""
    narrow = [cv2.resize(frame, (160, 240), interpolation=cv2.INTER_AREA) for frame in video_frames()]
    path = with_pixel_shape(write_video(tmp_path / "a.mp4", narrow), 2, 1)
    wanted = command("--format", "jsonl", clip).lines
    found = command("--format", "jsonl", "--save", tmp_path / "out", path).lines
    for line, square in zip(found, wanted, strict=True):
        assert line["faces"][0]["box"] == pytest.approx(square["faces"][0]["box"], abs=2)
        assert line["faces"][0]["probabilities"] == pytest.approx(
            square["faces"][0]["probabilities"], abs=0.2
        )
    labels, square_labels = ([line["faces"][0]["label"] for line in lines] for lines in (found, wanted))
    assert (labels[0], labels[-1]) == (square_labels[0], square_labels[-1])
    frames, _ = read_video(tmp_path / "out" / "a.mp4")
    capture = cv2.VideoCapture(str(tmp_path / "out" / "a.mp4"))
    assert frames[0].shape == (240, 320, 3)
    assert capture.get(cv2.CAP_PROP_SAR_NUM) == capture.get(cv2.CAP_PROP_SAR_DEN)


def test_a_codec_that_opencv_cannot_decode_is_named(tmp_path):
    """In a process of its own, where nothing has made OpenCV's FFmpeg talkative."""
    path = write_av1(tmp_path / "a.mp4", [colour_frame()] * 3)
    run = [sys.executable, "-m", "face_emotion", "--format", "jsonl", str(path)]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT)
    if done.returncode == 0:  # an OpenCV with a decoder
        assert done.stdout.count("\n") == 3
        return
    said = "codec AV1: OpenCV decodes no frame of it; convert it (ffmpeg -i IN -c:v libx264 OUT.mp4)"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {path}: {said}\n")


def test_times_that_are_no_numbers_go_on_at_the_rate(clip, monkeypatch):
    class Timeless(Camera):
        def get(self, what: int) -> float:
            return float("nan") if what in (cv2.CAP_PROP_POS_MSEC, cv2.CAP_PROP_FPS) else self._clip.get(what)

    monkeypatch.setattr(cv2, "VideoCapture", lambda path, *_: Timeless(clip, None))
    assert [time for time, _ in frames_of(clip)] == pytest.approx([number / 25 for number in range(12)])


def test_a_rate_that_is_none_is_the_usual_one(clip, monkeypatch):
    class Rateless(Camera):
        rate = 0.0

        def get(self, what: int) -> float:
            return self.rate if what == cv2.CAP_PROP_FPS else self._clip.get(what)

    monkeypatch.setattr(cv2, "VideoCapture", lambda path, *_: Rateless(clip, None))
    for rate in (0.0, -1.0, float("inf"), 90_000.0):
        Rateless.rate = rate
        with Video.open(clip) as video:
            assert video.rate == 25


def test_damaged_frames_of_a_known_codec_are_named(clip, monkeypatch):
    monkeypatch.setattr(Camera, "read", lambda self: (False, None))
    monkeypatch.setattr(cv2, "VideoCapture", lambda path, *_: Camera(clip, None))
    with pytest.raises(VideoError, match=r"^codec MPEG-4: OpenCV decodes no frame of it; convert it"):
        frames_of(clip)


def test_frames_of_another_size_fit_into_the_film(tmp_path):
    white, wide = Image.new("RGB", (64, 64), "white"), Image.new("RGB", (128, 64), "white")
    with film(tmp_path / "a.mp4", rate=10) as reel:
        for number, picture in enumerate((white, wide, white)):
            reel.add(picture, number / 10)
    frames, _ = read_video(tmp_path / "a.mp4")
    assert [frame.shape for frame in frames] == [(64, 64, 3)] * 3
    assert frames[1][:10].max() < 30 and frames[1][27:37].min() > 225 and frames[2][:10].min() > 225


def test_a_stream_whose_size_changes_is_read_to_its_end(tmp_path):
    """OpenCV gives all frames the first one's size."""
    with open(tmp_path / "a.mjpeg", "wb") as stream:
        for size in ((64, 48), (96, 48), (32, 64)):
            done, encoded = cv2.imencode(".jpg", np.full((size[1], size[0], 3), 128, np.uint8))
            assert done
            stream.write(encoded.tobytes())
    assert [frame.shape for _, frame in frames_of(tmp_path / "a.mjpeg")] == [(48, 64, 3)] * 3
