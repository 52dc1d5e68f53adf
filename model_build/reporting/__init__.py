"""What a person reads of a build: report, model card, tables, plots.

report, compare_report and model_card write files from templates/; tables and robustness_table print; plots,
compare_plots and robustness_plots draw; texts has the words, heads the rows of default answer and heads. May import
evaluation and all below; pipeline, experiments and benchmarks may call it.
"""
