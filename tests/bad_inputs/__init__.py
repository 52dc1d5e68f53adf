"""Bad input for every command of the kit, and what becomes of it: `python -m tests.bad_inputs`."""
