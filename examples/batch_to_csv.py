"""Every picture of a folder → one CSV row a face: python examples/batch_to_csv.py photos/ faces.csv

`face-emotion --format csv photos/ > faces.csv` does the same on all cores; this shows how.
"""

import csv
import sys
from pathlib import Path

from face_emotion import EmotionRecognizer
from face_emotion.errors import InputError

folder, table = Path(sys.argv[1]), sys.argv[2]
recognizer = EmotionRecognizer.load()
with open(table, "w", newline="", encoding="utf-8") as stream:
    writer = csv.writer(stream)
    writer.writerow(["picture", "x_min", "y_min", "x_max", "y_max", "label", "certain", *recognizer.labels])
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            faces = recognizer.recognize(path)
        except InputError as error:  # its message names the file
            print(f"skipped: {error}", file=sys.stderr)
            continue
        for face in faces:
            shares = [f"{share:.4f}" for share in face.probabilities.values()]
            writer.writerow(
                [path.relative_to(folder), *map(round, face.box), face.label, face.certain, *shares]
            )
