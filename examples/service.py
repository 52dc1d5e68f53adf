"""A JSON service for servers that want one: python examples/service.py, then

curl --data-binary @photo.jpg http://127.0.0.1:8001/faces

Needs pip install . flask waitress. Pictures leave the sender's device here: the page (python -m web) sends none.
"""

import sys

from flask import Flask, jsonify, request

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError, run_command

SHOWN = ("box", "label", "certain", "probabilities")
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16_000_000
recognizer = EmotionRecognizer.load()  # threads may share it


@app.post("/faces")
def faces():
    """Returns the faces of the picture in the request's body."""
    try:
        found = recognizer.recognize(request.get_data())
    except InputError as error:
        return jsonify(error=str(error)), 400
    return jsonify(faces=[{name: getattr(face, name) for name in SHOWN} for face in found])


if __name__ == "__main__":
    import waitress

    sys.exit(run_command(lambda: waitress.serve(app, host="127.0.0.1", port=8001)))
