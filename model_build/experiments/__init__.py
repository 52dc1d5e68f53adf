"""Questions asked of more than one build, and how the released models came about.

experiment with variants and plots (networks under one budget), released (recipes), seeds (what a seed changes),
ensemble (how good teachers are), crop_calibration (where detected faces stand). May import pipeline and all below;
commands may call it.
"""
