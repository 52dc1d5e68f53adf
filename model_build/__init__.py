"""Everything that trains: data, network, training, quantisation, evaluation, report. Run `python -m model_build --help`."""
