"""From checkpoints to SavedModels: one head, batch 1, softmax and calibration temperature inside.

The converters read these folders and know no Keras. Signature "serving_default": float32 [1, 48, 48, 1] in
[0, 1] (grey / 255) to probabilities float32 [1, classes].
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from face_emotion.arrays import Bytes, Floats
from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from model_build.network import checkpoint
from model_build.network.architecture import INPUT_SIZE
from model_build.network.engine import load_engine
from model_build.network.keras_protocol import KerasModel, Tensor
from model_build.quantization import fake_quantization
from model_build.training.selection import predict


@dataclasses.dataclass(frozen=True)
class Exported:
    """A one-headed network with its temperature folded in, ready to predict and to be saved.

    model: tf_keras model, float or fake-quantised, float32 [N, 48, 48, 1] to logits [N, classes].
    """

    model: KerasModel

    def logits(self, images: Bytes) -> Floats:
        """Returns float32 [N, classes] for uint8 [N, 48, 48]."""
        return predict(self.model, images)[0]

    def probabilities(self, images: Bytes) -> Floats:
        """Returns float32 [N, classes], rows summing to 1, for uint8 [N, 48, 48]."""
        logits = self.logits(images)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
        return probabilities

    def save(self, folder: Path) -> None:
        """Writes the SavedModel through a temporary name; raises InputError if the disk refuses."""
        import tensorflow as tf

        @tf.function(  # type: ignore[untyped-decorator]  # TensorFlow has no types
            input_signature=[tf.TensorSpec((1, INPUT_SIZE, INPUT_SIZE, 1), tf.float32, name="image")]
        )
        def serve(image: Tensor) -> dict[str, Tensor]:
            return {"probabilities": tf.nn.softmax(self.model(image, training=False))}

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


def export(source: checkpoint.Checkpoint, head: str, temperature: float = 1.0) -> Exported:
    """Returns one head of a float or QAT checkpoint with its logits divided by `temperature` (> 0).

    The division is folded into the classifier's kernel, bias and (of a QAT checkpoint) ranges.
    Raises InputError if the checkpoint lacks the head.
    """
    if head not in source.heads:
        raise InputError(f"--head {head}: the checkpoint has only {', '.join(source.heads)}")
    scaled = dataclasses.replace(source, weights=_divided(source, head, temperature))
    keras = load_engine("tensorflow").keras
    keras.backend.reset_uids()  # names go into the files, which must not depend on what was built before
    model = fake_quantization.restore(scaled) if source.details["kind"] == "qat" else scaled.model(keras)
    outputs = model.outputs if isinstance(model.outputs, list) else [model.outputs]
    return Exported(keras.Model(model.input, outputs[source.heads.index(head)], name="face_emotion"))


def _divided(source: checkpoint.Checkpoint, head: str, temperature: float) -> dict[str, Floats]:
    """Kernel, bias and every range of the classifier scale with the logits; the step counter (an int) does not."""
    names = (f"classifier_{head}/", f"{fake_quantization.PREFIX}classifier_{head}/")
    return {
        name: value / np.float32(temperature)
        if name.startswith(names) and not (value.shape == () and value == -1)
        else value
        for name, value in source.weights.items()
    }
