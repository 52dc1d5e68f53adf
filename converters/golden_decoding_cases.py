"""The files of the golden pictures, a function a kind: golden_decoding.py writes them."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from converters.golden_decoding_files import SRGB_CURVE, exif, gamma_curve, ink_jpeg, png, profile, saved
from converters.golden_decoding_pattern import (
    ADOBE_TO_XYZ,
    P3_TO_XYZ,
    SRGB_TO_XYZ,
    colours,
    greys,
    of_bits,
    opacity,
    palette,
    turned,
    with_nan,
)
from face_emotion.arrays import Bytes

JPEG: dict[str, Any] = {"quality": 95, "subsampling": 0}
AVIF: dict[str, Any] = {"quality": 100, "subsampling": "4:4:4", "speed": 8}
LOSSLESS, ROUNDED, LOSSY = 0, 1, 6
MANAGED = 2  # two engines round a profile's curves differently
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
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


def goldens() -> list[Golden]:
    """Returns every file."""
    return [*_oriented(), *_profiled(), *_transparent(), *_deep(), *_of_32_bits(), *_plain(), *_animated()]


def _oriented() -> list[Golden]:
    colour = colours()
    found = []
    for orientation in range(1, 9):
        content = saved(turned(colour, orientation), "JPEG", exif=exif(orientation), **JPEG)
        about = f"EXIF orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.jpg", about, content, "colour", LOSSY))
    for orientation in (5, 6, 8):
        content = saved(
            turned(colour, orientation), "WEBP", exif=exif(orientation), lossless=True, exact=True
        )
        about = f"EXIF orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.webp", about, content, "colour", LOSSLESS))
    for orientation in (3, 6):
        content = png(turned(colour, orientation), {b"eXIf": exif(orientation)[6:]})
        about = f"eXIf orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.png", about, content, "colour", LOSSLESS))
    content = saved(turned(colour, 6), "TIFF", tiffinfo={274: 6})
    found.append(_tiff("orientation_6.tif", "tag Orientation 6", content, "colour"))
    for orientation in (5, 6):
        content = saved(turned(colour, orientation), "AVIF", exif=exif(orientation), **AVIF)
        about = f"irot and imir as of EXIF orientation {orientation}"
        found.append(Golden(f"orientation_{orientation}.avif", about, content, "colour", LOSSY))
    content = saved(colour, "JPEG", xmp=XMP, **JPEG)
    found.append(
        Golden("orientation_xmp.jpg", "orientation 6 in XMP only: ignored", content, "colour", LOSSY)
    )
    return [*found, _exif_in_avif()]


def _exif_in_avif() -> Golden:
    # Written as another tag, or the encoder would make an irot of it.
    other = Image.Exif()
    other[275] = 6
    content = saved(colours(), "AVIF", exif=other, **AVIF)
    entry = struct.pack(">HHIH", 275, 3, 1, 6)
    if content.count(entry) != 1:
        raise ValueError("the EXIF of an AVIF is not where it is looked for")
    content = content.replace(entry, struct.pack(">HHIH", 274, 3, 1, 6))
    about = "EXIF orientation 6 without irot: only irot and imir turn an AVIF, EXIF does not"
    return Golden("orientation_ignored.avif", about, content, "colour", LOSSY)


def _profiled() -> list[Golden]:
    colour, grey = colours(), greys()
    p3 = profile(SRGB_CURVE, P3_TO_XYZ)
    adobe = profile(gamma_curve(563 / 256), ADOBE_TO_XYZ)
    srgb, linear_grey = profile(SRGB_CURVE, SRGB_TO_XYZ), profile(gamma_curve(1.0), None)
    linear = profile(gamma_curve(1.0), SRGB_TO_XYZ)
    damaged = p3[: len(p3) // 2]
    chromaticity = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    gamma = struct.pack(">I", 100000)

    def jpeg(
        file: str, about: str, icc: bytes, picture: str, tolerance: int, pixels: Bytes = colour
    ) -> Golden:
        return Golden(file, about, saved(pixels, "JPEG", icc_profile=icc, **JPEG), picture, tolerance)

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
            saved(colour, "WEBP", lossless=True, icc_profile=p3),
            "colour-of-p3",
            managed,
        ),
        Golden(
            "profile_p3.avif",
            "ICC profile Display P3",
            saved(colour, "AVIF", icc_profile=p3, **AVIF),
            "colour-of-p3",
            lossy,
        ),
        _tiff(
            "profile_p3.tif",
            "ICC profile Display P3",
            saved(colour, "TIFF", icc_profile=p3),
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
            saved(rgba, "WEBP", lossless=True, exact=True),
            "colour-over-black",
            ROUNDED,
        ),
        # Chromium 156 takes the opacity of an AVIF for a limited range: 64 as 56.
        Golden(
            "transparent.avif",
            "RGB with opacity",
            saved(rgba, "AVIF", **AVIF),
            "colour-over-black",
            2 * LOSSY,
        ),
    ]
    table, places = palette(rgba)
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
    holed = palette(colour * (opaque[..., None] > 0))
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
    twelve, coloured_twelve = of_bits(grey, 12), of_bits(colour, 12)
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
            png(of_bits(grey, 12) * 16 + of_bits(grey, 12) // 256, {b"sBIT": b"\x0c"}),
            "grey",
            ROUNDED,
        ),
        Golden("12_in_16_bits_grey.png", low, png(twelve), "grey", LOSSLESS, page=False, android=False),
        Golden("12_in_16_bits.png", low, png(coloured_twelve), "colour", LOSSLESS, page=False, android=False),
        Golden(
            "10_in_16_bits_grey.png",
            "levels 0..1023 in 16 bits: 1023 is white",
            png(of_bits(grey, 10)),
            "grey",
            LOSSLESS,
            page=False,
            android=False,
        ),
        _tiff("16_bits_grey.tif", "16 bits, grey", saved(wide, "TIFF"), "grey"),
        _tiff("12_in_16_bits_grey.tif", low, saved(twelve, "TIFF"), "grey"),
        _tiff(
            "14_in_16_bits_grey.tif",
            "tag MaxSampleValue 16383: that is white",
            saved(of_bits(grey, 14), "TIFF", tiffinfo={281: 16383}),
            "grey",
        ),
    ]


def _of_32_bits() -> list[Golden]:
    grey = greys()
    shares = (grey / 255).astype(np.float32)
    return [
        _tiff("32_bits.tif", "32-bit integers, levels 0..255", saved(grey.astype(np.int32), "TIFF"), "grey"),
        _tiff(
            "32_bits_of_16.tif",
            "32-bit integers, levels 0..65535",
            saved(grey.astype(np.int32) * 257, "TIFF"),
            "grey",
        ),
        _tiff("float.tif", "floats 0..1", saved(shares, "TIFF"), "grey"),
        _tiff("float_to_255.tif", "floats 0..255", saved(grey.astype(np.float32), "TIFF"), "grey"),
        _tiff(
            "float_unknown.tif",
            "floats -500..2000: of unknown range, refused",
            saved(shares * 2500 - 500, "TIFF"),
            None,
        ),
        _tiff("float_nan.tif", "floats 0..1 and a NaN: refused", saved(with_nan(shares), "TIFF"), None),
    ]


def _plain() -> list[Golden]:
    colour, grey = colours(), greys()
    table, places = palette(colour)
    bits = np.packbits(grey > 127, axis=1)
    return [
        Golden("plain.png", "RGB, 8 bits", png(colour), "colour", LOSSLESS),
        Golden("grey.png", "grey, 8 bits", png(grey), "grey", LOSSLESS),
        Golden("grey.jpg", "grey", saved(grey, "JPEG", quality=95), "grey", LOSSY),
        Golden("palette.png", "palette", png(places, {b"PLTE": table.tobytes()}, 3), "colour", LOSSLESS),
        Golden("1_bit.png", "black and white, 1 bit", png(bits, depth=1), "bits", LOSSLESS),
        Golden("ink.jpg", "CMYK as of Adobe (inverted), no profile", ink_jpeg(), "ink", LOSSY),
    ]


def _animated() -> list[Golden]:
    colour = colours()
    later = Image.fromarray(255 - colour)

    def film(form: str, **options: Any) -> bytes:
        return saved(colour, form, save_all=True, append_images=[later], duration=500, loop=0, **options)

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
