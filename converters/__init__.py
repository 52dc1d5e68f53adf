"""Files in, files out: what turns a trained network's files into those that runtimes load, and describes them.

One file a target (tflite, tfjs, the face detector), golden vectors, manifest, and the clock (latency). Knows no Keras,
no data set and no model_build: faces, data and figures come in as arguments. May import face_emotion; model_build,
benchmarks and mobile's scripts may call it.
"""

from face_emotion.errors import refuse_moved_module

refuse_moved_module(
    {
        "converters.face_detector": "python -m model_build face-detector",
        "converters.golden_sequence": "python -m converters sequence",
        "converters.recognizer_benchmark": "python -m benchmarks recognizer",
    }
)
