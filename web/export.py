"""The page as plain files for any static host, under any path.

python -m web export DIR
"""

from __future__ import annotations

from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import atomic_path
from web.headers import host_headers
from web.site import build_site


def export(target: Path, models: Path) -> int:
    """Writes the page to `target`, a folder that is not there yet or is empty; returns the number of files.

    Besides the page: `_headers`, the headers that the host should send, and `.nojekyll`, without which GitHub
    Pages drops `_headers`. Raises InputError if the folder holds something, or for the models as build_site does.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is not an empty folder; name another, or remove it first")
    site = build_site(models)
    with atomic_path(target) as partial:
        for entry in site.values():
            path = partial / entry.url
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(entry.content())
        (partial / "_headers").write_text(host_headers(), encoding="utf-8")
        (partial / ".nojekyll").touch()
    return len(site) + 2
