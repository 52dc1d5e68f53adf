"""A JSON service: python examples/service.py, then curl --data-binary @photo.jpg http://127.0.0.1:8001/faces
Needs pip install . flask waitress. Pictures leave the sender's device here: the page (python -m web) sends none.
"""

import sys

import waitress
from flask import Flask, abort, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError, run_command

SHOWN = ("box", "label", "certain", "probabilities")
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16_000_000
recognizer = EmotionRecognizer.load()  # threads may share it


@app.post("/faces")
def faces():
    """Returns the faces of the picture in the request's body."""
    if request.mimetype in ("multipart/form-data", "application/json"):
        abort(415, "the body must be the picture itself: curl --data-binary @photo.jpg")
    found = recognizer.recognize(request.get_data())
    return jsonify(faces=[{name: getattr(face, name) for name in SHOWN} for face in found])


@app.errorhandler(InputError)
@app.errorhandler(HTTPException)
def refused(error):
    """Says what is wrong as JSON, whatever it is."""
    error = BadRequest(str(error)) if isinstance(error, InputError) else error
    headers = dict(error.get_headers()) | {"Content-Type": "application/json"}
    return jsonify(error=error.description), error.code, headers


if __name__ == "__main__":
    sys.exit(run_command(lambda: waitress.serve(app, host="127.0.0.1", port=8001)))
