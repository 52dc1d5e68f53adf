"""Faces with labels: from every source to one Dataset.

dataset (what a Dataset is), loading (which reader, the cache), readers (FER2013's files), folders (class folders),
synthetic (drawn faces), votes (FER+), elsewhere (sets to measure on only), pictures (an image file to a grey face),
audit (what is wrong with a data set). May import the ground floor, synthetic and network; training and all above may
call it.
"""
