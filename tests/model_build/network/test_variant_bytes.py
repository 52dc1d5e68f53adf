"""The int8 files of the variants stay below what each may weigh: untrained networks, really converted."""

from __future__ import annotations

import numpy as np
import pytest

from converters.tflite_reader import read_tflite
from model_build.network.architecture import ARCHITECTURES, INT8_LIMITS
from model_build.quantization.untrained import convert_untrained


@pytest.mark.parametrize("variant", INT8_LIMITS)
def test_int8_file_of_a_variant_is_as_small_as_promised(tmp_path, variant: str):
    _, path = convert_untrained(ARCHITECTURES[variant], tmp_path)
    print(f"{variant}: {path.stat().st_size:,} bytes")
    # Half a per cent of room: in `nano` each class beyond seven costs 220 bytes a head, and as many for the blend.
    assert path.stat().st_size <= 0.995 * INT8_LIMITS[variant]
    biases = [
        tensor.data
        for tensor in read_tflite(path).tensors
        if tensor.dtype == "int32" and tensor.data.size > 14  # the classifiers' are zeros before training
    ]
    assert all(np.unique(bias).size > 1 for bias in biases)  # equal ones share their bytes in the file


def test_the_limits_are_those_of_the_issue():
    assert INT8_LIMITS == {"nano": 100_000, "small": 500_000, "base": 1_000_000}
