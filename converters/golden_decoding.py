"""The golden pictures: small files of every kind whose decoding could differ, and the pixels that each must give.

    python -m converters decoding        # writes models/golden_decoding/ with golden_decoding.json

The definition is the table of `face_emotion/pictures.py`. What is expected is reckoned here from the pattern that was
encoded, never by a decoder: a runtime passes if every channel is within the file's tolerance. golden_decoding.json:

- `pictures`: name → width, height, channels (1: grey, which counts as R = G = B; 3: RGB) and `rows`, one string of
  hexadecimal digits a row.
- `files`: `file`, `form`, `about`, `picture` (a name, or null where all refuse the file), `tolerance` in grey
  levels, and `python`, `page`, `android`: "pixels", or "refused": one line that says so, never wrong pixels (a runtime
  that gives the picture all the same passes too).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from face_emotion.arrays import Bytes, Doubles
from face_emotion.files import write_json

FOLDER = Path(__file__).parents[1] / "models" / "golden_decoding"
NAME = "golden_decoding.json"
PATCH = 8  # pixels a side, as a block of JPEG: 24×16 in all
COLOURS = (
    ((200, 60, 60), (60, 180, 80), (240, 240, 240)),
    ((60, 80, 200), (210, 160, 130), (20, 40, 30)),
)
OPACITIES = ((255, 128, 0), (64, 255, 192))
LOSSLESS, ROUNDED, LOSSY = 0, 1, 6
MANAGED = 2  # two engines round a profile's curves differently

Levels = NDArray[np.uint16]
# To the D50 of a profile: columns are red, green, blue.
SRGB_TO_XYZ = np.array(
    [[0.4360657, 0.3851515, 0.1430784], [0.2224932, 0.7168870, 0.0606169], [0.0139160, 0.0970764, 0.7140961]]
)
P3_TO_XYZ = np.array(
    [[0.515102, 0.291965, 0.157153], [0.241182, 0.692236, 0.0665819], [-0.00104941, 0.0418818, 0.784378]]
)
ADOBE_TO_XYZ = np.array(
    [[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]]
)


@dataclass(frozen=True)
class Golden:
    """One file: its content, what it is about, the picture expected (None: refused) and who reads it."""

    file: str
    about: str
    content: bytes
    picture: str | None
    tolerance: int
    page: bool = True
    android: bool = True

    @property
    def form(self) -> str:
        """The file's form, by its suffix."""
        return {"jpg": "JPEG", "tif": "TIFF"}.get(suffix := self.file.rpartition(".")[2], suffix.upper())


def colours() -> Bytes:
    """Returns the coloured pattern, uint8 [16,24,3]: six patches, the last a gradient to the right; no symmetry."""
    picture = np.array(COLOURS, np.uint8).repeat(PATCH, axis=0).repeat(PATCH, axis=1)
    picture[PATCH:, -PATCH:] += np.arange(0, 24 * PATCH, 24).astype(np.uint8)[:, None]
    return picture


def greys() -> Bytes:
    """Returns the grey pattern, uint8 [16,24]."""
    return colours()[..., 1]


def opacity() -> Bytes:
    """Returns the opacity of the transparent patterns, uint8 [16,24]."""
    return np.array(OPACITIES, np.uint8).repeat(PATCH, axis=0).repeat(PATCH, axis=1)


def pictures() -> dict[str, Bytes]:
    """Returns what is expected, by name."""
    colour, grey, opaque = colours(), greys(), opacity()
    inks = ink(colour).astype(float)
    paper = (255 - inks[..., :3]) * (255 - inks[..., 3:]) / 255
    return {
        "colour": colour,
        "grey": grey,
        "colour-over-black": _bytes(colour * (opaque[..., None] / 255)),
        "grey-over-black": _bytes(grey * (opaque / 255)),
        "holed": (colour * (opaque[..., None] > 0)).astype(np.uint8),
        "bits": np.where(grey > 127, 255, 0).astype(np.uint8),
        "colour-of-p3": _managed(colour, P3_TO_XYZ, _from_srgb),
        "colour-of-adobe": _managed(colour, ADOBE_TO_XYZ, lambda share: share ** (563 / 256)),
        "grey-of-linear": _bytes(255 * _to_srgb(grey / 255)),
        "colour-of-linear": _bytes(255 * _to_srgb(colour / 255)),
        "colour-of-p3-over-black": _bytes(
            _managed(colour, P3_TO_XYZ, _from_srgb) * (opaque[..., None] / 255)
        ),
        "ink": _bytes(paper),
    }


