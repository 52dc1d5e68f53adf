"""converters.tflite_names: tensors named after the layers, and nothing else about the file changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from converters import tflite
from converters.tflite_names import layer_name, shorten_names
from converters.tflite_reader import read_tflite
from face_emotion.classifier import TfliteClassifier
from face_emotion.contract import Contract
from model_build.quantization.export import export
from model_build.quantization.untrained import convert_untrained
from tests.support.tflite import random_images
from tests.support.training import BOTH, SMALLEST, untrained_checkpoint

IMAGES = random_images(40)
CONTRACT = Contract(heads=BOTH, blend=(0.5, 0.5), sharpness=(1.0, 1.0))
LAYERS = (
    "stem0",
    "stage0_0_expand",
    "stage0_0_depthwise",
    "stage0_0_project",
    "head",
    "classifier_blend",
    "classifier_logits",
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """A function of the kind that gives the file as TensorFlow's converter writes it, made once."""
    folder = tmp_path_factory.mktemp("names")
    convert_untrained(SMALLEST, folder)
    export(untrained_checkpoint(SMALLEST, heads=BOTH)).save(folder / "float")

    @cache
    def make(kind: str) -> bytes:
        source = folder / ("saved_model" if kind == "int8" else "float")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tflite, "shorten_names", lambda content: content)
            return tflite.convert(source, folder / f"{kind}.tflite", kind, IMAGES).read_bytes()

    return make


def _classifier(path: Path, content: bytes, reference_kernels: bool = False) -> TfliteClassifier:
    path.write_bytes(content)
    return TfliteClassifier(path, CONTRACT, reference_kernels=reference_kernels)


@pytest.mark.parametrize("kind", tflite.KINDS)
@pytest.mark.parametrize("reference_kernels", [False, True])
def test_answers_are_the_same_to_the_bit(original, tmp_path, kind: str, reference_kernels: bool):
    (tmp_path / "before.tflite").write_bytes(original(kind))
    interpreter = Interpreter(
        str(tmp_path / "before.tflite"),
        num_threads=1,
        experimental_op_resolver_type=OpResolverType.BUILTIN_REF
        if reference_kernels
        else OpResolverType.BUILTIN,
    )
    interpreter.allocate_tensors()
    (given,) = interpreter.get_input_details()
    logits, probabilities = interpreter.get_output_details()  # as TensorFlow sorts them
    after = _classifier(tmp_path / "after.tflite", shorten_names(original(kind)), reference_kernels)
    rows = IMAGES if given["dtype"] == np.uint8 else IMAGES.astype(np.float32) / np.float32(255)
    expected = []
    for row in rows:
        interpreter.set_tensor(given["index"], row[None, :, :, None])
        interpreter.invoke()
        expected.append([interpreter.get_tensor(output["index"])[0] for output in (probabilities, logits)])
    for found, column in zip(after.outputs(IMAGES), zip(*expected, strict=True), strict=True):
        np.testing.assert_array_equal(found, np.stack(column))
    # A network that always says the same would prove nothing.
    assert len({tuple(row) for _, row in expected}) > 5


@pytest.mark.parametrize("kind", tflite.KINDS)
def test_only_names_and_the_order_of_outputs_change(original, kind: str):
    before, after = (
        schema.ModelT.InitFromPackedBuf(content)
        for content in (original(kind), shorten_names(original(kind)))
    )
    lengths = []
    for model in (before, after):
        (graph,), (signature,) = model.subgraphs, model.signatureDefs
        names = {tensor.name for tensor in graph.tensors}
        assert len(names) == len(graph.tensors)  # different from each other
        outside = {graph.tensors[index].name for index in (*graph.inputs, *graph.outputs)}
        lengths.append(max(map(len, names - outside)))
        for tensor in graph.tensors:
            tensor.name = None
        signature.outputs.sort(key=lambda entry: entry.name)
    assert list(before.subgraphs[0].outputs) == list(after.subgraphs[0].outputs)[::-1]
    before.subgraphs[0].outputs = after.subgraphs[0].outputs
    assert _plain(before) == _plain(after)
    assert lengths[1] <= 40 < lengths[0]


def _plain(value: object) -> object:
    """The schema's objects as dictionaries, which compare by value."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return {key: _plain(entry) for key, entry in vars(value).items()} if hasattr(value, "__dict__") else value


@pytest.mark.parametrize("kind", tflite.KINDS)
def test_activations_kernels_and_biases_bear_their_layers_name(original, tmp_path, kind: str):
    path = tmp_path / "short.tflite"
    path.write_bytes(shorten_names(original(kind)))
    model = read_tflite(path)
    found = [
        tuple(model.tensors[index].name for index in (*operator.outputs, *operator.inputs[1:]))
        for operator in model.operators
        if operator.name.endswith("CONV_2D")
    ]
    assert found == [(layer, f"{layer}/kernel", f"{layer}/bias") for layer in LAYERS]
    (signature,) = Interpreter(str(path)).get_signature_list().values()
    assert signature == {"inputs": ["image"], "outputs": ["logits", "probabilities"]}


@pytest.mark.parametrize("kind", tflite.KINDS)
def test_the_file_comes_out_the_same_each_time_and_a_second_time(original, kind: str):
    short = shorten_names(original(kind))
    assert short == shorten_names(original(kind)) == shorten_names(short)
    assert len(short) < len(original(kind)) - 500


def test_two_tensors_of_one_layer_get_different_names(original):
    model = schema.ModelT.InitFromPackedBuf(original("float32"))
    (graph,) = model.subgraphs
    for operator in graph.operators[1:3]:
        graph.tensors[operator.outputs[0]].name = b"face_emotion/twice_relu/Relu6"
    builder = flatbuffers.Builder(4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    (after,) = schema.ModelT.InitFromPackedBuf(shorten_names(bytes(builder.Output()))).subgraphs
    names = [after.tensors[operator.outputs[0]].name for operator in after.operators[1:3]]
    assert names == [b"twice_relu", b"twice_relu_2"]
    assert len({tensor.name for tensor in after.tensors}) == len(after.tensors)


def test_convert_writes_short_names(original, tmp_path):
    content = original("float32")  # also makes the SavedModel
    source = next(tmp_path.parent.glob("names*/float"))
    assert tflite.convert(source, tmp_path / "x.tflite", "float32").read_bytes() == shorten_names(content)


@pytest.mark.parametrize(
    ("operations", "name"),
    [
        ("face_emotion/stem0_relu/Relu6;face_emotion/stem0_norm/X;face_emotion/stem0_conv/Conv2D1", "stem0"),
        ("face_emotion/quant_stage1_0_expand_conv/LastValueQuant/FakeQuant", "stage1_0_expand_conv"),
        (
            "face_emotion/quant_stage1_0_depthwise_relu/X;face_emotion/quant_stage1_0_depthwise/Y",
            "stage1_0_depthwise",
        ),
        (
            "face_emotion/quant_labels/Reshape;face_emotion/quant_classifier_labels/MovingAvg/FakeQuant",
            "labels",
        ),
        ("face_emotion/head_relu/Relu6;face_emotion/headline_conv/Conv2D", "head_relu"),
        ("tfl.pseudo_qconst7", "tfl.pseudo_qconst7"),
        ("stem0/kernel", "stem0/kernel"),
        ("", ""),
    ],
)
def test_the_layer_behind_a_list_of_operations(operations: str, name: str):
    assert layer_name(operations) == name
