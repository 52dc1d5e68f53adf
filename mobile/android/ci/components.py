"""What the APK is made of beside our own code: components.json has each archive's coordinates, licence and sha256.

package_apk.py packs only archives that have these sha256; .ci/sbom.py lists them. The texts of the licences stand in
app/src/main/assets/licences, which Gradle packs too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from face_emotion.errors import InputError
from face_emotion.files import read_json, require_file, sha256_of

TABLE = Path(__file__).resolve().parent / "components.json"
LICENCES = TABLE.parent.parent / "app" / "src" / "main" / "assets" / "licences"


@dataclass(frozen=True)
class Component:
    """An archive that is packed.

    file: its name among what Maven copies for the packaging; version: as in the reactor's pom.xml; licence: an SPDX
    expression; text: of the licence, a file of LICENCES; sha256: of the archive, 64 hexadecimal digits; compiled_in:
    libraries in its native code -> their licences; archives do not say their versions.
    """

    file: str
    group: str
    name: str
    version: str
    licence: str
    text: str
    sha256: str
    compiled_in: dict[str, str]


def components(table: Path = TABLE) -> list[Component]:
    """Returns the archives; raises InputError if the table is missing or unreadable."""
    return [Component(**({"compiled_in": {}} | entry)) for entry in read_json(table)["archives"]]


def check_archives(packaging: Path) -> None:
    """Raises InputError if an archive in the folder `packaging` is missing or not the one of the table."""
    for component in components():
        path = require_file(packaging / component.file)
        if sha256_of(path) != component.sha256:
            stated = f"{component.name} {component.version}'s in {TABLE.name}"
            raise InputError(f"{path}: its sha256 is not {stated}")
