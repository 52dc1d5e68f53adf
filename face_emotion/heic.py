"""HEIC and HEIF pictures, read by pillow-heif where the extra is installed.

with opened(stream) as picture:          # a Pillow picture, upright already
    pixels = np.asarray(picture)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from PIL import Image, ImageFile

NEEDS_EXTRA = "HEIC pictures are read by an extra: pip install 'face-emotion-kit[heic]'"


def opened(stream: BinaryIO) -> ImageFile.ImageFile:
    """Returns the primary picture of a HEIC or HEIF file, whose boxes irot and imir pillow-heif follows as it decodes.

    Raises ValueError, with the name of the extra, if pillow-heif is not installed, and
    Image.DecompressionBombError for more pixels than Pillow opens. Pillow's own formats stay as they were: nothing is
    registered there.
    """
    try:
        from pillow_heif import HeifImageFile
    except ImportError:
        raise ValueError(NEEDS_EXTRA) from None
    read: Callable[[BinaryIO], ImageFile.ImageFile] = HeifImageFile
    picture = read(stream)
    if picture.width * picture.height > 2 * (Image.MAX_IMAGE_PIXELS or float("inf")):
        picture.close()
        raise Image.DecompressionBombError
    return picture
