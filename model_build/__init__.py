"""Everything that trains, one wing a question, each importing only those before it.

ground floor (settings, limits, progress, arrays, platform_check, stages, folder_lock) <- synthetic, network <- data <-
training <- quantization <- evaluation <- reporting <- pipeline <- experiments <- commands. May import converters and
face_emotion; benchmarks may call it. The road of an image through it: docs/ARCHITECTURE.md.
`python -m model_build --help`
"""

from face_emotion.errors import refuse_moved_module

refuse_moved_module(
    {
        "model_build.released": "python -m model_build released",
        "model_build.seeds": "python -m model_build seeds",
        "model_build.ensemble": "python -m model_build ensemble",
        "model_build.crop_calibration": "python -m model_build crop-calibration",
    }
)
