"""TensorFlow's SavedModel folders, read whole or refused.

module = load_saved_model(Path("build/small/qat/saved_model"))
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from face_emotion.errors import InputError
from face_emotion.memory import TENSORFLOW, require_addresses
from face_emotion.native_log import quiet

NAME = "saved_model.pb"


def load_saved_model(folder: Path) -> Any:
    """Returns the module of a SavedModel folder, as tf.saved_model.load does; its .signatures hold its functions.

    Raises InputError if the folder is no SavedModel or a file of it is damaged.
    """
    require_addresses(TENSORFLOW)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        import tensorflow as tf
    tf.get_logger().setLevel("ERROR")
    if not (folder / NAME).is_file():
        raise InputError(f"{folder}: not a SavedModel folder ({NAME} is missing)")
    try:
        if (folder / "fingerprint.pb").exists():  # load() would log a traceback of it and go on
            tf.saved_model.experimental.read_fingerprint(str(folder))
        return tf.saved_model.load(str(folder))
    except MemoryError:
        raise
    except Exception:  # TensorFlow raises almost anything of a damaged folder
        raise InputError(f"{folder}: a damaged SavedModel; make it again") from None
