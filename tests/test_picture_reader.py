"""Every format and mode of picture file: the pixels that come out are those that were put in."""

import io
import struct

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

from convviz.images import read_image
from tests.picture_files import (
    BLUE,
    COLOUR,
    GREEN,
    GREY,
    RED,
    in_three,
    png,
    saved,
    tiff,
)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_colours_come_back_exactly_from_lossless_files(kind):
    pixels = read_image(saved(Image.fromarray(COLOUR), kind, lossless=True))
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels, COLOUR)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_comes_back_exactly(kind):
    np.testing.assert_array_equal(read_image(saved(Image.fromarray(GREY), kind)), in_three(GREY))


def test_a_tall_picture_has_every_row():
    # More than are read together; the last ones are fewer.
    pixels = np.random.default_rng(4).integers(0, 256, (700, 9, 3), np.uint8)
    for kind in ("PNG", "BMP"):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, kind)
        np.testing.assert_array_equal(read_image(file.getvalue()), pixels)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_one_bit_is_black_and_white(kind):
    bits = np.eye(4, 9, dtype=bool)
    pixels = read_image(saved(Image.fromarray(bits), kind))
    np.testing.assert_array_equal(pixels, in_three(bits * 255))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_palette(kind):
    image = Image.new("P", (3, 1))
    image.putpalette([*RED, *GREEN, *BLUE])
    image.putdata([2, 0, 1])
    assert read_image(saved(image, kind)).tolist() == [[list(BLUE), list(RED), list(GREEN)]]


def test_jpeg_is_near_what_was_saved():
    # Blocks of 16 x 16, so that each 8 x 8 block of the file holds one colour.
    blocks = np.kron(COLOUR[:3, :3], np.ones((16, 16, 1), dtype=np.uint8))
    pixels = read_image(saved(Image.fromarray(blocks), "JPEG", quality=95, subsampling=0))
    assert pixels.shape == blocks.shape
    assert np.abs(pixels.astype(int) - blocks).max() <= 4


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_divided_by_257(kind):
    values = np.array([[0, 128, 129, 4660, 32768, 65535]], dtype=np.uint16)
    # By hand: 128/257 = 0.498, 129/257 = 0.502, 4660/257 = 18.13, 32768/257 = 127.50.
    pixels = read_image(saved(Image.fromarray(values), kind))
    np.testing.assert_array_equal(pixels, in_three([[0, 0, 1, 18, 128, 255]]))


def test_16_bit_tiff_in_the_other_byte_order():
    image = Image.frombytes("I;16B", (2, 1), b"\x12\x34\xff\xff")
    assert read_image(saved(image, "TIFF"))[0, :, 0].tolist() == [18, 255]


def test_tiff_with_white_as_zero():
    assert read_image(tiff(2, 1, 8, b"\x00\xf0", photometric=0))[0, :, 0].tolist() == [255, 15]
    pixels = struct.pack("<2H", 0, 65535 - 4660)
    assert read_image(tiff(2, 1, 16, pixels, photometric=0))[0, :, 0].tolist() == [255, 18]


def test_tiff_of_12_bits():
    # Two pixels in three bytes: 0x800 = 2048 and 0xfff = 4095; 2048 * 255 / 4095 = 127.53.
    assert read_image(tiff(2, 1, 12, b"\x80\x0f\xff"))[0, :, 0].tolist() == [128, 255]


def test_16_bit_colour_keeps_the_high_bytes():
    row = struct.pack(">6H", 0x1234, 0x80FF, 0, 0xFFFF, 0x0100, 0x00FF)
    assert read_image(png(2, 1, 16, 2, [row])).tolist() == [[[0x12, 0x80, 0], [255, 1, 0]]]


def over_white(colour, alpha):
    return [round((c * alpha + 255 * (255 - alpha)) / 255) for c in colour]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_alpha_lies_over_white(kind):
    colours = [(200, 100, 0, 255), (200, 100, 0, 128), (200, 100, 0, 1), (200, 100, 0, 0)]
    image = Image.new("RGBA", (4, 1))
    image.putdata(colours)
    pixels = read_image(saved(image, kind, lossless=True, exact=True))
    expected = [over_white(c[:3], c[3]) for c in colours]
    np.testing.assert_allclose(pixels[0].astype(int), expected, atol=1)
    assert pixels[0, 3].tolist() == [255, 255, 255]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_with_alpha(kind):
    image = Image.new("LA", (3, 1))
    image.putdata([(40, 255), (40, 0), (40, 128)])
    pixels = read_image(saved(image, kind))[0, :, 0]
    assert pixels.tolist() == [40, 255, over_white([40], 128)[0]]


