"""Faces drawn by rule: the embedded data of builds, tests and golden vectors, and the fake webcam's frames.

features and drawing (a face), faces (many, with labels), scenes (faces in a picture), golden (what golden vectors
hold), contact_sheet (to look at). Knows no data set. May import the ground floor; all of model_build may call it.
"""
