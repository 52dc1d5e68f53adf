"""Picture files of any kind → pixels (face_emotion.pictures) → a 48×48 grey face (model_build.data.pictures)."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from face_emotion.pictures import pixels_of, read_pixels
from model_build.data.pictures import face_of, grey_levels, read_face


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    """Returns random bytes of this shape."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def saved(tmp_path, picture: Image.Image, name: str = "a.png", **options):
    """Saves a picture and returns its path."""
    picture.save(tmp_path / name, **options)
    return tmp_path / name


def test_a_48_pixel_grey_picture_is_taken_as_it_is(tmp_path):
    pixels = noise(48, 48)
    face = read_face(saved(tmp_path, Image.fromarray(pixels)))
    assert face.dtype == np.uint8
    assert np.array_equal(face, pixels)


def test_colour_is_weighted_by_the_contract(tmp_path):
    pixels = noise(48, 48, 3)
    expected = np.floor(pixels @ np.array([0.299, 0.587, 0.114]) + 0.5)
    assert np.array_equal(read_face(saved(tmp_path, Image.fromarray(pixels))), expected)


def test_grey_stays_the_same_in_every_mode_that_can_hold_it(tmp_path):
    grey = Image.fromarray(noise(48, 48))
    for mode in ("LA", "RGB", "RGBA", "CMYK"):
        name = "a.tif" if mode == "CMYK" else "a.png"
        face = read_face(saved(tmp_path, grey.convert(mode), name))
        assert np.abs(face.astype(int) - np.asarray(grey)).max() <= 1, mode


def test_palette_and_one_bit_pictures_are_taken(tmp_path):
    one_bit = Image.fromarray(noise(48, 48)).convert("1")
    assert np.array_equal(read_face(saved(tmp_path, one_bit)), np.asarray(one_bit) * 255)
    palette = Image.fromarray(noise(48, 48, 3)).convert("P")
    expected = grey_levels(np.asarray(palette.convert("RGB")))
    assert np.array_equal(read_face(saved(tmp_path, palette)), expected)


def test_sixteen_bit_grey_is_scaled_to_eight(tmp_path):
    pixels = noise(48, 48)
    wide = Image.fromarray(pixels.astype(np.uint16) * 257)
    assert np.array_equal(read_face(saved(tmp_path, wide)), pixels)
    assert np.array_equal(read_face(saved(tmp_path, wide, "a.tif")), pixels)


def test_transparent_pixels_are_black(tmp_path):
    pixels = np.full((48, 48, 4), 200, np.uint8)
    pixels[:24, :, 3] = 0
    pixels[24:, :, 3] = 255
    face = read_face(saved(tmp_path, Image.fromarray(pixels)))
    assert (face[:24] == 0).all()
    assert (face[24:] == 200).all()


def test_exif_orientation_is_honoured(tmp_path):
    pixels = np.zeros((48, 48), np.uint8)
    pixels[:24] = 255  # bright above
    exif = Image.Exif()
    exif[0x0112] = 3  # turned by 180°
    face = read_face(saved(tmp_path, Image.fromarray(pixels), "a.jpg", exif=exif, quality=95))
    assert face[:20].max() < 30
    assert face[-20:].min() > 225


def test_the_first_frame_of_an_animation_counts(tmp_path):
    frames = [Image.fromarray(np.full((48, 48), level, np.uint8)) for level in (10, 200)]
    path = saved(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:])
    assert (read_face(path) == 10).all()


def test_a_picture_is_averaged_over_areas_of_its_centre_square():
    pixels = noise(96, 160)
    blocks = pixels[:, 32:128].reshape(48, 2, 48, 2).mean(axis=(1, 3))
    assert np.abs(face_of(pixels) - blocks).max() <= 0.5


@pytest.mark.parametrize("size", [(8, 8), (47, 48), (48, 300), (33, 1000), (480, 640)])
def test_every_size_becomes_48_by_48(size):
    assert face_of(noise(*size)).shape == (48, 48)


def test_a_tall_picture_is_taken_block_by_block(tmp_path):
    pixels = noise(700, 60, 3)
    whole = np.floor(pixels @ np.array([0.299, 0.587, 0.114]) + 0.5)
    assert np.array_equal(grey_levels(pixels), whole)


def test_unreadable_pictures_are_refused_with_the_reason(tmp_path):
    good = saved(tmp_path, Image.fromarray(noise(480, 480)), "good.jpg").read_bytes()
    contents = {
        b"": "the file is empty",
        b"no image": "not an image that can be read",
        good[: len(good) // 2]: "not an image that can be read",
        good[:30]: "not an image that can be read",
    }
    for content, reason in contents.items():
        (tmp_path / "bad.jpg").write_bytes(content)
        with pytest.raises(ValueError, match=reason) as caught:
            read_face(tmp_path / "bad.jpg")
        assert "\n" not in str(caught.value)
    for size in ((1, 1), (7, 48), (48, 7)):
        with pytest.raises(ValueError, match=f"{size[1]}×{size[0]} pixels where at least 8"):
            read_face(saved(tmp_path, Image.fromarray(noise(*size))))
    with pytest.raises(ValueError, match="floating-point"):
        read_face(saved(tmp_path, Image.fromarray(np.full((48, 48), -1, np.float32)), "a.tif"))


def test_pixels_are_grey_or_rgb(tmp_path):
    grey, colour = noise(20, 30), noise(20, 30, 3)
    assert np.array_equal(read_pixels(saved(tmp_path, Image.fromarray(grey))), grey)
    assert np.array_equal(read_pixels(saved(tmp_path, Image.fromarray(colour))), colour)
    wide = Image.fromarray(grey.astype(np.uint16) * 257)
    assert np.array_equal(read_pixels(saved(tmp_path, wide)), grey)
    cmyk = read_pixels(saved(tmp_path, Image.fromarray(colour).convert("CMYK"), "a.tif"))
    assert cmyk.shape == (20, 30, 3)
    assert np.abs(cmyk.astype(int) - colour).max() <= 1


def test_translucent_pixels_lie_over_black(tmp_path):
    pixels = noise(300, 9, 4)
    flat = read_pixels(saved(tmp_path, Image.fromarray(pixels)))
    assert np.array_equal(flat, np.rint(pixels[..., :3] * (pixels[..., 3:] / 255)))
    grey = read_pixels(saved(tmp_path, Image.fromarray(pixels[..., 2:], mode="LA")))
    assert np.array_equal(grey, np.rint(pixels[..., 2] * (pixels[..., 3] / 255)))


def test_the_pixels_of_a_picture_in_memory_stand_upright():
    picture = Image.fromarray(noise(20, 30, 3))
    picture.getexif()[0x0112] = 6  # the camera was turned by 90°
    assert np.array_equal(pixels_of(picture), np.rot90(np.asarray(picture), -1))
