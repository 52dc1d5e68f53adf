"""How fast the page is beside its peers, and that it does not grow: `python -m benchmarks page`."""
