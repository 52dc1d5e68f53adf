"""Every picture of a folder → one CSV row a face: python examples/batch_to_csv.py photos/ faces.csv

`face-emotion --format csv photos/ > faces.csv` does the same on all cores; this shows how.
"""

import csv
import sys
from pathlib import Path

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError, run_command


def main() -> None:
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_dir():
        raise InputError(f"{' '.join(sys.argv)}: name a folder of pictures and a table: photos/ faces.csv")
    folder, table = Path(sys.argv[1]), sys.argv[2]
    recognizer, files = EmotionRecognizer.load(), sorted(folder.rglob("*"))
    try:
        stream = open(table, "x", newline="", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    except (OSError, ValueError) as error:  # "x": never over another file
        raise InputError(f"{table}: {getattr(error, 'strerror', error)}; choose another name") from None
    with stream:
        writer = csv.writer(stream)
        box = ["x_min", "y_min", "x_max", "y_max"]
        writer.writerow(["picture", *box, "label", "certain", *recognizer.labels])
        for path in filter(Path.is_file, files):
            try:
                faces = recognizer.recognize(path)
            except InputError as error:  # its message names the file
                print(f"skipped: {error}", file=sys.stderr)
                continue
            for face in faces:
                shares = [f"{share:.4f}" for share in face.probabilities.values()]
                sides = map(round, face.box)
                writer.writerow([path.relative_to(folder), *sides, face.label, face.certain, *shares])


sys.exit(run_command(main))