def goldens() -> list[Golden]:
    """Returns every file."""
    return [*_oriented(), *_profiled(), *_transparent(), *_deep(), *_of_32_bits(), *_plain(), *_animated()]


def _oriented() -> list[Golden]:
    colour = colours()
    found = []
    for orientation in range(1, 9):
        content = _saved(turned(colour, orientation), "JPEG", exif=_exif(orientation), **JPEG)
        about = f"EXIF orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.jpg", about, content, "colour", LOSSY))
    for orientation in (5, 6, 8):
        content = _saved(
            turned(colour, orientation), "WEBP", exif=_exif(orientation), lossless=True, exact=True
        )
        about = f"EXIF orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.webp", about, content, "colour", LOSSLESS))
    for orientation in (3, 6):
        content = png(turned(colour, orientation), {b"eXIf": _exif(orientation)[6:]})
        about = f"eXIf orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.png", about, content, "colour", LOSSLESS))
    content = _saved(turned(colour, 6), "TIFF", tiffinfo={274: 6})
    found.append(_tiff("orientation_6.tif", "tag Orientation 6", content, "colour"))
    for orientation in (5, 6):
        content = _saved(turned(colour, orientation), "AVIF", exif=_exif(orientation), **AVIF)
        about = f"irot and imir as of EXIF orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.avif", about, content, "colour", LOSSY))
    content = _saved(colour, "JPEG", xmp=XMP, **JPEG)
    found.append(
        Golden("orientation_xmp.jpg", "orientation 6 in XMP only: ignored", content, "colour", LOSSY)
    )
    return [*found, _exif_in_avif()]


def _exif_in_avif() -> Golden:
    # Written as another tag, or the encoder would make an irot of it.
    other = Image.Exif()
    other[275] = 6
    content = _saved(colours(), "AVIF", exif=other, **AVIF)
    entry = struct.pack(">HHIH", 275, 3, 1, 6)
    if content.count(entry) != 1:
        raise ValueError("the EXIF of an AVIF is not where it is looked for")
    content = content.replace(entry, struct.pack(">HHIH", 274, 3, 1, 6))
    about = "EXIF orientation 6 without irot: only irot and imir turn an AVIF, EXIF does not"
    return Golden("orientation_ignored.avif", about, content, "colour", LOSSY)


