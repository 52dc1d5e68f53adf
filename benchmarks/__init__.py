"""Every figure that stands beside others': peers, page, recognizer, artifacts, training speed.

`python -m benchmarks --help`. May import everything else but notebooks and examples; nothing imports it. The clock
itself is converters/latency.py.
"""
