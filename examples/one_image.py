"""The faces of one picture: python examples/one_image.py photo.jpg  (after pip install .)"""

import sys

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError, run_command


def main() -> None:
    if len(sys.argv) != 2:
        raise InputError("name one picture: photo.jpg")
    for face in EmotionRecognizer.load().recognize(sys.argv[1]):
        print(f"{face.shown} {face.probabilities[face.label]:.0%}, box {[round(side) for side in face.box]}")


sys.exit(run_command(main))  # an InputError is one line that names the file, and status 2
