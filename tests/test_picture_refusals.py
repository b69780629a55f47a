"""Picture files that are refused: each with one sentence, and with nothing but an ImageError."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from convviz import picture_reader, tiff_child
from convviz.images import ImageError, read_image
from tests.picture_files import (
    COLOUR,
    png,
    refusal,
    saved,
    tiff,
)


def test_not_a_picture():
    assert refusal(b"") == "This file is empty: choose a PNG, JPEG, WebP, BMP, GIF or TIFF."
    for data in (b"hello, I am called picture.png", b"\0" * 100, b"<svg/>", b"%PDF-1.7"):
        assert refusal(data).startswith("This file is not a picture we can read (PNG, JPEG, WebP")
    assert "HEIC" in refusal(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    with pytest.raises(TypeError, match="not str"):
        read_image("picture.png")


def test_more_than_10_mb():
    head = b"\x89PNG\r\n\x1a\n"
    assert "This file has 10.0 MB, more than the 10 MB" in refusal(
        head.ljust(10 * 2**20 + 1, b"\0")
    )
    assert "PNG is damaged" in refusal((head + b"IEND").ljust(10 * 2**20, b"\0"))


def headers(width, height):
    """Yield files that state a size and have next to no pixels."""
    yield "PNG", png(width, height, 8, 0, [b"\0"])
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    yield (
        "JPEG",
        b"\xff\xd8\xff\xe0\0\4ab\xff\xff\xc0" + struct.pack(">H", 11) + frame + b"\xff\xda",
    )
    yield "GIF", b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0,"
    info = struct.pack("<IiiHHIIiiII", 40, width, -height, 1, 24, 0, 0, 0, 0, 0, 0)
    yield "BMP", b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    yield "WebP", b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X\x0a\0\0\0\0\0\0\0" + canvas
    yield "TIFF", tiff(width, height, 8, b"\0\0")


def test_too_many_pixels_is_said_before_anything_is_decoded(monkeypatch):
    monkeypatch.setattr(picture_reader, "_open", None)
    for kind, data in headers(30000, 30000):
        assert refusal(data) == (
            f"This {kind} is 30000 × 30000 pixels, more than the 16.8 million allowed: "
            "make it smaller first."
        )
    for kind, data in headers(30000, 20):
        assert refusal(data).startswith(f"This {kind} is 30000 × 20 pixels, and 20000 is the most")


def test_the_limits_themselves():
    assert not tiff_child.too_large(4200, 4000)
    assert tiff_child.too_large(4200, 4001)
    assert not tiff_child.too_large(20000, 1)
    assert tiff_child.too_large(1, 20001)
    assert tiff_child.too_large(0, 5)


def test_sizes_that_the_short_webp_headers_state():
    for lossless, name in ((True, b"VP8L"), (False, b"VP8 ")):
        data = saved(Image.new("RGB", (301, 17)), "WEBP", lossless=lossless)
        assert data[12:16] == name
        assert picture_reader.stated_size("WebP", data) == (301, 17)


def test_a_size_that_only_a_gif_frame_states():
    frame = b"," + struct.pack("<HHHH", 0, 0, 20001, 1) + b"\0\2"
    data = b"GIF89a" + struct.pack("<HH", 5, 5) + b"\0\0\0" + frame + b"\0;"
    assert "This GIF is 20001 × 5 pixels" in refusal(data)


NOISE = Image.fromarray(np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WebP"])
def test_files_that_were_cut_off(kind):
    data = saved(NOISE, kind)
    for share in (0.5, 0.9):
        message = refusal(data[: int(len(data) * share)])
        assert message.startswith(f"The {kind} ends too early"), message
    for length in range(10, 60, 3):  # in the middle of the header
        refusal(data[:length])


def test_truncated_and_junk_tiff():
    data = saved(NOISE, "TIFF")
    assert refusal(data[:5000]).startswith("The TIFF is damaged or ends too early")
    assert refusal(b"II*\0" + b"\x08\0\0\0" + b"junk" * 50).startswith("The TIFF is damaged")


def test_wrong_checksum():
    data = bytearray(png(2, 1, 8, 0, [b"\1\2"]))
    assert read_image(bytes(data)).shape == (1, 2, 3)
    data[-13] ^= 1  # the last byte of the checksum of the pixels
    assert refusal(bytes(data)).startswith("The PNG is damaged")


def test_text_that_unpacks_to_too_much():
    rows = [b"\1"]
    text = (b"zTXt", b"a\0\0" + zlib.compress(b"x" * 600_000))
    assert read_image(png(1, 1, 8, 0, rows, text)).shape == (1, 1, 3)
    assert "damaged" in refusal(png(1, 1, 8, 0, rows, text, text))
    huge = (b"zTXt", b"a\0\0" + zlib.compress(b"x" * 50_000_000))
    assert "damaged" in refusal(png(1, 1, 8, 0, rows, huge))


def test_jpeg_of_very_many_scans():
    data = saved(Image.new("L", (64, 64), 128), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert "more than 300 scans" in refusal(data[:-2] + last * 400 + b"\xff\xd9")


def test_pixels_without_a_known_brightness_are_refused():
    assert "floating-point" in refusal(saved(Image.new("F", (2, 2)), "TIFF"))
    assert "32-bit" in refusal(saved(Image.new("I", (2, 2)), "TIFF"))
    assert "Lab" in refusal(saved(Image.new("LAB", (2, 2)), "TIFF"))


def test_memory_error_is_a_sentence(monkeypatch):
    def greedy(kind, data):
        raise MemoryError

    monkeypatch.setattr(picture_reader, "_open", greedy)
    assert "too much memory" in refusal(saved(NOISE, "GIF"))


SAMPLES = [
    saved(Image.fromarray(COLOUR), kind, **options)
    for kind, options in (
        ("PNG", {}),
        ("JPEG", {"progressive": True, "exif": Image.Exif()}),
        ("GIF", {}),
        ("BMP", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    )
] + [saved(Image.fromarray(COLOUR).convert("P"), "PNG", transparency=3)]


@settings(max_examples=200)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_changed_file_is_a_picture_or_an_image_error(data, draw):
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 5))):
        changed[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    changed = changed[: draw.draw(st.integers(len(data) // 2, len(data)))]
    if picture_reader._SIGNATURES["TIFF"].match(changed):
        return
    try:
        pixels = read_image(bytes(changed))
    except ImageError:
        return
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3


HEADS = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x40\0\0\0WEBPVP8 ", b"BM", b"GIF89a"]


@settings(max_examples=200)
@given(st.sampled_from(HEADS), st.binary(max_size=200))
def test_random_bytes_are_refused(head, tail):
    if not picture_reader._SIGNATURES["TIFF"].match(head + tail):
        refusal(head + tail)


@settings(max_examples=6)
@given(st.binary(max_size=200))
def test_random_tiffs_are_refused(tail):
    refusal(b"II*\0" + tail)
