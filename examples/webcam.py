"""The webcam in a window with a box and a smoothed label for each face; Q ends it.

python examples/webcam.py [NUMBER OF THE CAMERA, OR A VIDEO FILE]      (after pip install .)
"""

import sys
import time

import cv2

from face_emotion import EmotionRecognizer

ORANGE = (0, 159, 230)  # blue, green, red

cv2.utils.logging.setLogLevel(0)  # OpenCV's own lines
source = " ".join(sys.argv[1:]) or "0"
capture = cv2.VideoCapture(int(source) if source.isdecimal() else source)
if not capture.isOpened():
    print(f"error: {source}: no such camera or video, or it is in use", file=sys.stderr)
    sys.exit(2)
recognizer = EmotionRecognizer.load()
while True:
    read, frame = capture.read()
    if not read:
        break
    # OpenCV's frames are BGR, the recognizer takes RGB.
    for face in recognizer.recognize(frame[:, :, ::-1], time=time.monotonic()):
        left, top, right, bottom = map(round, face.box)
        text = f"{face.track} {face.shown} {face.probabilities[face.label]:.0%}"
        cv2.rectangle(frame, (left, top), (right, bottom), ORANGE, 2)
        cv2.putText(frame, text, (left, top - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.6, ORANGE, 2)
    cv2.imshow("Face Emotion Kit", frame)
    if cv2.waitKey(1) & 0xFF == ord("q"):
        break
capture.release()
