"""What a file is, by its first bytes: the name that its suffix gives it counts where those say nothing.

kind = kind_of(head, ".jpg")    # Kind("MP4", "video") of a video under a picture's name; None of a text

`head` is as much of the file's beginning as HEAD. Where bytes do not tell, the suffix does: a JPEG is a video, one
picture behind another, if its name ends in .mjpeg or .mjpg; a TGA must be called so; sound in a video's container, too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HEAD = 1024  # bytes: five packets of a transport stream
_PICTURE_SUFFIX = re.compile(
    r"\.(apng|avif|bmp|dib|gif|hei[cf]s?|hif|j2k|jfif|jp2|jpe|jpe?g|jxl|p[bgnp]m|png|tga|tiff?|webp)"
)
# Not .ts: TypeScript's files are called so, too, and a transport stream is known by its bytes.
_VIDEO_SUFFIX = re.compile(
    r"\.(3g2|3gp|avi|flv|m2ts|m2v|m4v|mjpe?g|mkv|mov|mp4|mpe?g|mts|mxf|ogv|vob|webm|wmv)"
)
_SOUND_SUFFIX = re.compile(r"\.(aac|aax|m4[abpr]|mka|oga|opus|wma)")
_PICTURE, _VIDEO = "picture", "video"
_STREAMS_OF_JPEG = (".mjpeg", ".mjpg")


class Kind(NamedTuple):
    """name: "JPEG", "MP4" …; medium: "picture" or "video"."""

    name: str
    medium: str

    @property
    def is_video(self) -> bool:
        """Whether it has frames and times."""
        return self.medium == _VIDEO


_PATTERNS = [
    ("JPEG", _PICTURE, rb"\xff\xd8\xff"),
    ("PNG", _PICTURE, rb"\x89PNG\r\n\x1a\n"),
    ("GIF", _PICTURE, rb"GIF8[79]a"),
    ("WebP", _PICTURE, rb"RIFF....WEBP"),
    ("TIFF", _PICTURE, rb"II[*+]\0|MM\0[*+]"),
    ("BMP", _PICTURE, rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0"),
    ("PNM", _PICTURE, rb"P[1-6]\s+(#[^\n]*\n\s*)*\d+\s+(#[^\n]*\n\s*)*\d+\s"),
    ("JPEG 2000", _PICTURE, rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
    ("JPEG XL", _PICTURE, rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"),
    ("PSD", _PICTURE, rb"8BPS\0[\x01\x02]"),
    ("ICO", _PICTURE, rb"\0\0\x01\0[\x01-\x20]\0..[\x00-\xff]\0[\0\x01]\0[\0\x01\x04\x08\x10\x18\x20]\0"),
    ("ICNS", _PICTURE, rb"icns\0"),
    ("DDS", _PICTURE, rb"DDS \x7c\0\0\0"),
    ("SGI", _PICTURE, rb"\x01\xda[\0\x01][\x01\x02]\0[\x01-\x03]"),
    ("PCX", _PICTURE, rb"\x0a[\0\x02-\x05]\x01[\x01\x02\x04\x08]\0\0\0\0"),
    ("QOI", _PICTURE, rb"qoif"),
    ("OpenEXR", _PICTURE, rb"\x76\x2f\x31\x01"),
    ("raw", _PICTURE, rb"FUJIFILMCCD-RAW|IIU\0|IIR[OS]|\0MRM"),
    ("Matroska", _VIDEO, rb"\x1a\x45\xdf\xa3"),
    ("AVI", _VIDEO, rb"RIFF....AVI[ \x19]"),
    ("FLV", _VIDEO, rb"FLV\x01.[\x00-\x05]"),
    ("WMV", _VIDEO, rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    ("Ogg", _VIDEO, rb"OggS\0.*(\x80theora|\x01video\0|BBCD\0|OVP80)"),
    ("MPEG", _VIDEO, rb"\0\0\x01[\xba\xb3\xb0\xb5]"),
    ("H.264", _VIDEO, rb"\0?\0\0\x01(\x09.\0?\0\0\x01)?[\x27\x47\x67][\x42\x4d\x58\x64\x6e\x7a\xf4]"),
    ("HEVC", _VIDEO, rb"\0?\0\0\x01(\x46\x01.\0?\0\0\x01)?\x40\x01\x0c"),
    ("MPEG-TS", _VIDEO, rb"\x47.{187}\x47.{187}\x47"),
    ("M2TS", _VIDEO, rb".{4}\x47.{191}\x47.{191}\x47"),
    ("IVF", _VIDEO, rb"DKIF\0\0"),
    ("MXF", _VIDEO, rb"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"),
    ("Y4M", _VIDEO, rb"YUV4MPEG2 "),
    ("RealMedia", _VIDEO, rb"\.RMF\0\0"),
    ("DV", _VIDEO, rb"\x1f\x07\0[\x3f\xbf].{76}\x3f\x07\0"),
    ("MP4", _VIDEO, rb"[\0-\x0f]...(moov|pnot)|....mdat|\0\0\0\x08wide"),
    ("MP4", _VIDEO, rb"\0\0..(free|skip)"),
]
_KINDS = [(Kind(name, medium), re.compile(pattern, re.DOTALL)) for name, medium, pattern in _PATTERNS]
_TGA = re.compile(rb".[\0\x01][\x01\x02\x03\x09\x0a\x0b].{13}[\x08\x0f\x10\x18\x20]", re.DOTALL)
_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_STILL_BRANDS = {b"mif1", b"mif2", b"msf1", b"miaf"}
_SOUND_BRANDS = {b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B ", b"aax ", b"aaxc"}


def kind_of(head: bytes, suffix: str = "") -> Kind | None:
    """Returns what a file is that begins with `head`; None if neither a picture nor a video that is known.

    suffix: of its name, with the dot; it counts only as said above.
    """
    suffix = suffix.lower()
    kind = _by_bytes(head)
    if kind is None:
        return Kind("TGA", _PICTURE) if suffix == ".tga" and _TGA.match(head) else None
    if kind.name == "JPEG" and suffix in _STREAMS_OF_JPEG:
        return Kind("MJPEG", _VIDEO)
    return None if kind.is_video and _SOUND_SUFFIX.fullmatch(suffix) else kind


def claimed(suffix: str) -> str | None:
    """Returns "picture" or "video" where a name's suffix is one of those, whatever the content; None of others."""
    suffix = suffix.lower()
    if _PICTURE_SUFFIX.fullmatch(suffix):
        return _PICTURE
    return _VIDEO if _VIDEO_SUFFIX.fullmatch(suffix) else None


def is_heic(head: bytes) -> bool:
    """Whether a file that begins so is a HEIC or HEIF picture, which Pillow alone does not read."""
    kind = kind_of(head)
    return kind is not None and kind.name == "HEIC"


def _by_bytes(head: bytes) -> Kind | None:
    if head[4:8] == b"ftyp":
        return _of_brands(_brands(head))
    return next((kind for kind, pattern in _KINDS if pattern.match(head)), None)


def _brands(head: bytes) -> list[bytes]:
    """The brands of an MP4's first box, the major one first."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[place : place + 4] for place in range(16, length - 3, 4))]


def _of_brands(brands: list[bytes]) -> Kind | None:
    major = brands[0]
    stills = {major} & (_HEVC_BRANDS | _STILL_BRANDS | {b"avif", b"avis"})
    if stills:
        avif = major.startswith(b"avi") or (major in _STILL_BRANDS and {b"avif", b"avis"} & set(brands))
        return Kind("AVIF" if avif else "HEIC", _PICTURE)
    if major == b"crx ":
        return Kind("raw", _PICTURE)
    return None if major in _SOUND_BRANDS else Kind("MP4", _VIDEO)
