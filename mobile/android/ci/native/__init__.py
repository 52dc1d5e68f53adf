"""Android's own TensorFlow Lite library, run on Linux: the one that is in the APK, as it is."""
