"""What the build uses of Keras, as types: tf_keras and keras (version 3) offer it alike, and have none of their own.

Which one runs is known at run time only (engine.py), so modules, models, layers and optimisers are described by what
is asked of them. Tensors stay `Any`: they take arithmetic, indices and array functions, traced or not, and each
engine has several classes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias, overload

from face_emotion.arrays import Array

Tensor: TypeAlias = Any


class Shape(Protocol):
    """A tf.TensorShape or a tuple, of which only known sides are asked for."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[int]: ...

    @overload
    def __getitem__(self, place: int, /) -> int: ...

    @overload
    def __getitem__(self, place: slice, /) -> Shape: ...


class KerasTensor(Protocol):
    """An output of a layer while a network is put together: a shape, no numbers."""

    @property
    def shape(self) -> Shape: ...


class Variable(Protocol):
    """A weight, an optimiser's momentum or a quantiser's range."""

    @property
    def name(self) -> str: ...

    @property
    def shape(self) -> Shape: ...

    def assign(self, value: Any, /) -> Any: ...


class KerasLayer(Protocol):
    """A layer, also one that tfmot has wrapped."""

    trainable: bool

    def __init__(self, *arguments: Any, **settings: Any) -> None: ...

    def __call__(self, inputs: Any, /) -> KerasTensor: ...

    @property
    def name(self) -> str: ...

    @property
    def weights(self) -> Sequence[Variable]: ...

    @property
    def output(self) -> KerasTensor: ...

    def get_weights(self) -> list[Array]: ...

    def set_weights(self, weights: Sequence[Array], /) -> None: ...


class Convolution(KerasLayer, Protocol):
    """A Conv2D layer."""

    @property
    def kernel(self) -> Variable: ...

    @property
    def use_bias(self) -> bool: ...


class Normalization(KerasLayer, Protocol):
    """A BatchNormalization layer."""

    @property
    def beta(self) -> Variable: ...


class Optimizer(Protocol):
    """An optimiser; its learning rate is the one of the step that it stands at."""

    @property
    def variables(self) -> Sequence[Variable]: ...

    @property
    def learning_rate(self) -> Tensor: ...

    def build(self, variables: Sequence[Variable], /) -> None: ...

    def exclude_from_weight_decay(self, *, var_list: Sequence[Variable]) -> None: ...


class KerasModel(Protocol):
    """A network. Where it has one head it answers with one array, else with a list of them."""

    def __call__(self, images: Tensor, /, *, training: bool) -> Tensor: ...

    @property
    def layers(self) -> Sequence[KerasLayer]: ...

    @property
    def variables(self) -> Sequence[Variable]: ...

    @property
    def trainable_variables(self) -> Sequence[Variable]: ...

    @property
    def input(self) -> KerasTensor: ...

    @property
    def outputs(self) -> list[KerasTensor] | KerasTensor: ...

    @property
    def optimizer(self) -> Optimizer: ...

    def compile(
        self,
        *,
        optimizer: Optimizer,
        loss: Loss | list[Loss],
        loss_weights: list[float] | None = None,
    ) -> None: ...

    def count_params(self) -> int: ...

    def get_layer(self, name: str, /) -> KerasLayer: ...

    def get_weights(self) -> list[Array]: ...

    def set_weights(self, weights: Sequence[Array], /) -> None: ...

    def predict_on_batch(self, images: Tensor, /) -> Array | Sequence[Array]: ...

    def train_on_batch(
        self, images: Tensor, targets: Array | Sequence[Array], /
    ) -> float | Sequence[float]: ...

    def reset_metrics(self) -> None: ...


Loss: TypeAlias = Callable[[Tensor, Tensor], Tensor]


class Layers(Protocol):
    """keras.layers: those of which the networks are made."""

    Add: type[KerasLayer]
    Resizing: type[KerasLayer]
    BatchNormalization: type[KerasLayer]
    Conv2D: type[KerasLayer]
    DepthwiseConv2D: type[KerasLayer]
    Dropout: type[KerasLayer]
    GlobalAveragePooling2D: type[KerasLayer]
    ReLU: type[KerasLayer]
    Reshape: type[KerasLayer]


class Schedules(Protocol):
    """keras.optimizers.schedules."""

    def CosineDecay(self, **settings: Any) -> Schedule: ...


class Schedule(Protocol):
    """A learning rate by the number of the step."""

    def __call__(self, step: Any, /) -> Tensor: ...


class Optimizers(Protocol):
    """keras.optimizers."""

    @property
    def schedules(self) -> Schedules: ...

    def SGD(self, learning_rate: Schedule | float, **settings: Any) -> Optimizer: ...


class MixedPrecision(Protocol):
    """keras.mixed_precision."""

    def set_global_policy(self, name: str, /) -> None: ...


class Utilities(Protocol):
    """keras.utils."""

    def set_random_seed(self, seed: int, /) -> None: ...


class Backend(Protocol):
    """keras.backend of tf_keras."""

    def reset_uids(self) -> None: ...


class Initializers(Protocol):
    """keras.initializers."""

    def Constant(self, value: float, /) -> Any: ...


class KerasModule(Protocol):
    """tf_keras, or keras (version 3)."""

    @property
    def layers(self) -> Layers: ...

    @property
    def optimizers(self) -> Optimizers: ...

    @property
    def mixed_precision(self) -> MixedPrecision: ...

    @property
    def utils(self) -> Utilities: ...

    @property
    def backend(self) -> Backend: ...

    @property
    def initializers(self) -> Initializers: ...

    def Input(self, shape: tuple[int, ...], /, *, name: str) -> KerasTensor: ...

    def Model(
        self, inputs: KerasTensor, outputs: KerasTensor | list[KerasTensor], /, *, name: str | None = None
    ) -> KerasModel: ...


class Algebra(Protocol):
    """What Muon takes of an engine's array functions: tensorflow itself, or keras.ops."""

    def eye(self, side: int, /) -> Tensor: ...

    def norm(self, tensor: Tensor, /) -> Tensor: ...

    def reshape(self, tensor: Tensor, shape: Any, /) -> Tensor: ...

    def transpose(self, tensor: Tensor, /) -> Tensor: ...
