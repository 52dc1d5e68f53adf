"""Turns a .tflite file into a TF.js graph model that plain `tf.loadGraphModel` reads and that computes the same.

    convert_tfjs("int8.tflite", "tfjs")      # writes tfjs/model.json and tfjs/weights.bin

Input of the int8 classifier: raw grey bytes 0..255 as float32 [N,48,48,1]; output: probabilities [N,K].

An int8 file keeps its integers: one byte a weight, multiplied by the scale of its channel once, when
the model is loaded (tfjs_graph.py). Activations are float32 but hold whole numbers, the quantised
values less their zero points: after each convolution, addition and mean they are rounded as the int8
kernels do, so that the network's rounding errors come out the same. That takes all layers in front:
leave one out, and the errors of all that follow differ as much as without any rounding. Two things are
left out because they cost time: the rounding in the last block, whose errors hardly anything amplifies
any more, and the cutting off of sums beyond the calibrated range, except where a ReLU makes it free. So
an image that drives sums far out of that range gets the float network's answer, not the int8 file's.

A float file (the face detector) is carried over as it is; float16 weights stay at two bytes.

The first call of a loaded int8 model must not stand inside `tf.tidy`: it makes the scaled filters, and
tidy would throw them away.
"""

from __future__ import annotations

import os
from dataclasses import asdict

from converters.tfjs_conversion import Conversion
from converters.tfjs_operators import CONVERTERS
from converters.tflite_reader import Operator, TfliteModel, read_tflite
from face_emotion.carried import carried_by
from face_emotion.errors import InputError
from face_emotion.files import sha256_of


def convert_tfjs(tflite_path: str | os.PathLike[str], out_folder: str | os.PathLike[str]) -> int:
    """Writes model.json and weights.bin to `out_folder`, replacing it, and returns their bytes together.

    tflite_path: int8 with uint8 input and output, or float32/float16; batch 1 (the TF.js model takes any).
    Raises InputError, naming file and operator, if the file is damaged or holds something not supported.
    """
    model = read_tflite(tflite_path)
    conversion = Conversion(model)
    for operator in model.operators:
        convert_operator(conversion, operator)
    outputs = {}
    for index in model.outputs:
        value, shape = conversion.values[index], model.tensors[index].shape
        node = conversion.times(f"output{index}", value.node, value.unit)
        outputs[_output_name(model, index)] = (node, (-1, *shape[1:]))
    metadata: dict[str, object] = {"source": model.path.name, "source_sha256": sha256_of(model.path)}
    carried = carried_by(model.path.read_bytes())
    metadata |= {name: list(names) for name, names in asdict(carried).items() if names is not None}
    return conversion.graph.save(out_folder, outputs, metadata)


def convert_operator(conversion: Conversion, operator: Operator) -> None:
    """Adds what computes the operator's output; raises InputError if it is not supported."""
    function = CONVERTERS.get(operator.name)
    if function is None:
        raise conversion.error(operator, f"is not supported (supported: {', '.join(CONVERTERS)})")
    if len(operator.outputs) != 1:
        raise conversion.error(operator, f"has {len(operator.outputs)} outputs where one is expected")
    try:
        value = function(conversion, operator)
    except InputError:
        raise
    except Exception as error:  # shapes and options that contradict each other
        reason = f"{type(error).__name__}: {error}"
        raise conversion.error(
            operator, f"cannot be converted; the file may be damaged ({reason})"
        ) from error
    if value is not None:
        conversion.values[operator.outputs[0]] = value


def _output_name(model: TfliteModel, index: int) -> str:
    """Returns "probabilities" for what comes out of a softmax, else the tensor's name in the file."""
    producers = {operator.outputs[0]: operator for operator in model.operators if operator.outputs}
    operator = producers.get(index)
    while operator is not None and operator.name in ("QUANTIZE", "DEQUANTIZE"):
        operator = producers.get(operator.inputs[0])
    if operator is not None and operator.name == "SOFTMAX":
        return "probabilities"
    return model.tensors[index].name.removesuffix(":0")
