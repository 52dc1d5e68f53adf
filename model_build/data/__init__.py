"""Faces with labels: from every source to one Dataset.

dataset (what a Dataset is), loading (which reader, the cache), form (what the user says of a data set's form).
Tables: readers with table_file, columns and pixel_text. Folders: folders with layouts, affectnet and raf_db; pictures
(an image file to a grey face), many_pictures (many of them, on all cores). Both: labels (what they mean, class order),
splits, people. Beyond memory: stored (images that stay on the disk), shards (folders of TFRecords). synthetic (drawn
faces), votes (FER+), elsewhere (sets to measure on only), audit (what is wrong with a data set). May import the ground
floor, synthetic and network; training and all above may call it.
"""
