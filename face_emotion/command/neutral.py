"""What --neutral names: one person's neutral face, as a picture, a video of two seconds or a baseline that was kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from face_emotion.arrays import Bytes
from face_emotion.baseline import Baseline
from face_emotion.command.inputs import is_video
from face_emotion.command.videos import Video
from face_emotion.errors import InputError
from face_emotion.files import require_file
from face_emotion.recognizer import EmotionRecognizer

SECONDS = 2.0  # of a video, from its beginning


def baseline_of(
    path: Path | None, keep: Path | None, recognizer: EmotionRecognizer, cropped: bool
) -> Baseline | None:
    """Returns the baseline that a picture, video or .json gives; None for no path.

    keep: where to write it, a .json that is not there yet or holds another baseline. Raises InputError, naming the flag
    and the file, if there is none of exactly one face in `path`, it is another model's, or `keep` is another file.
    """
    if path is None:
        return None
    if keep is not None:
        _check_place(keep)
    try:
        baseline = _learnt(require_file(path), recognizer, cropped)
        recognizer.check_baseline(baseline)
    except InputError as error:
        named = "" if str(error).startswith(str(path)) else f"{path}: "
        raise InputError(f"--neutral {named}{error}") from None
    if keep is not None:
        baseline.save(keep)
    return baseline


def _check_place(keep: Path) -> None:
    """Raises InputError where the baseline would take the place of something else, a picture above all."""
    if keep.suffix.lower() != ".json":
        raise InputError(f"--save-neutral {keep}: a name that ends in .json is expected")
    if keep.exists():
        try:
            Baseline.load(keep)
        except InputError:
            raise InputError(
                f"--save-neutral {keep}: would write over what is no baseline; choose another name"
            ) from None


def _learnt(path: Path, recognizer: EmotionRecognizer, cropped: bool) -> Baseline:
    if path.suffix.lower() == ".json":
        return Baseline.load(path)
    if is_video(path):
        with Video.open(path) as video:
            return recognizer.learn_neutral(_beginning(video), cropped)
    return recognizer.learn_neutral(path, cropped)


def _beginning(video: Video) -> Iterator[Bytes]:
    for time, pixels in video.frames():
        if time > SECONDS:
            break
        yield pixels
