"""The Python runtime of Face Emotion Kit: what the browser and the phone have too, under the same names.

Nothing in this package imports TensorFlow (tests/test_imports.py watches over it).
"""
