"""Everything that trains: data, network, training, quantisation, evaluation, report.

python -m model_build --help
"""