def _profiled() -> list[Golden]:
    colour, grey = colours(), greys()
    p3 = profile(SRGB_CURVE, P3_TO_XYZ)
    adobe = profile(_gamma_curve(563 / 256), ADOBE_TO_XYZ)
    srgb, linear_grey = profile(SRGB_CURVE, SRGB_TO_XYZ), profile(_gamma_curve(1.0), None)
    linear = profile(_gamma_curve(1.0), SRGB_TO_XYZ)
    damaged = p3[: len(p3) // 2]
    chromaticity = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    gamma = struct.pack(">I", 100000)

    def jpeg(
        file: str, about: str, icc: bytes, picture: str, tolerance: int, pixels: Bytes = colour
    ) -> Golden:
        return Golden(file, about, _saved(pixels, "JPEG", icc_profile=icc, **JPEG), picture, tolerance)

    def icc(content: bytes) -> dict[bytes, bytes]:
        return {b"iCCP": b"icc\0\0" + zlib.compress(content, 9)}

    managed, lossy = MANAGED, LOSSY + MANAGED
    return [
        jpeg("profile_p3.jpg", "ICC profile Display P3", p3, "colour-of-p3", lossy),
        jpeg(
            "profile_adobe.jpg",
            "ICC profile with the primaries of Adobe RGB",
            adobe,
            "colour-of-adobe",
            lossy,
        ),
        jpeg("profile_srgb.jpg", "ICC profile sRGB", srgb, "colour", LOSSY),
        jpeg("profile_damaged.jpg", "half an ICC profile: ignored", damaged, "colour", LOSSY),
        jpeg("profile_of_grey.jpg", "a grey ICC profile on colours: ignored", linear_grey, "colour", LOSSY),
        jpeg(
            "profile_on_grey.jpg", "a colour profile, gamma 1, on grey", linear, "grey-of-linear", lossy, grey
        ),
        jpeg("profile_grey.jpg", "grey ICC profile, gamma 1", linear_grey, "grey-of-linear", lossy, grey),
        Golden("profile_p3.png", "ICC profile Display P3", png(colour, icc(p3)), "colour-of-p3", managed),
        Golden(
            "profile_adobe.png",
            "ICC profile with the primaries of Adobe RGB",
            png(colour, icc(adobe)),
            "colour-of-adobe",
            managed,
        ),
        Golden(
            "profile_grey.png",
            "grey ICC profile, gamma 1",
            png(grey, icc(linear_grey)),
            "grey-of-linear",
            managed,
        ),
        Golden(
            "profile_p3.webp",
            "ICC profile Display P3",
            _saved(colour, "WEBP", lossless=True, icc_profile=p3),
            "colour-of-p3",
            managed,
        ),
        Golden(
            "profile_p3.avif",
            "ICC profile Display P3",
            _saved(colour, "AVIF", icc_profile=p3, **AVIF),
            "colour-of-p3",
            lossy,
        ),
        _tiff(
            "profile_p3.tif",
            "ICC profile Display P3",
            _saved(colour, "TIFF", icc_profile=p3),
            "colour-of-p3",
            managed,
        ),
        Golden(
            "profile_p3_transparent.png",
            "ICC profile Display P3 and opacity: the profile first",
            png(np.dstack([colour, opacity()]), icc(p3)),
            "colour-of-p3-over-black",
            managed,
        ),
        Golden(
            "gamma.png",
            "chunks gAMA 1.0 and cHRM of sRGB, no profile",
            png(colour, {b"gAMA": gamma, b"cHRM": chromaticity}),
            "colour-of-linear",
            managed,
        ),
        Golden(
            "gamma_alone.png", "chunk gAMA 1.0", png(colour, {b"gAMA": gamma}), "colour-of-linear", managed
        ),
        Golden(
            "gamma_of_srgb.png",
            "chunks sRGB and gAMA 1.0: sRGB counts",
            png(colour, {b"sRGB": b"\0", b"gAMA": gamma}),
            "colour",
            LOSSLESS,
        ),
    ]


def _transparent() -> list[Golden]:
    colour, grey, opaque = colours(), greys(), opacity()
    rgba, la = np.dstack([colour, opaque]), np.dstack([grey, opaque])
    found = [
        Golden("transparent.png", "RGB with opacity", png(rgba), "colour-over-black", ROUNDED),
        Golden("transparent_grey.png", "grey with opacity", png(la), "grey-over-black", ROUNDED),
        Golden(
            "transparent.webp",
            "RGB with opacity",
            _saved(rgba, "WEBP", lossless=True, exact=True),
            "colour-over-black",
            ROUNDED,
        ),
        # Chromium 156 takes the opacity of an AVIF for a limited range: 64 as 56.
        Golden(
            "transparent.avif",
            "RGB with opacity",
            _saved(rgba, "AVIF", **AVIF),
            "colour-over-black",
            2 * LOSSY,
        ),
    ]
    table, places = _palette(rgba)
    chunks = {b"PLTE": table[:, :3].tobytes(), b"tRNS": table[:, 3].tobytes()}
    found.append(
        Golden(
            "transparent_palette.png",
            "palette with opacity",
            png(places, chunks, 3),
            "colour-over-black",
            ROUNDED,
        )
    )
    holed = _palette(colour * (opaque[..., None] > 0))
    stream = io.BytesIO()
    flat = Image.fromarray(holed[1]).convert("P")
    flat.putpalette(
        np.maximum(holed[0], 9 * (holed[0].sum(axis=1, keepdims=True) == 0)).astype(np.uint8).tobytes()
    )
    flat.save(stream, "GIF", transparency=0)
    found.append(Golden("transparent.gif", "a transparent colour", stream.getvalue(), "holed", LOSSLESS))
    return found


def _deep() -> list[Golden]:
    colour, grey = colours().astype(np.uint16), greys().astype(np.uint16)
    # Off the multiples of 257, so that rounding and cutting off differ.
    wide, coloured = grey * 257 - 100, colour * 257 - 100
    twelve, coloured_twelve = _of_bits(grey, 12), _of_bits(colour, 12)
    low = "levels 0..4095 in 16 bits: 4095 is white"
    return [
        Golden("16_bits_grey.png", "16 bits, grey", png(wide), "grey", ROUNDED),
        Golden("16_bits.png", "16 bits, RGB", png(coloured), "colour", ROUNDED),
        Golden(
            "16_bits_transparent.png",
            "16 bits, RGB with opacity",
            png(np.dstack([coloured, opacity().astype(np.uint16) * 257])),
            "colour-over-black",
            2 * ROUNDED,
        ),
        Golden(
            "12_bits_as_16.png",
            "16 bits of which the chunk sBIT calls 12 significant, levels up to 65535: 16 bits as any",
            png(_of_bits(grey, 12) * 16 + _of_bits(grey, 12) // 256, {b"sBIT": b"\x0c"}),
            "grey",
            ROUNDED,
        ),
        Golden("12_in_16_bits_grey.png", low, png(twelve), "grey", LOSSLESS, page=False, android=False),
        Golden("12_in_16_bits.png", low, png(coloured_twelve), "colour", LOSSLESS, page=False, android=False),
        Golden(
            "10_in_16_bits_grey.png",
            "levels 0..1023 in 16 bits: 1023 is white",
            png(_of_bits(grey, 10)),
            "grey",
            LOSSLESS,
            page=False,
            android=False,
        ),
        _tiff("16_bits_grey.tif", "16 bits, grey", _saved(wide, "TIFF"), "grey"),
        _tiff("12_in_16_bits_grey.tif", low, _saved(twelve, "TIFF"), "grey"),
        _tiff(
            "14_in_16_bits_grey.tif",
            "tag MaxSampleValue 16383: that is white",
            _saved(_of_bits(grey, 14), "TIFF", tiffinfo={281: 16383}),
            "grey",
        ),
    ]


def _of_32_bits() -> list[Golden]:
    grey = greys()
    shares = (grey / 255).astype(np.float32)
    return [
        _tiff("32_bits.tif", "32-bit integers, levels 0..255", _saved(grey.astype(np.int32), "TIFF"), "grey"),
        _tiff(
            "32_bits_of_16.tif",
            "32-bit integers, levels 0..65535",
            _saved(grey.astype(np.int32) * 257, "TIFF"),
            "grey",
        ),
        _tiff("float.tif", "floats 0..1", _saved(shares, "TIFF"), "grey"),
        _tiff("float_to_255.tif", "floats 0..255", _saved(grey.astype(np.float32), "TIFF"), "grey"),
        _tiff(
            "float_unknown.tif",
            "floats -500..2000: of unknown range, refused",
            _saved(shares * 2500 - 500, "TIFF"),
            None,
        ),
        _tiff("float_nan.tif", "floats 0..1 and a NaN: refused", _saved(_with_nan(shares), "TIFF"), None),
    ]


def _plain() -> list[Golden]:
    colour, grey = colours(), greys()
    table, places = _palette(colour)
    bits = np.packbits(grey > 127, axis=1)
    return [
        Golden("plain.png", "RGB, 8 bits", png(colour), "colour", LOSSLESS),
        Golden("grey.png", "grey, 8 bits", png(grey), "grey", LOSSLESS),
        Golden("grey.jpg", "grey", _saved(grey, "JPEG", quality=95), "grey", LOSSY),
        Golden("palette.png", "palette", png(places, {b"PLTE": table.tobytes()}, 3), "colour", LOSSLESS),
        Golden("1_bit.png", "black and white, 1 bit", png(bits, depth=1), "bits", LOSSLESS),
        Golden("ink.jpg", "CMYK as of Adobe (inverted), no profile", _ink_jpeg(), "ink", LOSSY),
    ]


def _animated() -> list[Golden]:
    colour = colours()
    later = Image.fromarray(255 - colour)

    def film(form: str, **options: Any) -> bytes:
        return _saved(colour, form, save_all=True, append_images=[later], duration=500, loop=0, **options)

    flat = Image.fromarray(colour).quantize(64, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    flat.save(
        stream, "GIF", save_all=True, append_images=[later.quantize(64)], duration=500, loop=0, disposal=1
    )
    about = "animation of two frames: the first"
    return [
        Golden("animated.gif", about, stream.getvalue(), "colour", LOSSLESS),
        Golden("animated.webp", about, film("WEBP", lossless=True), "colour", LOSSLESS),
        Golden("animated.png", about, film("PNG"), "colour", LOSSLESS),
    ]


def _tiff(file: str, about: str, content: bytes, picture: str | None, tolerance: int = LOSSLESS) -> Golden:
    """Neither browsers nor Android read TIFF."""
    if file == "16_bits_grey.tif":
        tolerance = ROUNDED
    return Golden(file, about, content, picture, tolerance, page=False, android=False)


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)
JPEG: dict[str, Any] = {"quality": 95, "subsampling": 0}
AVIF: dict[str, Any] = {"quality": 100, "subsampling": "4:4:4", "speed": 8}


def turned(picture: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Returns how a camera stores an upright picture [H,W,…] under an EXIF orientation."""
    stored: Callable[[NDArray[Any]], NDArray[Any]] = {
        1: lambda image: image,
        2: np.fliplr,
        3: lambda image: np.rot90(image, 2),
        4: np.flipud,
        5: lambda image: image.swapaxes(0, 1),
        6: lambda image: np.rot90(image, 1),
        7: lambda image: np.rot90(image, 2).swapaxes(0, 1),
        8: lambda image: np.rot90(image, -1),
    }[orientation]
    return np.ascontiguousarray(stored(picture))


def ink(colour: Bytes) -> Bytes:
    """Returns uint8 [H,W,4] of RGB [H,W,3]: cyan, magenta, yellow and half of the black that could be."""
    black = (255 - colour.max(axis=2)) // 2
    share = 1 - colour / (255.0 - black[..., None])
    return np.dstack([_bytes(255 * share), black])


def _ink_jpeg() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(ink(colours()), "CMYK").save(stream, "JPEG", quality=95, subsampling=0)
    return stream.getvalue()


def png(
    pixels: NDArray[Any], chunks: dict[bytes, bytes] | None = None, kind: int | None = None, depth: int = 0
) -> bytes:
    """Returns a PNG file, not filtered, of uint8 or uint16 [H,W] or [H,W,2..4].

    chunks: stand before the pixels; kind: PNG's colour type, 3 for a palette; depth: bits a sample, 1 for packed ones.
    """
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if kind is None:
        kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    if depth == 1:
        width *= 8
    header = struct.pack(">IIBBBBB", width, height, depth or 8 * pixels.itemsize, kind, 0, 0, 0)
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).reshape(height, -1)
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows), 9)
    parts = [(b"IHDR", header), *(chunks or {}).items(), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


SRGB_CURVE = (
    b"para"
    + struct.pack(">IHH", 0, 3, 0)
    + struct.pack(
        ">5i", *(round(65536 * value) for value in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    )
)


def _gamma_curve(gamma: float) -> bytes:
    return b"curv" + struct.pack(">IIH", 0, 1, round(256 * gamma)) + b"\0\0"


def profile(curve: bytes, to_xyz: Doubles | None) -> bytes:
    """Returns an ICC profile (version 4) of one curve: a display's with its primaries [3,3], or grey without."""

    def text(content: str) -> bytes:
        return (
            b"mluc"
            + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", 2 * len(content), 28)
            + content.encode("utf-16-be")
        )

    def point(values: Any) -> bytes:
        return b"XYZ " + struct.pack(">I3i", 0, *(round(65536 * float(value)) for value in values))

    tags = [(b"desc", text("golden")), (b"cprt", text("none")), (b"wtpt", point((0.9642, 1.0, 0.8249)))]
    if to_xyz is None:
        tags.append((b"kTRC", curve))
    else:
        tags += [
            (name, point(column)) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), to_xyz.T, strict=True)
        ]
        tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    place, table, body = 132 + 12 * len(tags), b"", b""
    for name, content in tags:
        padded = content + b"\0" * (-len(content) % 4)
        table += struct.pack(">4sII", name, place + len(body), len(content))
        body += padded
    space = b"GRAY" if to_xyz is None else b"RGB "
    header = struct.pack(">I4xI4s4s4s", place + len(body), 0x04000000, b"mntr", space, b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061) + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body


def _managed(colour: Bytes, to_xyz: Doubles, linear: Callable[[Doubles], Doubles]) -> Bytes:
    """Returns in sRGB what levels of other primaries and another curve stand for; what sRGB has not is clipped."""
    return _bytes(255 * _to_srgb(linear(colour / 255) @ to_xyz.T @ np.linalg.inv(SRGB_TO_XYZ).T))


def _from_srgb(share: Doubles) -> Doubles:
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _to_srgb(share: Doubles) -> Doubles:
    share = np.clip(share, 0, 1)
    return np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)


