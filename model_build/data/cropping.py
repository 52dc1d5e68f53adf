"""Class folders of photographs -> class folders of 48×48 grey PNG files: the crops that a runtime would see.

    python -m model_build crop photos/ my_faces/
    python -m model_build build --data my_faces --variant nano-mine --from models/nano

Folders keep their names (photos/train/happy/a.jpg: my_faces/train/happy/a.png), faces are found and cut out as the
recognizer does it for a still image. OUT/.crops.jsonl has what was made of each picture, a line each: the same command
goes on after an interruption, and takes pictures that have changed or are new.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from PIL import Image

from face_emotion.arrays import Bytes
from face_emotion.contract import FAR, Contract
from face_emotion.detection import Detection
from face_emotion.detector import Detector
from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from face_emotion.geometry import crop_transform, sample_grey
from face_emotion.model_files import packaged
from face_emotion.pictures import read_pixels
from model_build.data.elsewhere import PICTURES
from model_build.data.many_pictures import available_cores
from model_build.folder_lock import locked
from model_build.progress import progress_bar

RECORD, FORMAT = ".crops.jsonl", "face-emotion-kit crops 1"
LARGEST, ALL = FACES = ("largest", "all")
FEW = 24  # pictures that are read before workers would have started
CHUNK = 8  # pictures that a worker is handed at once
_NUMBER = "+"  # between a picture's name and the number of a further face


@dataclass
class Cropped:
    """What became of the pictures: crops and unchanged (counts), without (those in which no face was found), broken
    (place and reason), loose (those that stand in no class folder)."""

    pictures: int = 0
    crops: int = 0
    unchanged: int = 0
    without: list[str] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def crop_of(pixels: Bytes, face: Detection, detector: Detector, contract: Contract) -> Bytes:
    """Returns uint8 [48,48]: a face cut out of a picture and turned upright, as the recognizer cuts it."""
    crop = detector.crop(contract.crop)
    place = crop_transform(face.upright_box, face.eyes, crop)
    return sample_grey(pixels, place, contract.input_size, contract.luma, crop.max_samples)


def crop_folder(source: Path, out: Path, faces: str = LARGEST) -> Cropped:
    """Cuts the faces out of the pictures of class folders and writes them to `out`.

    faces: of each picture the largest, or all (then a.png, a+2.png and so on, the largest first). Pictures without a
    face and broken ones are left out and returned. Raises InputError if there is no picture in a class folder, or `out`
    holds anything but crops of such a run.
    """
    found, loose = find_photographs(source)
    if not found:
        raise InputError(
            f"{source}: no picture in a class folder; one folder of photographs for each class is expected"
        )
    header = {"format": FORMAT, "faces": faces, "source": source.resolve().name}
    read_record(out, header)  # before a lock is put there
    with locked(out):
        return _crop_all(source, out, header, found, loose)


def _crop_all(source: Path, out: Path, header: dict[str, Any], found: list[str], loose: list[str]) -> Cropped:
    known = read_record(out, header)
    names = names_of(found)
    result = Cropped(len(found), loose=loose)
    waiting = []
    for place in found:
        entry = known.get(place)
        if entry is not None and entry["state"] == _state(source / place) and _whole(out, entry):
            result.unchanged += 1
            result.crops += len(entry["crops"])
            if not entry["crops"]:
                result.without.append(place)
        else:
            waiting.append(place)
    own = {crop for entry in known.values() for crop in entry["crops"]}
    with open(out / RECORD, "a", encoding="utf-8") as record:
        if not record.tell():
            _write_line(record, header)
        elif not (out / RECORD).read_bytes().endswith(b"\n"):
            record.write("\n")  # the last line was cut off; the next is one of its own
        with progress_bar(f"crops of {source.name}", len(waiting)) as advance:
            for number, (place, crops) in enumerate(_crops(source, waiting, header["faces"])):
                advance(number)
                if isinstance(crops, str):
                    result.broken.append((place, crops))
                    continue
                written = [
                    names[place] + (f"{_NUMBER}{n}" if n > 1 else "") + ".png"
                    for n in range(1, len(crops) + 1)
                ]
                for name in written:
                    if name not in own and (out / name).exists():
                        raise InputError(
                            f"{out / name}: is there already, and no crop of this command; move it"
                        )
                # First the line: what is half written then is known as this command's own.
                _write_line(record, {"picture": place, "state": _state(source / place), "crops": written})
                for stale in known.get(place, {"crops": []})["crops"]:
                    if stale not in written:
                        (out / stale).unlink(missing_ok=True)
                for name, crop in zip(written, crops, strict=True):
                    with atomic_path(out / name, durable=False) as partial:
                        Image.fromarray(crop).save(partial, "PNG")
                own.update(written)
                result.crops += len(written)
                if not written:
                    result.without.append(place)
    return result


def find_photographs(source: Path) -> tuple[list[str], list[str]]:
    """Returns the places below `source` of the pictures in class folders, and of those in none, both sorted.

    A picture is told by its file's suffix; what begins with a dot is not looked at. Raises InputError for no folder.
    """
    if not source.is_dir():
        raise InputError(
            f"{source}: {'not a folder' if source.exists() else 'no such folder'} of class folders"
        )
    places = sorted(
        path.relative_to(source)
        for path in source.rglob("*")
        if path.suffix.lower() in PICTURES and path.is_file()
    )
    seen = [place for place in places if not any(part.startswith(".") for part in place.parts)]
    return (
        [place.as_posix() for place in seen if len(place.parts) > 1],
        [place.as_posix() for place in seen if len(place.parts) == 1],
    )


def names_of(places: Sequence[str]) -> dict[str, str]:
    """Returns what each picture's crop is called, without ".png": the picture's place without its suffix.

    With the suffix where two would have one name (a.jpg, a.png), or one looks like a further face's (a+2.jpg).
    """
    stems = {place: str(Path(place).with_suffix("")) for place in places}
    counts: dict[str, int] = {}
    for stem in stems.values():
        counts[stem.casefold()] = counts.get(stem.casefold(), 0) + 1
    return {
        place: place if counts[stem.casefold()] > 1 or stem.rpartition(_NUMBER)[2].isdecimal() else stem
        for place, stem in stems.items()
    }


def read_record(out: Path, header: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Returns what an earlier run wrote into `out`, by picture; {} for a folder that is not there or is empty.

    Raises InputError for a folder of anything else, or of crops of another source or choice of faces.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: a file stands where a folder should be; move it or choose another folder")
    path = out / RECORD
    if not path.exists():
        others = [entry.name for entry in out.iterdir() if entry.name != ".lock"] if out.is_dir() else []
        if others:
            raise InputError(
                f"{out}: holds files that are no crops of this command ({min(others)}); give another folder"
            )
        return {}
    lines = list(_lines(path))
    if lines and lines[0] != header:
        raise InputError(
            f"{out}: holds crops of another run ({lines[0].get('source')}, --faces {lines[0].get('faces')}); give "
            "another folder, or remove it"
        )
    return {line["picture"]: line for line in lines[1:] if line.keys() == {"picture", "state", "crops"}}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the objects of a file of JSON lines; a last line that was cut off is left out."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def _write_line(record: IO[str], value: dict[str, Any]) -> None:
    record.write(json.dumps(value) + "\n")
    record.flush()


def _state(path: Path) -> list[int]:
    """By what a picture is known as unchanged: bytes and time of change."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _whole(out: Path, entry: dict[str, Any]) -> bool:
    return all((out / crop).is_file() for crop in entry["crops"])


