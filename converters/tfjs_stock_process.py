"""Runs the stock TF.js converter (the package tensorflowjs) over SavedModels; tfjs_stock.py starts it.

    python -m converters.tfjs_stock_process float/saved_model small_stock [qat/saved_model OUT …]

A process of its own: importing tensorflowjs takes seconds and brings JAX, Flax and TensorFlow Decision Forests with it.
The last line on stdout is JSON: for each pair null, or why the converter refuses the model.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Converts pairs of folders, from and to, one after another; returns 0, whatever the converter says of them."""
    from tensorflowjs.converters import converter

    reasons: list[str | None] = []
    for source, target in zip(words[::2], words[1::2], strict=True):
        flags = ["--input_format=tf_saved_model", "--output_format=tfjs_graph_model", source, target]
        try:
            # Its own command line: what `tensorflowjs_converter` does with these words.
            converter.convert(flags)
            reasons.append(None)
        except Exception as error:  # whatever it raises is its answer
            reasons.append(" ".join(f"{type(error).__name__}: {error}".split()))
    print(f"\n{json.dumps(reasons)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
