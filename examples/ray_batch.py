"""Millions of pictures → a JSON line each, by Ray: python examples/ray_batch.py photos/ faces/ [pictures a shard]"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is told to Ray's makers
import ray

from face_emotion import EmotionRecognizer, files


class Recognize:  # an actor on a core, with a network of its own
    def __init__(self):
        self.look = EmotionRecognizer.load().recognize

    def row(self, name):
        try:
            return json.dumps({"picture": name, "faces": [*map(asdict, self.look(photos / name))]}) + "\n"
        except ValueError as error:  # a row all the same: none is lost
            return json.dumps({"picture": name, "error": str(error)}) + "\n"

    def __call__(self, shard):  # its file appears when it is whole
        files.write_text(faces / shard["file"], "".join(map(self.row, shard["names"])))
        return {"pictures": len(shard["names"])}


photos, faces, size = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), int([*sys.argv, 1000][3])
if not (plan := faces / "shards.json").exists():  # each run goes by it: no picture changes its shard
    names = [str(path.relative_to(photos)) for path in sorted(photos.rglob("*")) if not path.is_dir()]
    files.write_text(plan, json.dumps([names[n : n + size] for n in range(0, len(names), size)]))
shards = [{"file": f"{n:06d}.jsonl", "names": names} for n, names in enumerate(json.loads(plan.read_text()))]
missing = [shard for shard in shards if not (faces / shard["file"]).exists()]
ray.init(include_dashboard=False)  # for a cluster these two lines: docs/SCALE.md
pool = ray.data.ActorPoolStrategy(min_size=1, max_size=os.cpu_count())
rows = ray.data.from_items(missing).map(Recognize, compute=pool).iter_rows() if missing else ()
print(f"{sum(row['pictures'] for row in rows)} pictures in this run; all are in {faces}")
