"""Whole inputs of every kind that a command takes, made once; cases link to them and damage copies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from face_emotion.baseline import Baseline
from face_emotion.files import read_json, sha256_of, write_json
from model_build.data.dataset import Dataset
from model_build.data.loading import load
from tests.support.cli import colour_frame, video_frames, write_video
from tests.support.data import tiny_rows, tiny_votes, write_csv, write_folder, write_votes

EXPORT = """
import sys
from pathlib import Path
from model_build.network import checkpoint
from model_build.quantization.export import export
export(checkpoint.load(sys.argv[1])).save(Path(sys.argv[2]))
"""


def make_material(root: Path, folder: Path) -> Path:
    """Fills a folder; returns it. root: the checkout whose models are taken. Takes about 20 s of one core.

    Everything is nano's or drawn: models/ (nano and the detector), build/ (nano as a build folder of data.csv),
    saved_model/, checkpoint.npz, data.csv, votes.csv, faces/ (class folders), people/ (two pictures of each person),
    faces.npy, answers.json, baseline.json, list.txt, pictures and a clip.
    """
    folder.mkdir()
    for name in ("nano", "face_detector"):
        shutil.copytree(root / "models" / name, folder / "models" / name)
    nano = folder / "models" / "nano"
    shutil.copyfile(nano / "float" / "checkpoint.npz", folder / "checkpoint.npz")
    _data(folder)
    _build(nano, folder)
    _pictures(root, folder)
    labels = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    Baseline(sha256_of(nano / "int8.tflite"), "both", labels, (90, -40, 10, 0, 300, 20, 0)).save(
        folder / "baseline.json"
    )
    (folder / "list.txt").write_text("portrait.jpg\nface.png\n")
    environment = os.environ | {"PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3"}
    for words in (
        ["-c", EXPORT, str(nano / "float/checkpoint.npz"), str(folder / "saved_model")],
        ["-m", "converters", "answers", str(nano), str(folder / "answers.json")],
    ):
        subprocess.run(
            [sys.executable, *words], env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
    return folder


def _data(folder: Path) -> None:
    write_csv(folder / "data.csv")
    write_votes(folder / "votes.csv", tiny_rows()[2], tiny_votes())
    write_folder(
        folder / "faces", {f"{part}/{name}": 3 for part in ("train", "test") for name in ("happy", "sad")}
    )
    for name in ("happy", "neutral"):
        (folder / "people" / name).mkdir(parents=True)
        for person in range(2):
            frame = colour_frame(labels=[3 if name == "happy" else 6], seed=person)
            Image.fromarray(frame[40:180, 90:230]).save(folder / "people" / name / f"{person}_0.jpg")
    np.save(folder / "faces.npy", tiny_rows()[0])


def _build(nano: Path, folder: Path) -> None:
    build = folder / "build"
    shutil.copytree(nano, build)
    (build / "stages").mkdir()
    dataset: Dataset = load(str(folder / "data.csv"), folder / "votes.csv", None)
    config = read_json(build / "config.json")
    config["dataset"] = {"name": dataset.name, "digest": dataset.digest}
    write_json(build / "config.json", config)


def _pictures(root: Path, folder: Path) -> None:
    portrait = Image.open(root / "web/static/samples/portrait.jpg")
    portrait.thumbnail((320, 320))
    portrait.save(folder / "portrait.jpg")
    face = Image.fromarray(colour_frame())
    for name in ("face.png", "face.webp", "face.gif", "face.bmp", "face.tif"):
        face.save(folder / name)
    write_video(folder / "clip.mp4", video_frames(6))