def test_palette_with_transparency():
    image = Image.new("P", (3, 1))
    image.putpalette([*RED, *GREEN, *BLUE])
    image.putdata([2, 0, 1])
    for kind in ("PNG", "GIF"):
        pixels = read_image(saved(image, kind, transparency=0))
        assert pixels.tolist() == [[list(BLUE), [255, 255, 255], list(GREEN)]]
    half = read_image(saved(image, "PNG", transparency=bytes([255, 128, 0])))
    assert half.tolist() == [[[255, 255, 255], list(RED), over_white(GREEN, 128)]]


@pytest.mark.parametrize(
    ("depth", "colour", "row", "clear", "expected"),
    [
        (1, 0, b"\x00", b"\0\0", 255),  # one black pixel, and black is clear
        (2, 0, b"\x40", b"\0\1", 255),  # 1 of 3, that is 85, is clear
        (2, 0, b"\x40", b"\0\2", 85),
        (4, 0, b"\x10", b"\0\1", 255),  # 1 of 15, that is 17, is clear
        (8, 0, b"\x40", b"\0\x40", 255),
        (16, 0, b"\x12\x34", b"\x12\x34", 255),
        (16, 0, b"\x12\x34", b"\x12\x35", 18),
        (16, 2, b"\x12\x34" * 3, b"\x12\x34" * 3, 255),
        (8, 2, b"\x12\x12\x12", b"\0\x12" * 3, 255),
    ],
)
def test_png_with_one_transparent_colour(depth, colour, row, clear, expected):
    pixels = read_image(png(1, 1, depth, colour, [row], (b"tRNS", clear)))
    assert pixels.tolist() == [[[expected] * 3]]


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_cmyk(kind):
    # A JPEG in CMYK is Adobe's, which stores 255 - ink; read the plain way it would be a negative.
    ink = (200, 30, 0, 50)
    data = saved(Image.new("CMYK", (16, 16), ink), kind)
    assert kind == "TIFF" or b"Adobe" in data
    expected = [(255 - c) * (255 - ink[3]) / 255 for c in ink[:3]]
    np.testing.assert_allclose(read_image(data)[8, 8], expected, atol=3)


TURNS = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: np.rot90,
}


@pytest.mark.parametrize("orientation", TURNS)
def test_exif_orientation(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = TURNS[orientation](COLOUR)
    for kind in ("PNG", "WEBP"):
        data = saved(Image.fromarray(COLOUR), kind, exif=exif, lossless=True)
        np.testing.assert_array_equal(read_image(data), upright)


def test_exif_orientation_of_photos():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_image(saved(Image.new("RGB", (32, 16)), "JPEG", exif=exif)).shape == (32, 16, 3)
    data = saved(Image.fromarray(COLOUR), "TIFF", exif=exif)
    np.testing.assert_array_equal(read_image(data), np.rot90(COLOUR, -1))


def test_damaged_exif_does_not_cost_the_picture():
    data = saved(Image.fromarray(COLOUR), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7fgarbage")
    np.testing.assert_array_equal(read_image(data), COLOUR)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_only_the_first_frame_is_read(kind, monkeypatch):
    frames = [Image.new("RGB", (3, 2), colour) for colour in (RED, GREEN, BLUE)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)

    def counted(self):
        raise AssertionError("n_frames decodes every frame")

    monkeypatch.setattr(GifImagePlugin.GifImageFile, "n_frames", property(counted))
    assert read_image(data).tolist() == [[list(RED)] * 3] * 2


def test_an_mpo_from_a_camera_gives_its_first_picture():
    first, second = (Image.new("RGB", (16, 16), colour) for colour in (RED, BLUE))
    pixels = read_image(saved(first, "MPO", save_all=True, append_images=[second]))
    np.testing.assert_allclose(pixels[8, 8], RED, atol=3)


def test_the_name_of_the_format_is_taken_from_the_bytes():
    data = saved(Image.fromarray(COLOUR), "PNG")
    np.testing.assert_array_equal(read_image(bytearray(data)), COLOUR)
    np.testing.assert_array_equal(read_image(memoryview(data)), COLOUR)


def test_what_is_returned_is_an_array_of_its_own():
    pixels = read_image(saved(Image.fromarray(COLOUR), "PNG", pnginfo=None))
    assert type(pixels) is np.ndarray
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable
