"""From a trained network to the files that runtimes load: one module a target, and the checks on them."""
