"""How far face detectors reach, and what they take for faces: ours beside its peers."""
