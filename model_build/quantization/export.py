"""From checkpoints to SavedModels: the logits of all heads and the softmax of their blend; batch 1.

The converters read these folders and know no Keras. Signature "serving_default": float32 [1, 48, 48, 1] in
[0, 1] (grey / 255) to "probabilities", float32 [1, classes], and "logits", float32 [1, heads * classes].
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes, Floats
from face_emotion.contract import BOTH_HEADS, FAR, Contract
from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from face_emotion.softmax import float_probabilities
from model_build.network import checkpoint
from model_build.network.architecture import BLEND, INPUT_SIZE, LOGITS, build_exported
from model_build.network.engine import load_engine
from model_build.network.keras_protocol import KerasModel, Tensor
from model_build.quantization import fake_quantization
from model_build.training.selection import predict

_UNCOUNTED = np.float64(-1)  # tfmot's step counter before the first step
_CLASSIFIER, _QUANTIZED = "classifier_", f"{fake_quantization.PREFIX}classifier_"


@dataclasses.dataclass(frozen=True)
class Exported:
    """A network as its artifacts hold it, ready to predict and to be saved.

    model: tf_keras model, float or fake-quantised, as `build_exported` makes it. contract: what its answers are made
    by; head: whose answer `probabilities` gives.
    """

    model: KerasModel
    contract: Contract
    head: str = BOTH_HEADS

    def logits(self, images: Bytes) -> Floats:
        """Returns float32 [N, heads * classes] for uint8 [N, 48, 48]."""
        return predict(self.model, images, self.contract.normalization)[-1]

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N, classes], rows summing to 1, for uint8 [N, 48, 48]."""
        return float_probabilities(self.logits(images), self.contract.weights(self.head))

    def save(self, folder: Path) -> None:
        """Writes the SavedModel through a temporary name; raises InputError if the disk refuses."""
        import tensorflow as tf

        @tf.function(  # type: ignore[untyped-decorator]  # TensorFlow has no types
            input_signature=[tf.TensorSpec((1, INPUT_SIZE, INPUT_SIZE, 1), tf.float32, name="image")]
        )
        def serve(image: Tensor) -> dict[str, Tensor]:
            blended, logits = self.model(image, training=False)
            return {"probabilities": tf.nn.softmax(blended), "logits": logits}

        with atomic_path(folder) as partial:
            module = tf.Module()
            # The variables only: of a tracked model every layer would be saved and loaded by itself.
            module.weights = self.model.variables
            module.serve = serve
            try:
                tf.saved_model.save(module, str(partial), signatures=serve)
            except tf.errors.OpError as error:
                # TensorFlow writes by itself and reports a full disk in its own way: "<temporary path>; <reason>".
                reason = error.message.splitlines()[0].rpartition("; ")[2].partition(" [Op:")[0]
                raise InputError(f"{folder}: cannot be written ({reason}); is the disk full?") from None


def contract_of(source: checkpoint.Checkpoint) -> Contract:
    """Returns the contract of a checkpoint: labels, heads and normalisation, not calibrated; its first head answers.

    Pictures are searched far.
    """
    heads = len(source.heads)
    return Contract(
        labels=source.labels,
        heads=source.heads,
        blend=tuple(float(index == 0) for index in range(heads)),
        sharpness=(1.0,) * heads,
        normalization=source.normalization,
        reach=FAR,
    )


def export(
    source: checkpoint.Checkpoint, contract: Contract | None = None, head: str = BOTH_HEADS
) -> Exported:
    """Returns a float or QAT checkpoint as its artifacts hold it: with the contract's blend as a classifier of its own.

    contract: of the answers, by default `contract_of` the checkpoint; head: whose answer is given.
    Raises InputError if the checkpoint lacks the head.
    """
    contract = contract or contract_of(source)
    contract.weights(head)
    keras = load_engine("tensorflow").keras
    keras.backend.reset_uids()  # names go into the files, which must not depend on what was built before
    model = build_exported(keras, source.architecture, len(source.labels), len(source.heads))
    if source.details["kind"] == "qat":
        model = fake_quantization.fake_quantized(model)
    checkpoint.set_weights(model, _joined(source, contract.blend))
    if source.details["kind"] == "qat":
        fake_quantization.set_weight_ranges(model)
    return Exported(model, contract, head)


def _joined(source: checkpoint.Checkpoint, blend: tuple[float, ...]) -> dict[str, Floats]:
    """The checkpoint's weights with the classifiers of its heads made into those of `build_exported`."""
    weights = {
        name: value
        for name, value in source.weights.items()
        if not name.startswith((_CLASSIFIER, _QUANTIZED))
    }
    quantized = source.details["kind"] == "qat"
    prefix = _QUANTIZED if quantized else _CLASSIFIER
    columns = [
        [np.asarray(source.weights[f"{prefix}{head}/{index}"], np.float64) for head in source.heads]
        for index in _scaled(quantized)
    ]
    joined = [np.concatenate(parts, axis=-1) if parts[0].ndim else np.stack(parts) for parts in columns]
    mixed = [np.tensordot(blend, np.stack(parts), axes=1) for parts in columns]
    for name, values in ((LOGITS, joined), (BLEND, mixed)):
        if quantized:  # the kernel's ranges are set anew; one range holds the logits of all heads
            kernel, bias, low, high, smallest, largest = values
            values = [kernel, bias, _UNCOUNTED, low, high, smallest.min(), largest.max()]
            weights[f"{fake_quantization.PREFIX}{name}/0"] = np.asarray(_UNCOUNTED, np.float32)
        weights |= {f"{prefix}{name}/{index}": np.asarray(v, np.float32) for index, v in enumerate(values)}
    return weights


def _scaled(quantized: bool) -> tuple[int, ...]:
    """Places among a classifier's weights that are as large as its logits: all but tfmot's step counter."""
    return (0, 1, 3, 4, 5, 6) if quantized else (0, 1)
