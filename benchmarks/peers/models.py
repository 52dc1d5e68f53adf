"""A peer's network behind the same call as ours: uint8 grey crops in, probabilities in a given order of labels out.

    peer = open_peer(PEERS[0], folder, scratch, ("angry", "disgust", …))
    peer.probabilities(images)      # uint8 [N,48,48] -> float32 [N,K], as the package's own code would answer

Each runs where its package runs it: a .tflite file in LiteRT, the hdf5 file in Keras 2, the two npm networks in TF.js
on WebAssembly. For the clock the hdf5 network is converted to a float .tflite file: Keras would be far slower.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as flatbuffer
from ai_edge_litert.interpreter import Interpreter

from benchmarks.peers import face_api
from benchmarks.peers.networks import FACE_API, GRAPH, HDF5, TFLITE, Peer
from converters.tfjs_runtime import TfjsModel
from face_emotion.arrays import Bytes, Floats
from face_emotion.errors import InputError
from face_emotion.files import read_json, require_file
from face_emotion.litert import LiteRtInterpreter
from face_emotion.native_log import quiet

Answers = Callable[[Floats], Floats]
_WEIGHTS = (flatbuffer.TensorType.FLOAT32, flatbuffer.TensorType.FLOAT16, flatbuffer.TensorType.INT8)


@dataclass(frozen=True)
class OpenPeer:
    """A peer's network, ready to run.

    peer: what it is. parameters: numbers in its weight file. answers: float32 [N,H,W,C] -> [N,K] in the peer's own
    order. order: the peer's output of each of our labels. timed: the .tflite file or TF.js folder that is timed.
    """

    peer: Peer
    parameters: int
    answers: Answers
    order: tuple[int, ...]
    timed: Path

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N,K] in our order of labels for uint8 grey crops [N,48,48]."""
        return np.asarray(self.answers(self.peer.prepare(images)), np.float32)[:, self.order]


class LiteRtNetwork:
    """Any .tflite network with one float32 input and one float32 output, batch 1, one thread, XNNPACK."""

    def __init__(self, path: Path) -> None:
        """Loads the file; raises InputError if it is missing, damaged or has other inputs or outputs."""
        try:
            self._interpreter: LiteRtInterpreter = Interpreter(
                model_content=require_file(path, "model").read_bytes(), num_threads=1
            )
            self._interpreter.allocate_tensors()
            (given,), (answer,) = (
                self._interpreter.get_input_details(),
                self._interpreter.get_output_details(),
            )
        except (ValueError, RuntimeError) as error:
            raise InputError(f"{path}: cannot be run ({error})") from None
        self._input, self._output = given["index"], answer["index"]

    def run(self, rows: Floats) -> Floats:
        """Returns float32 [N,K] for float32 rows [N,H,W,C]."""
        answers = []
        for row in rows:
            self._interpreter.set_tensor(self._input, row[None])
            self._interpreter.invoke()
            answers.append(self._interpreter.get_tensor(self._output)[0])
        return np.stack(answers)


def open_peer(peer: Peer, folder: Path, scratch: Path, labels: Sequence[str]) -> OpenPeer:
    """Opens a peer whose package files lie in `folder`; what has to be converted is written under `scratch`.

    labels: the order of the answers. Raises InputError if the peer has other classes, or a file is damaged.
    """
    if set(peer.labels) != set(labels):
        raise InputError(f"{peer.title} names {', '.join(peer.labels)}, the data set {', '.join(labels)}")
    parameters, answers, timed = _OPENERS[peer.kind](peer, folder, scratch / peer.name)
    return OpenPeer(peer, parameters, answers, tuple(peer.labels.index(label) for label in labels), timed)


def _open_tflite(peer: Peer, folder: Path, scratch: Path) -> tuple[int, Answers, Path]:
    path = folder / peer.weights
    return count_weights(path), LiteRtNetwork(path).run, path


def _open_hdf5(peer: Peer, folder: Path, scratch: Path) -> tuple[int, Answers, Path]:
    from model_build.network.engine import load_engine

    keras: Any = load_engine("tensorflow").keras  # only here is a whole network loaded from hdf5
    import tensorflow as tf

    model = keras.models.load_model(folder / peer.weights, compile=False)
    converted = scratch.with_suffix(".tflite")
    with quiet():
        converted.write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    return model.count_params(), lambda rows: model.predict(rows, batch_size=64, verbose=0), converted


def _open_graph(peer: Peer, folder: Path, scratch: Path) -> tuple[int, Answers, Path]:
    model = next(folder / file for file in peer.files if file.endswith(".json"))
    scratch.mkdir(parents=True)
    shutil.copyfile(model, scratch / "model.json")
    shutil.copyfile(folder / peer.weights, scratch / Path(peer.weights).name)
    stored = [entry for group in read_json(model)["weightsManifest"] for entry in group["weights"]]
    parameters = sum(int(np.prod(entry["shape"])) for entry in stored if entry["dtype"] == "float32")
    return parameters, _tfjs(scratch), scratch


def _open_face_api(peer: Peer, folder: Path, scratch: Path) -> tuple[int, Answers, Path]:
    manifest = next(folder / file for file in peer.files if file.endswith(".json"))
    return face_api.write_graph(manifest, scratch), _tfjs(scratch), scratch


_OPENERS = {TFLITE: _open_tflite, HDF5: _open_hdf5, GRAPH: _open_graph, FACE_API: _open_face_api}


def _tfjs(folder: Path) -> Answers:
    def answers(rows: Floats) -> Floats:
        return next(iter(TfjsModel(folder).outputs(rows.astype(np.float32)).values()))

    return answers


def count_weights(path: Path) -> int:
    """Returns how many weights (float or int8 constants) a .tflite file holds."""
    model = flatbuffer.ModelT.InitFromPackedBuf(path.read_bytes())
    return sum(
        int(np.prod(tensor.shape))
        for graph in model.subgraphs
        for tensor in graph.tensors
        if tensor.type in _WEIGHTS and model.buffers[tensor.buffer].data is not None
    )
