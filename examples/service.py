"""A JSON service for servers that want one: python examples/service.py, then

curl --data-binary @photo.jpg http://127.0.0.1:8001/faces

Needs pip install . flask waitress. Pictures leave the sender's device here: the page (python -m web) sends none.
"""

import io
import threading

from flask import Flask, jsonify, request

from face_emotion import EmotionRecognizer
from face_emotion.pictures import decode_pixels

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16_000_000
recognizer, one_at_a_time = EmotionRecognizer.load(), threading.Lock()


@app.post("/faces")
def faces():
    """Returns the faces of the picture in the request's body."""
    try:
        pixels = decode_pixels(io.BytesIO(request.get_data()))
    except ValueError as error:
        return jsonify(error=str(error)), 400
    with one_at_a_time:  # a recognizer is not to be shared between threads
        found = recognizer.recognize(pixels)
    return jsonify(
        faces=[{"box": face.box, "label": face.label, "probabilities": face.probabilities} for face in found]
    )


if __name__ == "__main__":
    import waitress

    waitress.serve(app, host="127.0.0.1", port=8001)
