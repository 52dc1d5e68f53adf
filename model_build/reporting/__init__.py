"""What a person reads of a build: report, model card, tables, plots.

report, compare_report and model_card write files from templates/ (page: what the HTML files share); charts/ draws for
them, robustness_plots for the card; tables and robustness_table print. in_short says the figures in sentences, texts
has the words, class_figures, heads, certainty, audit_rows and error_pictures the rows. May import evaluation and all
below; pipeline, experiments and benchmarks may call it.
"""