def _crops(source: Path, places: Sequence[str], faces: str) -> Iterator[tuple[str, list[Bytes] | str]]:
    """Yields each picture with its crops, or why it cannot be read, in order."""
    cores = available_cores()
    if len(places) <= FEW or cores == 1:
        for place in places:
            yield place, _cut(source / place, faces)
        return
    from joblib import Parallel, delayed  # only now: few pictures need no workers

    chunks = [places[start : start + CHUNK] for start in range(0, len(places), CHUNK)]
    pool = Parallel(n_jobs=cores, return_as="generator", pre_dispatch=4 * cores, batch_size=1)
    jobs = (delayed(_cut_all)([source / place for place in chunk], faces) for chunk in chunks)
    for chunk, found in zip(chunks, pool(jobs), strict=True):
        yield from zip(chunk, found, strict=True)


def _cut_all(paths: Sequence[Path], faces: str) -> list[list[Bytes] | str]:
    return [_cut(path, faces) for path in paths]


def _cut(path: Path, faces: str) -> list[Bytes] | str:
    detector = _detector()
    try:
        pixels = read_pixels(path)
    except (ValueError, OSError) as error:
        return getattr(error, "strerror", None) or str(error)
    found = sorted(detector.detect(pixels, FAR), key=_size, reverse=True)
    chosen = found[:1] if faces == LARGEST else found
    return [crop_of(pixels, face, detector, Contract()) for face in chosen]


def _size(face: Detection) -> float:
    left, top, right, bottom = face.upright_box
    return (right - left) * (bottom - top)


@cache
def _detector() -> Detector:
    return Detector.load(packaged("face_detector"))
