"""Every picture of a folder → one CSV row a face: python examples/batch_to_csv.py photos/ faces.csv

`face-emotion --format csv photos/ > faces.csv` does the same on all cores; this shows how.
"""

import csv
import sys
from pathlib import Path

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError

if len(sys.argv) != 3 or not Path(sys.argv[1]).is_dir():
    print("error: name a folder of pictures and the table to write: photos/ faces.csv", file=sys.stderr)
    sys.exit(2)
folder, table = Path(sys.argv[1]), sys.argv[2]
recognizer = EmotionRecognizer.load()
files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
try:
    stream = open(table, "x", newline="", encoding="utf-8")  # noqa: SIM115  ("x": never over another file)
except OSError as error:
    print(f"error: {table}: {error.strerror}; choose another name", file=sys.stderr)
    sys.exit(2)
with stream:
    writer = csv.writer(stream)
    writer.writerow(["picture", "x_min", "y_min", "x_max", "y_max", "label", "certain", *recognizer.labels])
    for path in files:
        try:
            faces = recognizer.recognize(path)
        except InputError as error:  # its message names the file
            print(f"skipped: {error}", file=sys.stderr)
            continue
        for face in faces:
            shares = [f"{share:.4f}" for share in face.probabilities.values()]
            box = map(round, face.box)
            writer.writerow([path.relative_to(folder), *box, face.label, face.certain, *shares])
