"""Float training: from a Dataset to a checkpoint.

targets, augment, views and teachers make what a step learns from, batches hands it over; losses, muon, schedule and
averaging are the step; fitting is the loop, state what it resumes from; selection and calibration judge an epoch;
train puts them together. May import data and all below; quantization and all above may call it.
"""
