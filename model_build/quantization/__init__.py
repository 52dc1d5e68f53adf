"""Quantisation-aware training: from a float checkpoint to one that an int8 file reproduces.

fake_quantization (the only file that knows tensorflow-model-optimization), quantize (the fine-tuning), export (a
checkpoint as a SavedModel), untrained (bytes before training). May import training and all below; evaluation and all
above may call it.
"""
