"""Several processes, on one machine or many, that train one network: who they are, and what they say to each other.

cluster (the addresses, from flags or TF_CONFIG), meeting (they wait for each other), faults (a lost host in one line),
company (the hosts of one training: TensorFlow's coordination service and strategy). How they train stands in
training/together.py. May import the ground floor and network; training and all above may call it.
"""
