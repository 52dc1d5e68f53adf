"""The faces of one picture: python examples/one_image.py photo.jpg  (after pip install .)"""

import sys

from face_emotion import EmotionRecognizer

recognizer = EmotionRecognizer.load()
for face in recognizer.recognize(sys.argv[1]):
    print(f"{face.shown} {face.probabilities[face.label]:.0%}, box {[round(side) for side in face.box]}")
