"""A model folder's float network as one .onnx file that takes grey face crops as they are, any number at once.

    python -m converters onnx models/small --out small.onnx

tf2onnx turns float32.tflite into ONNX. Three things are added to what it makes: the batch is left open; in front of
the network grey bytes are stretched and divided by 255 (onnx_front.py), so that nobody can feed it the wrong range; and
what a runtime must know stands in the file's metadata. Needs requirements-onnx.txt.

Input: `image`, uint8 [N,1,48,48] (NCHW; of one channel, so that [N,48,48] has the same bytes). Outputs:
`probabilities`, float32 [N,K], and `logits`, float32 [N,heads*K], head after head, as in the .tflite files.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from converters.manifest import NAME, read_contract, read_manifest
from converters.onnx_front import front
from converters.onnx_names import rename
from converters.tflite_metadata import associated_files
from face_emotion import __version__
from face_emotion.carried import LOGITS_FILE
from face_emotion.contract import Contract
from face_emotion.errors import InputError
from face_emotion.files import atomic_path, require_file, sha256_of
from face_emotion.model_files import ModelFolder
from face_emotion.native_log import quiet

OPSET, IR_VERSION = 13, 7  # ONNX 1.8 of 2020: what onnxruntime 1.6 and newer read
IMAGE, UNIT = "image", "unit"
OUTPUTS = ("probabilities", "logits")
BATCH = "N"
VERSION = 1  # of what convert_onnx writes
PACKAGES = ("onnx", "onnxruntime", "tf2onnx")


def require_packages() -> None:
    """Raises InputError if a package of requirements-onnx.txt is missing."""
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"{sys.executable} lacks {', '.join(missing)}; run pip install -r requirements-onnx.txt in its environment"
        )


def float_file(folder: Path) -> Path:
    """Returns a folder's float32.tflite, compared with its manifest where it has one.

    Raises InputError if the folder is none of this kit, of format 1, or has no such file, or another one.
    """
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; name a build folder or a released model, such as models/small"
        )
    if not (folder / NAME).exists():
        return require_file(
            folder / "float32.tflite", "float file; name a finished build, or run convert first"
        )
    if "float32" not in read_manifest(folder)["artifacts"]:
        raise InputError(f"{folder}: has no float32.tflite; name a build folder or a released model")
    return ModelFolder.open(folder).artifact("float32")


def convert_onnx(folder: Path, target: Path, name: str = "", licence: str = "") -> Path:
    """Writes the float network of a build or model folder as `target`, and returns that.

    name: of the model (default: the folder's). licence: what the file says of its own; "" leaves the entry out.
    Raises InputError as `float_file` does, for a network that cannot be converted, or without the packages.
    """
    require_packages()
    source, contract = float_file(folder), read_contract(folder)
    model = _network(source)
    _open_batch(model, contract)
    _put_in_front(model, contract)
    _describe(model, contract, name or folder.resolve().name, licence, source)
    rename(model)
    _check(model, source)
    with atomic_path(target) as partial:
        partial.write_bytes(model.SerializeToString(deterministic=True))
    return target


def _network(source: Path) -> Any:
    """What tf2onnx makes of the file, with one input [1,1,S,S] and the outputs by their names."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's, of the interpreter that tf2onnx reads shapes with
        import tf2onnx

        try:
            model, _ = tf2onnx.convert.from_tflite(str(source), opset=OPSET, inputs_as_nchw=[IMAGE])
        except Exception as error:  # whatever tf2onnx and the schema's reader trip over
            reason = f"{type(error).__name__}: {error}"
            raise InputError(f"{source}: cannot be converted; it may be damaged ({reason})") from None
    found = [entry.name for entry in model.graph.input], [entry.name for entry in model.graph.output]
    if found != ([IMAGE], list(OUTPUTS)):
        raise InputError(f"{source}: gives {', '.join(found[1])} where {' and '.join(OUTPUTS)} are expected")
    return model


def _open_batch(model: Any, contract: Contract) -> None:
    """Takes any number of images: no shape names the batch of 1 that the .tflite file is fixed to."""
    from onnx import numpy_helper

    shapes = {node.input[1] for node in model.graph.node if node.op_type == "Reshape"}
    for constant in model.graph.initializer:
        if constant.name in shapes:
            shape = numpy_helper.to_array(constant).copy()
            if shape[0] == 1:
                shape[0] = 0  # as many as come in
                constant.CopyFrom(numpy_helper.from_array(shape, constant.name))
    for entry in (*model.graph.input, *model.graph.output):
        entry.type.tensor_type.shape.dim[0].dim_param = BATCH
    del model.graph.value_info[:]


def _put_in_front(model: Any, contract: Contract) -> None:
    from onnx import TensorProto

    graph = model.graph
    for node in graph.node:
        for place, name in enumerate(node.input):
            if name == IMAGE:
                node.input[place] = UNIT
    nodes, constants = front(IMAGE, UNIT, contract)
    behind = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *behind])
    graph.initializer.extend(constants)
    graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8


def _describe(model: Any, contract: Contract, name: str, licence: str, source: Path) -> None:
    from onnx import helper

    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "Face Emotion Kit", __version__
    model.graph.name = name
    model.doc_string = "Facial expression of one face."
    said: dict[str, Any] = {
        "name": name,
        "labels": list(contract.labels),
        "logits": associated_files(contract)[LOGITS_FILE],
        "normalization": contract.to_dict()["normalization"] | {"applied": "in this file"},
        "contract": contract.to_dict(),
        "input": f"{IMAGE}: grey levels 0..255 of face crops, uint8 [{BATCH},1,{contract.input_size},"
        f"{contract.input_size}], as they are",
        "source": source.name,
        "source_sha256": sha256_of(source),
    }
    if licence:
        said["licence"] = licence
    texts = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in said.items()
    }
    helper.set_model_props(model, texts)


def _check(model: Any, source: Path) -> None:
    import onnx

    try:
        onnx.checker.check_model(model, full_check=True)
        dimensions = {
            entry.name: entry.type.tensor_type.shape.dim[0].dim_param
            for entry in onnx.shape_inference.infer_shapes(model, strict_mode=True).graph.output
        }
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise InputError(f"{source}: cannot be converted ({str(error).splitlines()[0]})") from None
    assert dimensions == dict.fromkeys(OUTPUTS, BATCH)


def session(path: Path) -> Any:
    """Returns an onnxruntime session of one thread; raises InputError if the file is missing or damaged."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(require_file(path, ".onnx file")), options, providers=["CPUExecutionProvider"]
        )
    except InputError:
        raise
    except Exception as error:  # onnxruntime's own kinds have no common class
        raise InputError(f"{path}: damaged or no .onnx file ({type(error).__name__})") from None


def answers(path: Path, faces: Any) -> tuple[Any, Any]:
    """Returns what onnxruntime makes of grey crops uint8 [N,48,48]: probabilities [N,K] and logits [N,heads*K]."""
    probabilities, logits = session(path).run(list(OUTPUTS), {IMAGE: np.ascontiguousarray(faces)[:, None]})
    return probabilities, logits
