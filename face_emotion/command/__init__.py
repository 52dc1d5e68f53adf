"""The parts of the `face-emotion` command (python -m face_emotion): the runtime itself stands one folder above."""