def _bytes(levels: Doubles) -> Bytes:
    rounded: Bytes = np.clip(np.floor(levels + 0.5), 0, 255).astype(np.uint8)
    return rounded


def _of_bits(levels: Levels, bits: int) -> Levels:
    found: Levels = np.floor(levels / 255 * (2**bits - 1) + 0.5).astype(np.uint16)
    return found


def _with_nan(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    shares = shares.copy()
    shares[0, 0] = np.nan
    return shares


def _palette(colour: Bytes) -> tuple[Bytes, Bytes]:
    """Returns the distinct colours of a picture [N,C] and their places [H,W]."""
    table, places = np.unique(colour.reshape(-1, colour.shape[2]), axis=0, return_inverse=True)
    return table, places.reshape(colour.shape[:2]).astype(np.uint8)


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return exif.tobytes()


def _saved(pixels: NDArray[Any], form: str, tiffinfo: dict[int, int] | None = None, **options: Any) -> bytes:
    stream = io.BytesIO()
    if tiffinfo:
        options["tiffinfo"] = TiffImagePlugin.ImageFileDirectory_v2()
        for tag, value in tiffinfo.items():
            options["tiffinfo"][tag] = value
    Image.fromarray(pixels).save(stream, form, **options)
    return stream.getvalue()


def golden_decoding(files: list[Golden]) -> dict[str, Any]:
    """Returns golden_decoding.json for these files."""

    def entry(golden: Golden) -> dict[str, Any]:
        read = {
            "python": golden.picture is not None,
            "page": golden.page,
            "android": golden.android,
        }
        return {
            "file": golden.file,
            "form": golden.form,
            "about": golden.about,
            "picture": golden.picture,
            "tolerance": golden.tolerance,
            **{runtime: "pixels" if reads else "refused" for runtime, reads in read.items()},
        }

    return {
        "format": 1,
        "pictures": {
            name: {
                "width": picture.shape[1],
                "height": picture.shape[0],
                "channels": 1 if picture.ndim == 2 else 3,
                "rows": [row.tobytes().hex() for row in picture],
            }
            for name, picture in pictures().items()
        },
        "files": [entry(golden) for golden in files],
    }


def write(folder: Path = FOLDER) -> Path:
    """Writes the golden pictures and returns the path of their JSON."""
    files = goldens()
    folder.mkdir(parents=True, exist_ok=True)
    for golden in files:
        (folder / golden.file).write_bytes(golden.content)
    write_json(folder / NAME, golden_decoding(files))
    return folder / NAME
