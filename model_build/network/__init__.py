"""The network itself: which layers, made by which Keras, kept in which file.

architecture (the family), engine (the one place that picks a Keras), checkpoint (weights in an .npz), growth (a smaller
network made larger), depthwise (a quicker gradient), keras_protocol (what is used of Keras, as types). May import the
ground floor; data and all above may call it.
"""
