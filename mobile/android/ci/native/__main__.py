"""Android's own TensorFlow Lite library, the one that is in the APK, run on Linux.

    python -m mobile.android.ci.native models/small/int8.tflite inputs.bin answers/
    python -m mobile.android.ci.native models/nano/int8.tflite inputs.bin answers/ --processors cortex-a53

INPUTS has the input tensor's bytes, one input after the other. Writes ANSWERS/PROCESSOR.bin: of each input the bytes of
every output, in the file's order. `python -m benchmarks processors` makes inputs, and compares.
apt-get install -y --no-install-recommends maven openjdk-17-jdk-headless gcc libc6-dev gcc-aarch64-linux-gnu
libc6-dev-arm64-cross qemu-user-static
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from face_emotion.arguments import file_path
from face_emotion.errors import CommandParser, run_command
from face_emotion.files import atomic_path, make_folder, require_file
from mobile.android.ci.native.processors import PROCESSORS
from mobile.android.ci.native.run import KERNELS, NativeRunner, fetch_aar


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = CommandParser(
        prog="python -m mobile.android.ci.native", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("model", type=file_path, help=".tflite file")
    parser.add_argument("inputs", type=file_path, help="file of inputs, raw bytes")
    parser.add_argument("answers", type=file_path, help="folder to write into")
    parser.add_argument(
        "--processors", nargs="+", choices=PROCESSORS, default=list(PROCESSORS), help="default: all"
    )
    parser.add_argument(
        "--kernels", choices=KERNELS, default=KERNELS[0], help="default: XNNPACK's, as on phones"
    )
    options = parser.parse_args(arguments)

    def command() -> None:
        inputs = require_file(options.inputs).read_bytes()
        with tempfile.TemporaryDirectory() as scratch:
            native = NativeRunner(fetch_aar(Path(scratch)), Path(scratch))
            for name in options.processors:
                answers = native.run(options.model, inputs, name, options.kernels)
                path = make_folder(options.answers) / f"{name}.bin"
                with atomic_path(path) as partial:
                    partial.write_bytes(answers.outputs)
                print(f"{path} TensorFlow Lite {answers.version} {answers.milliseconds:.0f} ms", flush=True)

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
