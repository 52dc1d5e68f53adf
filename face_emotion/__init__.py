"""The Python runtime of Face Emotion Kit: what the browser and the phone have too, under the same names.

    from face_emotion import EmotionRecognizer

    for face in EmotionRecognizer.load().recognize("photo.jpg"):
        print(face.label if face.certain else "unclear", face.box)

`python -m face_emotion PATH...` is the same as a command.
Nothing in this package imports TensorFlow (tests/face_emotion/test_imports.py watches). What this module offers is
loaded when it is first asked for: the web server uses parts of this package without NumPy or LiteRT.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from face_emotion.baseline import Baseline
    from face_emotion.face import Face
    from face_emotion.recognizer import EmotionRecognizer

_MODULES = {"Baseline": "baseline", "EmotionRecognizer": "recognizer", "Face": "face"}
__all__ = ["Baseline", "EmotionRecognizer", "Face"]
__version__ = "2.0.0"


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"face_emotion.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
