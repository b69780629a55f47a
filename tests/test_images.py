"""Pictures in, pixels out: every format and mode against what was put in, and every refusal."""

import io
import re
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import GifImagePlugin, Image

from convviz import picture_reader, tiff_child
from convviz.images import BUILT_INS, PLANES, ImageError, built_in, plane, read_image, resize

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
GREY = np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)
COLOUR = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def in_three(grey):
    return np.repeat(np.asarray(grey, dtype=np.uint8)[:, :, np.newaxis], 3, axis=2)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, depth, colour, rows, *extra, compressed=None):
    """Write a PNG by hand: rows of packed bytes, extra chunks before the pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(chunk(*one) for one in extra)
        + chunk(b"IDAT", pixels if compressed is None else compressed)
        + chunk(b"IEND", b"")
    )


def tiff(width, height, bits, pixels, photometric=1, kind=3, extra=()):
    """Write a little-endian grey TIFF of one uncompressed strip by hand."""
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, bits),
        (259, 3, 1, 1),
        (262, 3, 1, photometric),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, len(pixels)),
        *extra,
    ]
    table = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    pixels += b"\0" * (len(pixels) % 2)
    head = b"II*\0" + struct.pack("<I", 8 + len(pixels))
    return head + pixels + struct.pack("<H", len(tags)) + table + b"\0\0\0\0"


def refusal(data):
    """Return the one sentence with which a file is refused."""
    with pytest.raises(ImageError) as caught:
        read_image(data)
    message = str(caught.value)
    assert re.fullmatch(r"[A-Z][^\n]*[^.\n]\.", message), message
    return message


# ---- formats and modes ----


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_colours_come_back_exactly_from_lossless_files(kind):
    pixels = read_image(saved(Image.fromarray(COLOUR), kind, lossless=True))
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels, COLOUR)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_comes_back_exactly(kind):
    np.testing.assert_array_equal(read_image(saved(Image.fromarray(GREY), kind)), in_three(GREY))


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


# ---- refusals ----


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
            f"This {kind} is 30000 x 30000 pixels, more than the 16.8 million allowed: "
            "make it smaller first."
        )
    for kind, data in headers(30000, 20):
        assert refusal(data).startswith(f"This {kind} is 30000 x 20 pixels, and 20000 is the most")


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
    assert "This GIF is 20001 x 5 pixels" in refusal(data)


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


# ---- the process in which a TIFF is decoded ----

CHILD = Path(tiff_child.__file__)
SMALL_TIFF = saved(Image.fromarray(COLOUR), "TIFF")


def test_tiff_is_read_from_any_folder_whatever_lies_in_it(tmp_path, monkeypatch):
    for name in ("PIL.py", "struct.py", "io.py", "resource.py"):
        (tmp_path / name).write_text("raise SystemExit('wrong file')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    np.testing.assert_array_equal(read_image(SMALL_TIFF), COLOUR)


def test_the_child_loads_pillow_and_nothing_of_ours():
    pillow = Path(PIL.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", str(CHILD), str(pillow)],
        input=SMALL_TIFF,
        capture_output=True,
        check=True,
    )
    head, _, pixels = done.stdout.partition(b"\n")
    assert head == b"ok RGB 7 5 65535"
    assert pixels == COLOUR.tobytes()
    loaded = {line.split("|")[-1].strip() for line in done.stderr.decode().splitlines()}
    assert "PIL.TiffImagePlugin" in loaded
    assert not {"numpy", "streamlit", "convviz"} & {name.split(".")[0] for name in loaded}


def test_the_child_is_limited():
    check = (
        f"import sys; sys.path.insert(0, {str(CHILD.parent)!r}); import tiff_child, resource\n"
        "assert tiff_child.limit()\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU) == (10, 10)\n"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE) == (0, 0)\n"
        "bytearray(tiff_child.MEMORY)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", check], capture_output=True, check=False)
    assert done.stderr.strip().endswith(b"MemoryError")


def test_a_child_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(picture_reader, "TIFF_SECONDS", 0.001)
    assert "too much memory or time" in refusal(SMALL_TIFF)


def test_many_can_read_at_the_same_time():
    files = [SMALL_TIFF, saved(Image.fromarray(COLOUR), "PNG")] * 4
    with ThreadPoolExecutor(8) as pool:
        for pixels in pool.map(read_image, files):
            np.testing.assert_array_equal(pixels, COLOUR)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (b"", "too much memory or time"),
        (b"no memory\n", "too much memory or time"),
        (b"no limits\n", "TIFF pictures cannot be read on this system"),
        (b"ok RGB 30000 30000 65535\n", "30000 x 30000 pixels"),
        (b"ok RGB 2 2 65535\n12345678901", "damaged"),
        (b"ok F 1 1 65535\n1234", "too much memory or time"),
        (b"no size many few\n", "damaged"),
        (b"no mode <b>\n", "too much memory or time"),
    ],
)
def test_the_child_is_not_believed(reply, sentence, monkeypatch):
    monkeypatch.setattr(picture_reader, "_ask_child", lambda data: reply)
    assert sentence in refusal(SMALL_TIFF)


def test_tiff_is_refused_where_no_limited_process_can_be_had(monkeypatch):
    sentence = "TIFF pictures cannot be read on this system"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "emscripten")
        assert refusal(SMALL_TIFF).startswith(sentence)
    with monkeypatch.context() as patch:  # as on Windows
        patch.setattr(picture_reader.importlib.util, "find_spec", lambda name: None)
        assert refusal(SMALL_TIFF).startswith(sentence)


# ---- built-in inputs ----

NUMBERS = [row.id for row in BUILT_INS if row.kind == "numbers"]
PICTURES = [row.id for row in BUILT_INS if row.kind == "picture"]


def test_ids():
    assert " ".join(NUMBERS) == (
        "classic edge uniform impulse step checkerboard letter-f gradient random"
    )
    assert {"scene", "text", "zone-plate", "colour-wheel", "portrait", "tiny"} <= set(PICTURES)
    assert len(NUMBERS) + len(PICTURES) == len(BUILT_INS) == len({row.id for row in BUILT_INS})


@pytest.mark.parametrize("row", BUILT_INS, ids=lambda row: row.id)
def test_every_built_in(row):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.id)
    assert row.name
    assert row.about.endswith(".")
    array = built_in(row.id)
    if row.kind == "numbers":
        assert array.dtype == np.float64
        assert max(array.shape) <= 8
        assert set(array.ravel().tolist()) <= set(range(10))
    else:
        assert array.dtype == np.uint8
        assert array.shape[2:] == (3,)
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 0
    np.testing.assert_array_equal(built_in(row.id), array)


def test_numbers_that_are_worked_by_hand():
    # Dumoulin & Visin (2016), figure 1.1.
    assert built_in("classic").tolist() == [
        [3, 3, 2, 1, 0],
        [0, 0, 1, 3, 1],
        [3, 1, 2, 2, 3],
        [2, 0, 0, 2, 2],
        [2, 0, 0, 0, 1],
    ]
    assert (built_in("uniform") == np.full((5, 5), 7)).all()
    assert built_in("impulse").sum() == built_in("impulse")[3, 3] == 1
    assert (built_in("edge") == built_in("edge")[:1]).all()
    assert built_in("edge")[0].tolist() == [0, 0, 0, 9, 9, 9]
    assert (built_in("step") == 9 * np.tri(6)).all()
    assert (np.diff(built_in("gradient"), axis=1) == 1).all()
    assert (built_in("checkerboard") == 9 * (np.indices((8, 8)).sum(axis=0) % 2)).all()


def test_the_letter_f_is_unlike_itself_in_every_mirror_and_turn():
    letter = built_in("letter-f")
    others = [np.fliplr(letter), np.flipud(letter), np.rot90(letter, 2)]
    assert not any(np.array_equal(letter, other) for other in others)
    assert letter.shape[0] != letter.shape[1]


def test_random_digits_stay_the_same_for_ever():
    # Links carry the seed: these rows were written down once and must not change.
    assert built_in("random")[0].tolist() == [5, 9, 1, 9, 3, 4, 8, 4]
    assert built_in("random", seed=2**70)[0].tolist() == [5, 9, 4, 9, 6, 5, 0, 2]
    assert not np.array_equal(built_in("random", seed=2), built_in("random", seed=3))
    np.testing.assert_array_equal(built_in("random"), built_in("random", seed=1))
    with pytest.raises(ValueError, match="seed is -1"):
        built_in("random", seed=-1)
    with pytest.raises(TypeError):
        built_in("random", seed=1.5)


def test_unknown_built_in():
    with pytest.raises(ValueError, match=r"'mona-lisa': choose one of classic, edge, .*tiny"):
        built_in("mona-lisa")
    with pytest.raises(ValueError, match="no built-in input"):
        built_in("../scene")


# ---- planes and sizes ----


def test_planes():
    assert PLANES == ("grey", "red", "green", "blue")
    for band, name in enumerate(("red", "green", "blue")):
        np.testing.assert_array_equal(plane(COLOUR, name), COLOUR[:, :, band])
        assert not np.shares_memory(plane(COLOUR, name), COLOUR)
    luma = COLOUR.astype(float) @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(plane(COLOUR, "grey"), luma, atol=0.51)
    np.testing.assert_array_equal(plane(in_three(GREY), "grey"), GREY)


def test_what_has_no_planes():
    with pytest.raises(ValueError, match="no plane 'alpha': choose one of grey, red, green, blue"):
        plane(COLOUR, "alpha")
    for wrong in (GREY, COLOUR.astype(float), np.zeros((2, 2, 4), np.uint8)):
        with pytest.raises(ValueError, match="is needed"):
            plane(wrong, "grey")


def test_resize_takes_the_mean_of_what_it_covers():
    # Squares of 3 x 3: the mean of nine numbers each.
    fine = np.random.default_rng(3).integers(0, 256, (30, 60), dtype=np.uint8)
    means = fine.reshape(10, 3, 20, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(fine, 20), means, atol=1)
    assert resize(fine, 20).shape == (10, 20)
    # Sizes that do not divide: still the whole picture, and still its mean.
    assert resize(fine, 17).shape == (9, 17)
    assert abs(resize(fine, 17).mean() - fine.mean()) < 2


def test_resize_keeps_flat_areas_and_colours():
    assert (resize(np.full((40, 31), 77, np.uint8), 13) == 77).all()
    small = resize(np.kron(COLOUR, np.ones((4, 4, 1), np.uint8)), 7)
    np.testing.assert_array_equal(small, COLOUR)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 80))
def test_resize_shapes(height, width, longest):
    small = resize(np.zeros((height, width), np.uint8), longest)
    assert small.dtype == np.uint8
    assert max(small.shape) == min(longest, max(height, width))
    assert min(small.shape) >= 1
    for n, original in zip(small.shape, (height, width), strict=True):
        assert n <= original
        scale = max(small.shape) / max(height, width)
        assert n == 1 or abs(n - original * scale) <= 0.5


def test_resize_to_nothing():
    with pytest.raises(ValueError, match="longest is 0"):
        resize(GREY, 0)
